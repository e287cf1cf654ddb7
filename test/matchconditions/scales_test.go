package matchconditions

import (
	"testing"
)

func TestScalesOfJobManagersAreSelected(t *testing.T) {
	scale := func(name, selector string) string {
		return `{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: ` + name + `}, spec: {replicas: 3}, status: {replicas: 1, selector: "` + selector + `"}}`
	}
	selector := shippedSelector(t)
	for _, resource := range []string{"deployments", "statefulsets"} {
		for sentence, test := range map[string]struct{ scale, want string }{
			"by name":        {scale("flink-jobmanager", "app=a"), "validate-owned"},
			"by selector":    {scale("demo", "app=demo,component=jobmanager,type=flink-native-kubernetes"), "validate-owned"},
			"a TaskManager":  {scale("flink-taskmanager", "app=flink,component=taskmanager"), nobody},
			"something else": {scale("web", "app=web"), nobody},
			"no status":      {`{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: web}, spec: {replicas: 3}}`, nobody},
		} {
			if got := selected(t, selector, scaling(t, resource, test.scale)); got != test.want {
				t.Errorf("%s of %s: selected by %q, want %q", sentence, resource, got, test.want)
			}
		}
	}
}
