package rbac

import (
	"fmt"
	"math/rand/v2"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// objects are Roles and ClusterRoles, and their bindings.
type objects struct {
	roles               []*rbacv1.Role
	clusterRoles        []*rbacv1.ClusterRole
	roleBindings        []*rbacv1.RoleBinding
	clusterRoleBindings []*rbacv1.ClusterRoleBinding
}

// generator makes sets of roles. Each has an account of its own, in a namespace that it shares with a few others.
type generator struct {
	*rand.Rand
	objects

	namespaces []string
	questions  []question
}

func newGenerator(seed uint64, sets, perNamespace int) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, seed))}
	for i := range (sets + perNamespace - 1) / perNamespace {
		g.namespaces = append(g.namespaces, fmt.Sprintf("team-%03d", i))
	}
	for i := range sets {
		g.set(i, g.namespaces[i/perNamespace])
	}
	return g
}

// some picks from a list, with more and more of it being less and less likely.
func some(g *generator, list ...string) []string {
	picked := []string{list[g.IntN(len(list))]}
	for g.IntN(3) == 0 {
		picked = append(picked, list[g.IntN(len(list))])
	}
	return picked
}

// set makes what is about one account, and what is asked about it.
func (g *generator) set(number int, namespace string) {
	q := question{namespace: namespace}
	q.account.Namespace, q.account.Name = namespace, fmt.Sprintf("flink-%04d", number)
	var refs []rbacv1.RoleRef // some of which lead nowhere
	for i := range 1 + g.IntN(2) {
		name := fmt.Sprintf("set-%04d-%d", number, i)
		choice, kind := g.IntN(16), kindRole
		if choice < 7 {
			g.clusterRoles = append(g.clusterRoles, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: g.rules(true)})
			kind = kindClusterRole
		}
		if choice > 4 && choice < 15 { // with 5 and 6 there are both, of the same name
			g.roles = append(g.roles, &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Rules: g.rules(false)})
		}
		if g.IntN(30) == 0 {
			kind = kindClusterRole
		}
		refs = append(refs, roleRef(kind, name))
	}
	if g.IntN(12) == 0 {
		refs = append(refs, roleRef(kindClusterRole, g.aggregated(number)))
	}
	if g.IntN(12) == 0 {
		refs = append(refs, roleRef(kindClusterRole, []string{"edit", "view", "admin", "system:auth-delegator", "system:node"}[g.IntN(5)]))
	}
	for i, ref := range refs {
		g.bind(&q, fmt.Sprintf("set-%04d-%d", number, i), ref)
	}
	if g.IntN(10) == 0 {
		q.namespace = g.namespaces[g.IntN(len(g.namespaces))]
	}
	q.rights = g.wanted()
	g.questions = append(g.questions, q)
}

// Kinds of roles.
const (
	kindRole        = "Role"
	kindClusterRole = "ClusterRole"
)

// bind binds a role, mostly to the account, and mostly in its namespace.
func (g *generator) bind(q *question, name string, ref rbacv1.RoleRef) {
	if ref.Kind == kindClusterRole && g.IntN(5) == 0 {
		g.clusterRoleBindings = append(g.clusterRoleBindings, &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: ref, Subjects: g.subjects(q, true),
		})
		return
	}
	at := q.account.Namespace
	if g.IntN(15) == 0 {
		at = g.namespaces[g.IntN(len(g.namespaces))]
	}
	g.roleBindings = append(g.roleBindings, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: at, Name: name}, RoleRef: ref, Subjects: g.subjects(q, false),
	})
}

// subjects are mostly the account, under one of its names. All accounts of the cluster are bound in one namespace only, or the
// rest would tell nothing.
func (g *generator) subjects(q *question, everywhere bool) []rbacv1.Subject {
	account, group := q.account, func(name string) rbacv1.Subject {
		return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: "Group", Name: name}
	}
	user := func(name string) rbacv1.Subject {
		return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: "User", Name: name}
	}
	var subjects []rbacv1.Subject
	for range g.IntN(4) {
		switch choice := g.IntN(24); {
		case choice < 9:
			subjects = append(subjects, rbacv1.Subject{Kind: "ServiceAccount", Namespace: account.Namespace, Name: account.Name})
		case choice < 13 && !everywhere:
			subjects = append(subjects, rbacv1.Subject{Kind: "ServiceAccount", Name: account.Name})
		case choice < 16:
			subjects = append(subjects, user(userOf(account)))
		case choice < 17 && !everywhere:
			subjects = append(subjects, group([]string{"system:serviceaccounts", "system:authenticated", "system:unauthenticated"}[g.IntN(3)]))
		case choice < 18:
			subjects = append(subjects, group("system:serviceaccounts:"+account.Namespace))
		default:
			subjects = append(subjects, []rbacv1.Subject{
				user("jo"), user(account.Name), user("system:serviceaccount:" + account.Namespace), user("system:serviceaccounts"), user("*"),
				group("developers"), group(userOf(account)), group("system:serviceaccounts:" + account.Namespace + "x"), group("system:serviceaccounts:"), group("*"),
				{Kind: "ServiceAccount", Namespace: g.namespaces[g.IntN(len(g.namespaces))], Name: account.Name},
				{Kind: "ServiceAccount", Namespace: account.Namespace, Name: "default"},
			}[g.IntN(12)])
		}
	}
	return subjects
}

