package access

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
)

// noon is when the objects of tests came.
func noon() time.Time { return time.Date(2026, time.November, 2, 12, 0, 0, 0, time.UTC) }

// flinkAccount is the one that most tests ask about.
func flinkAccount() Account { return Account{Namespace: "team", Name: "flink"} }

// fill takes the objects of a manifest.
func fill(t testing.TB, x *Index, manifest string, at time.Time) *Index {
	t.Helper()
	for document := range strings.SplitSeq(manifest, "\n---\n") {
		var content map[string]any
		if err := yaml.Unmarshal([]byte(document), &content); err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		raw, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		take(t, x, raw, at)
	}
	return x
}

func take(t testing.TB, x *Index, raw []byte, at time.Time) {
	t.Helper()
	var meta metav1.TypeMeta
	into := func(object any) {
		if err := json.Unmarshal(raw, object); err != nil {
			t.Fatalf("%v in\n%s", err, raw)
		}
	}
	switch into(&meta); meta.Kind {
	case "":
	case "Role":
		var role rbacv1.Role
		into(&role)
		x.SetRole(&role, at)
	case "ClusterRole":
		var role rbacv1.ClusterRole
		into(&role)
		x.SetClusterRole(&role, at)
	case "RoleBinding":
		var binding rbacv1.RoleBinding
		into(&binding)
		x.SetRoleBinding(&binding, at)
	case "ClusterRoleBinding":
		var binding rbacv1.ClusterRoleBinding
		into(&binding)
		x.SetClusterRoleBinding(&binding, at)
	default:
		t.Fatalf("an object of the kind %s", meta.Kind)
	}
}

// right reads "patch configmaps", "get apps/deployments", "update configmaps demo".
func right(text string) rights.Right {
	words := strings.Fields(text)
	r := rights.Right{Verb: words[0], Resource: words[1]}
	if group, resource, ok := strings.Cut(r.Resource, "/"); ok && group == "apps" {
		r.Group, r.Resource = group, resource
	}
	if len(words) > 2 {
		r.Name = words[2]
	}
	return r
}

func named(texts ...string) []rights.Right {
	var all []rights.Right
	for _, text := range texts {
		all = append(all, right(text))
	}
	return all
}

const (
	// theRole is as Flink's documentation has people write it, for 1.17.
	theRole = `
kind: Role
metadata: {name: flink, namespace: team}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get, list, watch, create, update, delete]}`
	theBinding = `
kind: RoleBinding
metadata: {name: flink, namespace: team}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: flink}
subjects:
- {kind: ServiceAccount, name: flink}`
)

// roleOf and boundTo are objects of one line each.
func roleOf(rules string) string {
	return "kind: Role\nmetadata: {name: flink, namespace: team}\nrules: [" + rules + "]"
}

func boundTo(subject string) string {
	return "kind: RoleBinding\nmetadata: {name: flink, namespace: team}\nroleRef: {kind: Role, name: flink}\nsubjects: [" + subject + "]"
}

func together(manifests ...string) string { return strings.Join(manifests, "\n---\n") }

