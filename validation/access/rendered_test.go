package access

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
)

func TestRendered(t *testing.T) {
	toRole := func(name string) string {
		return strings.ReplaceAll(theBinding, "kind: Role, name: flink", "kind: ClusterRole, name: "+name)
	}
	clusterRole := func(name, labels, rules string) string {
		return "kind: ClusterRole\nmetadata: {name: " + name + ", labels: {" + labels + "}}\nrules: [" + rules + "]"
	}
	aggregated := func(name, labels, selectors string) string {
		return clusterRole(name, labels, "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}") + "\naggregationRule: {clusterRoleSelectors: [" + selectors + "]}"
	}
	const (
		patch     = `{apiGroups: [""], resources: [configmaps], verbs: [patch]}`
		finalizer = `{apiGroups: [apps], resources: [deployments/finalizers], verbs: [update]}`
		needed    = "patch configmaps"
	)
	for name, tc := range map[string]struct {
		objects string
		needed  string // patch configmaps
		account Account
		unknown bool
		want    string
	}{
		"no object at all":                         {unknown: true},
		"objects of another namespace":             {objects: strings.ReplaceAll(together(theRole, theBinding), "team", "other"), unknown: true},
		"a role that nobody is bound to":           {objects: clusterRole("flink", "", patch), unknown: true},
		"only people are bound there":              {objects: boundTo("{kind: User, name: jo}"), unknown: true},
		"a binding in the namespace":               {objects: together(theRole, theBinding), want: needed},
		"a role in the namespace":                  {objects: theRole, want: needed},
		"bound in the wrong namespace":             {objects: "kind: RoleBinding\nmetadata: {name: x, namespace: other}\nroleRef: {kind: ClusterRole, name: edit}\nsubjects: [{kind: ServiceAccount, name: flink, namespace: team}]", want: needed},
		"bound to an account with a spelling slip": {objects: "kind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: edit}\nsubjects: [{kind: ServiceAccount, name: flnik, namespace: team}]", want: needed},
		"the role is not among them":               {objects: theBinding, unknown: true},
		"the role is not among them, nor needed":   {objects: together(theBinding, strings.Replace(toRole("edit"), "name: flink", "name: second", 1))},
		"another's role is not among them":         {objects: together(theRole, boundTo("{kind: ServiceAccount, name: other}"), strings.Replace(toRole("view"), "name: flink", "name: second", 1)), want: needed},
		"all accounts, with what is needed":        {objects: "kind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: edit}\nsubjects: [{kind: Group, name: 'system:serviceaccounts'}]"},
		"all accounts, without":                    {objects: "kind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: Group, name: 'system:serviceaccounts'}]", unknown: true},
		"without namespaces":                       {objects: strings.ReplaceAll(together(theRole, theBinding), ", namespace: team", ""), account: Account{Name: "flink"}, want: needed},
		"edit":                                     {objects: toRole("edit")},
		"admin":                                    {objects: toRole("admin")},
		"cluster-admin":                            {objects: toRole("cluster-admin")},
		"view":                                     {objects: toRole("view"), want: needed},
		"view has list":                            {objects: toRole("view"), needed: "list configmaps"},
		"a role of Kubernetes for others":          {objects: toRole("system:auth-delegator"), want: needed},
		"a role of Kubernetes that is left out":    {objects: toRole("system:node"), unknown: true},
		"edit does not have it":                    {objects: toRole("edit"), needed: "update apps/deployments/finalizers", want: "update apps/deployments/finalizers"},
		"added to edit":                            {objects: together(toRole("edit"), clusterRole("more", "rbac.authorization.k8s.io/aggregate-to-edit: 'true'", finalizer)), needed: "update apps/deployments/finalizers"},
		"added to edit, and so to admin":           {objects: together(toRole("admin"), clusterRole("more", "rbac.authorization.k8s.io/aggregate-to-edit: 'true'", finalizer)), needed: "update apps/deployments/finalizers"},
		"added to admin, which is not edit":        {objects: together(toRole("edit"), clusterRole("more", "rbac.authorization.k8s.io/aggregate-to-admin: 'true'", finalizer)), needed: "update apps/deployments/finalizers", want: "update apps/deployments/finalizers"},
		"aggregated, in place of its own rules":    {objects: together(toRole("sum"), aggregated("sum", "", "{matchLabels: {of: sum}}"), clusterRole("part", "of: sum", finalizer)), want: needed},
		"aggregated":                               {objects: together(toRole("sum"), aggregated("sum", "", "{matchLabels: {of: sum}}"), clusterRole("part", "of: sum", patch))},
		"aggregated by the second selector":        {objects: together(toRole("sum"), aggregated("sum", "", "{matchLabels: {of: x}}, {matchExpressions: [{key: of, operator: Exists}]}"), clusterRole("part", "of: sum", patch))},
		"aggregated over two steps":                {objects: together(toRole("sum"), aggregated("sum", "", "{matchLabels: {of: sum}}"), aggregated("middle", "of: sum", "{matchLabels: {of: middle}}"), clusterRole("part", "of: middle", patch))},
		"aggregated in a circle":                   {objects: together(toRole("sum"), aggregated("sum", "of: b", "{matchLabels: {of: a}}"), aggregated("b", "of: a", "{matchLabels: {of: b}}")), want: needed},
		"aggregated from what is not there":        {objects: together(toRole("sum"), aggregated("sum", "", "{matchLabels: {of: sum}}")), unknown: true},
		"aggregated from itself":                   {objects: together(toRole("sum"), aggregated("sum", "of: sum", "{matchLabels: {of: sum}}")), unknown: true},
		"a selector that is none":                  {objects: together(toRole("sum"), aggregated("sum", "", "{matchExpressions: [{key: a, operator: Near}]}")), unknown: true},
		"a role of one's own in place of edit":     {objects: together(toRole("edit"), clusterRole("edit", "", finalizer)), want: needed},
	} {
		t.Run(name, func(t *testing.T) {
			asked, account := needed, flinkAccount()
			if tc.needed != "" {
				asked = tc.needed
			}
			if tc.account.Name != "" {
				account = tc.account
			}
			answer := fill(t, NewRendered(), tc.objects, noon()).Lacks(account, account.Namespace, named(asked))
			if answer.Known == tc.unknown || answer.Settled == tc.unknown || (answer.Unknown != "") != tc.unknown {
				t.Fatalf("known %v, settled %v, missing %v", answer.Known, answer.Settled, answer.Missing)
			}
			var want []rights.Right
			if tc.want != "" {
				want = named(tc.want)
			}
			if diff := cmp.Diff(want, answer.Missing); diff != "" {
				t.Errorf("missing (-want,+got):\n%s", diff)
			}
		})
	}
}