// rules give much or little, in common and in odd ways.
func (g *generator) rules(everywhere bool) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for range 1 + g.IntN(3) - g.IntN(2) {
		if everywhere && g.IntN(12) == 0 {
			rules = append(rules, rbacv1.PolicyRule{NonResourceURLs: []string{"*", "/healthz"}, Verbs: some(g, "get", "*")})
			continue
		}
		rule := rbacv1.PolicyRule{
			APIGroups: some(g, "", "", "", "", "apps", "apps", "*", "batch", "core"),
			Resources: some(g, "configmaps", "configmaps", "configmaps", "pods", "deployments", "services", "*", "secrets", "deployments/finalizers",
				"*/finalizers", "*/status", "deployments/*", "*/*", "pods/log", "ConfigMaps", "configmap", ""),
			Verbs: some(g, "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*", "GET", ""),
		}
		switch g.IntN(3) {
		case 0:
			rule.Verbs = []string{"get", "list", "watch", "create", "update", "patch", "delete"}[:3+g.IntN(5)]
		case 1:
			rule.Verbs = append(rule.Verbs, "get", "list", "watch")
		}
		if g.IntN(5) == 0 {
			rule.ResourceNames = some(g, "demo-cluster-config-map", "demo", "", "*", "demo-*")
		}
		rules = append(rules, rule)
	}
	return rules
}

// aggregated makes a ClusterRole of others: one or two, directly or over another step, and sometimes of none.
func (g *generator) aggregated(number int) string {
	name, label := fmt.Sprintf("sum-%04d", number), fmt.Sprintf("part-of-%04d", number)
	selects := func(key string) *rbacv1.AggregationRule {
		selector := metav1.LabelSelector{MatchLabels: map[string]string{key: "true"}}
		if g.IntN(3) == 0 {
			selector = metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: metav1.LabelSelectorOpExists}}}
		}
		return &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{selector}}
	}
	g.clusterRoles = append(g.clusterRoles, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, AggregationRule: selects(label)})
	if g.IntN(3) == 0 {
		middle := label + "-middle"
		g.clusterRoles = append(g.clusterRoles, &rbacv1.ClusterRole{
			ObjectMeta: metav1.ObjectMeta{Name: middle, Labels: map[string]string{label: "true"}}, AggregationRule: selects(middle),
		})
		label = middle
	}
	for i := range g.IntN(3) {
		g.clusterRoles = append(g.clusterRoles, &rbacv1.ClusterRole{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%d", label, i), Labels: map[string]string{label: "true"}}, Rules: g.rules(true),
		})
	}
	return name
}

// wanted are some of the rights that Flink's processes use, and of some that they do not.
func (g *generator) wanted() []rights.Right {
	var pool []rights.Right
	for _, role := range []workload.Role{workload.RoleJobManager, workload.RoleTaskManager} {
		pool = append(pool, rights.Needed(rights.Process{
			Role: role, Native: true, HostNetwork: true, Mode: flink.ModeKubernetes, Version: flink.Version{Major: 2, Minor: 3}, ClusterID: "demo",
		})...)
	}
	pool = append(pool,
		rights.Right{Resource: "configmaps", Verb: "deletecollection"},
		rights.Right{Resource: "configmaps", Verb: "update", Name: "demo-cluster-config-map"},
		rights.Right{Resource: "configmaps", Verb: "list", Name: "demo"},
		rights.Right{Group: "apps", Resource: "deployments/finalizers", Verb: "update"},
		rights.Right{Group: "apps", Resource: "deployments/status", Verb: "get"},
		rights.Right{Resource: "secrets", Verb: "get"},
	)
	g.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	return pool[:rightsAsked]
}