func TestLacks(t *testing.T) {
	account := func(text string) Account {
		namespace, name, _ := strings.Cut(text, "/")
		return Account{Namespace: namespace, Name: name}
	}
	everywhereTo := func(subject string) string {
		return "kind: ClusterRoleBinding\nmetadata: {name: all}\nroleRef: {kind: ClusterRole, name: all}\nsubjects: [" + subject + "]\n---\n" +
			"kind: ClusterRole\nmetadata: {name: all}\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]"
	}
	const list = `{apiGroups: [""], resources: [configmaps], verbs: [list]}`
	for name, tc := range map[string]struct {
		objects   string
		account   string   // team/flink if it is not said
		namespace string   // team
		needed    []string // list configmaps
		granted   []string
		want      []string
	}{
		"a role without patch": {
			objects: together(theRole, theBinding), needed: []string{"get configmaps", "patch configmaps", "delete configmaps", "create pods"},
			want: []string{"patch configmaps", "create pods"},
		},
		"nothing at all":                        {want: []string{"list configmaps"}},
		"nothing needed":                        {needed: []string{}},
		"another account":                       {objects: together(theRole, theBinding), account: "team/default", want: []string{"list configmaps"}},
		"the same name in another namespace":    {objects: together(theRole, theBinding), account: "other/flink", want: []string{"list configmaps"}},
		"in another namespace":                  {objects: together(theRole, theBinding), namespace: "other", want: []string{"list configmaps"}},
		"a role that nobody is bound to":        {objects: theRole, want: []string{"list configmaps"}},
		"a role that is not there":              {objects: theBinding, want: []string{"list configmaps"}},
		"an account of another namespace":       {objects: together(theRole, boundTo("{kind: ServiceAccount, name: flink, namespace: jobs}")), account: "jobs/flink"},
		"by its user's name":                    {objects: together(theRole, boundTo("{kind: User, name: 'system:serviceaccount:team:flink'}"))},
		"another user":                          {objects: together(theRole, boundTo("{kind: User, name: flink}")), want: []string{"list configmaps"}},
		"a group with an account's name":        {objects: together(theRole, boundTo("{kind: Group, name: 'system:serviceaccount:team:flink'}")), want: []string{"list configmaps"}},
		"a user with a group's name":            {objects: together(theRole, boundTo("{kind: User, name: 'system:serviceaccounts'}")), want: []string{"list configmaps"}},
		"all accounts":                          {objects: together(theRole, boundTo("{kind: Group, name: 'system:serviceaccounts'}"))},
		"all accounts of the namespace":         {objects: together(theRole, boundTo("{kind: Group, name: 'system:serviceaccounts:team'}"))},
		"all accounts of another namespace":     {objects: together(theRole, boundTo("{kind: Group, name: 'system:serviceaccounts:tea'}")), want: []string{"list configmaps"}},
		"everybody":                             {objects: together(theRole, boundTo("{kind: Group, name: 'system:authenticated'}"))},
		"people":                                {objects: together(theRole, boundTo("{kind: Group, name: developers}")), want: []string{"list configmaps"}},
		"everywhere":                            {objects: everywhereTo("{kind: ServiceAccount, name: flink, namespace: team}"), namespace: "other"},
		"everywhere, without a namespace":       {objects: everywhereTo("{kind: ServiceAccount, name: flink}"), account: "/flink", want: []string{"list configmaps"}},
		"everywhere, to a Role":                 {objects: strings.ReplaceAll(everywhereTo("{kind: ServiceAccount, name: flink, namespace: team}"), "kind: ClusterRole,", "kind: Role,"), want: []string{"list configmaps"}},
		"all verbs":                             {objects: together(theBinding, roleOf(`{apiGroups: [""], resources: [configmaps], verbs: ['*']}`))},
		"all groups":                            {objects: together(theBinding, roleOf(`{apiGroups: ['*'], resources: [configmaps], verbs: [list]}`))},
		"all kinds":                             {objects: together(theBinding, roleOf(`{apiGroups: [""], resources: ['*'], verbs: [list]}`))},
		"another group":                         {objects: together(theBinding, roleOf(`{apiGroups: [apps], resources: [configmaps], verbs: [list]}`)), want: []string{"list configmaps"}},
		"no verb":                               {objects: together(theBinding, roleOf(`{apiGroups: [""], resources: [configmaps], verbs: []}`)), want: []string{"list configmaps"}},
		"no group":                              {objects: together(theBinding, roleOf(`{resources: [configmaps], verbs: [list]}`)), want: []string{"list configmaps"}},
		"URLs":                                  {objects: together(theBinding, roleOf(`{nonResourceURLs: ['*'], verbs: ['*']}`)), want: []string{"list configmaps"}},
		"a subresource":                         {objects: together(theBinding, roleOf(`{apiGroups: [apps], resources: [deployments/finalizers], verbs: [update]}`)), needed: []string{"update apps/deployments/finalizers", "update apps/deployments"}, want: []string{"update apps/deployments"}},
		"that subresource of all":               {objects: together(theBinding, roleOf(`{apiGroups: [apps], resources: ['*/finalizers'], verbs: [update]}`)), needed: []string{"update apps/deployments/finalizers", "update apps/deployments/status"}, want: []string{"update apps/deployments/status"}},
		"all subresources is no wildcard":       {objects: together(theBinding, roleOf(`{apiGroups: [apps], resources: ['deployments/*'], verbs: [update]}`)), needed: []string{"update apps/deployments/finalizers"}, want: []string{"update apps/deployments/finalizers"}},
		"one object":                            {objects: together(theBinding, roleOf(`{apiGroups: [""], resources: [configmaps], resourceNames: [demo], verbs: [list, get]}`)), needed: []string{"list configmaps demo", "list configmaps other", "list configmaps", "get configmaps"}, want: []string{"list configmaps other", "list configmaps", "get configmaps"}},
		"a name that is empty":                  {objects: together(theBinding, roleOf(`{apiGroups: [""], resources: [configmaps], resourceNames: [""], verbs: ['*']}`)), needed: []string{"create configmaps", "list configmaps", "get configmaps", "list configmaps demo"}, want: []string{"get configmaps", "list configmaps demo"}},
		"from two bindings":                     {objects: together(theRole, theBinding, everywhereTo("{kind: Group, name: 'system:serviceaccounts'}")), needed: []string{"list configmaps", "create pods"}},
		"about to be bound":                     {objects: "kind: ClusterRole\nmetadata: {name: ours}\nrules: [" + list + "]", granted: []string{"ours"}, needed: []string{"list configmaps", "get configmaps"}, want: []string{"get configmaps"}},
		"about to be bound, but not there":      {granted: []string{"ours"}, want: []string{"list configmaps"}},
		"what every cluster has is not assumed": {objects: strings.ReplaceAll(theBinding, "kind: Role, name: flink", "kind: ClusterRole, name: edit"), want: []string{"list configmaps"}},
		"a rule for two kinds of two groups":    {objects: together(theBinding, roleOf(`{apiGroups: ["", apps], resources: [pods, deployments], verbs: [get]}`)), needed: []string{"get pods", "get apps/deployments", "get apps/pods", "get configmaps"}, want: []string{"get configmaps"}},
		"the same right twice":                  {needed: []string{"get pods", "get pods"}, want: []string{"get pods", "get pods"}},
	} {
		t.Run(name, func(t *testing.T) {
			who, where, needed := flinkAccount(), "team", []string{"list configmaps"}
			if tc.account != "" {
				who = account(tc.account)
			}
			if tc.namespace != "" {
				where = tc.namespace
			}
			if tc.needed != nil {
				needed = tc.needed
			}
			answer := fill(t, New(), tc.objects, noon()).Lacks(who, where, named(needed...), tc.granted...)
			if diff := cmp.Diff(named(tc.want...), answer.Missing); diff != "" || !answer.Known || answer.Settled {
				t.Errorf("known %v, settled %v, missing (-want,+got):\n%s", answer.Known, answer.Settled, diff)
			}
		})
	}
}

