package access

import (
	"fmt"
	"strings"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestChanged(t *testing.T) {
	later := noon().Add(time.Minute)
	clusterRole := "kind: ClusterRole\nmetadata: {name: any}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]"
	for name, tc := range map[string]struct {
		change func(x *Index)
		want   time.Time
	}{
		"nothing":                {want: noon()},
		"the same once more":     {change: func(x *Index) { fill(t, x, together(theRole, theBinding), later) }, want: noon()},
		"another role":           {change: func(x *Index) { fill(t, x, strings.Replace(theRole, "name: flink", "name: x", 1), later) }, want: later},
		"the role's rules":       {change: func(x *Index) { fill(t, x, roleOf(""), later) }, want: later},
		"the binding's subjects": {change: func(x *Index) { fill(t, x, boundTo("{kind: ServiceAccount, name: x}"), later) }, want: later},
		"a person more":          {change: func(x *Index) { fill(t, x, theBinding+"\n- {kind: User, name: jo}", later) }, want: noon()},
		"people only": {change: func(x *Index) {
			fill(t, x, strings.Replace(boundTo("{kind: User, name: jo}"), "name: flink", "name: people", 1), later)
		}, want: noon()},
		"something in another namespace": {change: func(x *Index) { fill(t, x, strings.ReplaceAll(theRole, "team", "other"), later) }, want: noon()},
		"a ClusterRole":                  {change: func(x *Index) { fill(t, x, clusterRole, later) }, want: later},
		"the role went":                  {change: func(x *Index) { x.DeleteRole("team", "flink", later) }, want: later},
		"all went": {change: func(x *Index) {
			x.DeleteRole("team", "flink", noon())
			x.DeleteRoleBinding("team", "flink", later)
		}, want: later},
		"news arrive out of order": {change: func(x *Index) {
			x.DeleteRole("team", "flink", later)
			x.DeleteRoleBinding("team", "flink", noon())
		}, want: later},
	} {
		t.Run(name, func(t *testing.T) {
			x := fill(t, New(), together(theRole, theBinding), noon())
			if tc.change != nil {
				tc.change(x)
			}
			if got := x.Lacks(flinkAccount(), "team", named("get pods")).Changed; !got.Equal(tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestNamespacesThatWentAreForgotten(t *testing.T) {
	x := New()
	for i := range 10 * spareTimes {
		namespace := fmt.Sprint("team-", i)
		x.SetRole(&rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "r"}}, noon())
		x.DeleteRole(namespace, "r", noon())
	}
	if got := len(x.changes.latest); got > spareTimes+1 || len(x.changes.objects) > 0 {
		t.Errorf("%d times and %d counts are left", got, len(x.changes.objects))
	}
}