// kubernetes.namespace is "default" where nobody sets it, and the Role is where the pods are.
func TestRenderedRightsInAnotherNamespace(t *testing.T) {
	x := fill(t, NewRendered(), together(theRole, theBinding), noon())
	if answer := x.Lacks(flinkAccount(), "default", named("list configmaps")); !answer.Lacking() {
		t.Errorf("got %+v", answer)
	}
}

func TestRenderedRolesThatComeLater(t *testing.T) {
	edit := strings.ReplaceAll(theBinding, "kind: Role, name: flink", "kind: ClusterRole, name: edit")
	x, needed := fill(t, NewRendered(), edit, noon()), named("update apps/deployments/finalizers")
	if answer := x.Lacks(flinkAccount(), "team", needed); !answer.Lacking() {
		t.Errorf("before: got %+v", answer)
	}
	fill(t, x, "kind: ClusterRole\nmetadata: {name: more, labels: {"+aggregateToEdit+": 'true'}}\n"+
		"rules: [{apiGroups: [apps], resources: [deployments/finalizers], verbs: [update]}]", noon())
	if answer := x.Lacks(flinkAccount(), "team", needed); !answer.Covered() {
		t.Errorf("after: got %+v", answer)
	}
}

// Aggregation is what takes more than one look at each object.
func TestManyAggregatedRolesEndInUnknown(t *testing.T) {
	x := NewRendered()
	const many = 5000
	for i := range many {
		x.SetClusterRole(&rbacv1.ClusterRole{
			ObjectMeta:      metav1.ObjectMeta{Name: fmt.Sprint("role-", i), Labels: map[string]string{"a": "b"}},
			AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{"a": "b"}}}},
		}, noon())
		x.SetRoleBinding(&rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: fmt.Sprint("binding-", i)},
			RoleRef:    rbacv1.RoleRef{Kind: "ClusterRole", Name: fmt.Sprint("role-", i)},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: "flink"}},
		}, noon())
	}
	started := time.Now()
	if answer := x.Lacks(flinkAccount(), "team", named("list configmaps")); answer.Known {
		t.Errorf("got %v", answer)
	}
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}