func TestObjectsComeAndGo(t *testing.T) {
	x, needed := New(), named("list configmaps")
	lacks := func(why string, want bool) {
		t.Helper()
		if got := x.Lacks(flinkAccount(), "team", needed).Lacking(); got != want {
			t.Errorf("%s: lacking is %v", why, got)
		}
	}
	lacks("nothing is there", true)
	fill(t, x, theBinding, noon())
	lacks("the role comes later", true)
	fill(t, x, theRole, noon())
	lacks("both are there", false)
	x.SetRole(&rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "flink"}}, noon())
	lacks("the role was emptied", true)
	fill(t, x, theRole, noon())
	fill(t, x, boundTo("{kind: ServiceAccount, name: other}"), noon())
	lacks("bound to somebody else", true)
	fill(t, x, theBinding, noon())
	lacks("bound again", false)
	x.DeleteRole("team", "flink", noon())
	lacks("the role went", true)
	fill(t, x, theRole, noon())
	x.DeleteRoleBinding("team", "flink", noon())
	x.DeleteRoleBinding("team", "flink", noon())
	lacks("the binding went", true)
	if len(x.bound)+len(x.bindings)+len(x.named) > 0 {
		t.Errorf("something is left of it: %v %v %v", x.bound, x.bindings, x.named)
	}
	fill(t, x, "kind: ClusterRole\nmetadata: {name: flink}\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n---\n"+
		"kind: ClusterRoleBinding\nmetadata: {name: flink}\nroleRef: {kind: ClusterRole, name: flink}\nsubjects: [{kind: Group, name: 'system:serviceaccounts'}]", noon())
	lacks("bound everywhere", false)
	x.DeleteClusterRole("flink", noon())
	lacks("that role went", true)
	fill(t, x, "kind: ClusterRole\nmetadata: {name: flink}\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]", noon())
	x.DeleteClusterRoleBinding("flink", noon())
	lacks("that binding went", true)
}
