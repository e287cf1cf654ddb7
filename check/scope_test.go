package check

import (
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// TestScope has a few objects of each kind. That all others are told apart as the API server does it is tested with its own code.
func TestScope(t *testing.T) {
	nobody, everybody := admission.Reach{}, admission.Reach{Mutate: true, Validate: true}
	for name, tc := range map[string]struct {
		resource, object string
		want             admission.Reach
	}{
		"configuration":                  {"configmaps", "data: {flink-conf.yaml: ''}", everybody},
		"another config.yaml":            {"configmaps", "data: {config.yaml: 'server: {port: 1}'}", nobody},
		"options in config.yaml":         {"configmaps", "data: {config.yaml: 'jobmanager: {}'}", everybody},
		"declared":                       {"configmaps", "metadata: {annotations: {flink-ha.dev/configuration: 'true'}}", everybody},
		"declared to be none":            {"configmaps", "metadata: {annotations: {flink-ha.dev/configuration: 'false'}}\ndata: {flink-conf.yaml: ''}", nobody},
		"the operator's":                 {"configmaps", "metadata: {name: flink-operator-config}\ndata: {flink-conf.yaml: ''}", nobody},
		"HA state":                       {"configmaps", "metadata: {name: a-cluster-config-map, labels: {type: flink-native-kubernetes}}", nobody},
		"HA state with a mark":           {"configmaps", "metadata: {name: a-cluster-config-map, labels: {type: flink-native-kubernetes, kapp.k14s.io/app: a}}", admission.Reach{Validate: true}},
		"HA state of somebody":           {"configmaps", "metadata: {name: a-cluster-config-map, ownerReferences: [{name: a}]}\ndata: {counter: '1'}", admission.Reach{Strip: true}},
		"taken for HA state":             {"configmaps", "metadata: {name: settings, labels: {app: a, type: flink-native-kubernetes}}", admission.Reach{Validate: true}},
		"a JobManager":                   {"deployments", "spec: {template: {spec: {containers: [{args: [jobmanager]}]}}}", everybody},
		"a TaskManager in a script":      {"statefulsets", "spec: {template: {spec: {containers: [{command: [sh, -c, /docker-entrypoint.sh taskmanager]}]}}}", everybody},
		"another program":                {"jobs", "spec: {template: {spec: {containers: [{command: [jobmanager]}]}}}", nobody},
		"a cluster":                      {"flinkdeployments", "spec: {}", everybody},
		"a job":                          {"flinksessionjobs", "spec: {}", admission.Reach{Validate: true}},
		"a cluster that goes":            {"flinkdeployments", "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}", nobody},
		"a namespace":                    {"namespaces", "metadata: {labels: {team: a}}", nobody},
		"a namespace with a label":       {"namespaces", "metadata: {labels: {flink-ha.dev/enforce: 'off'}}", admission.Reach{Validate: true}},
		"a namespace with an annotation": {"namespaces", "metadata: {annotations: {flink-ha.dev/service-account: a}}", admission.Reach{Validate: true}},
	} {
		raw, err := yaml.ToJSON([]byte(tc.object))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := scopeOf(tc.resource)(raw); err != nil || got != tc.want {
			t.Errorf("%s: got %+v and %v, want %+v", name, got, err, tc.want)
		}
	}
	if _, err := scopeOf("configmaps")([]byte(`{"data": "secret"}`)); err == nil || err.Error() != "request.object is not an object of its kind" {
		t.Errorf("an object that is none: got %v", err)
	}
}
