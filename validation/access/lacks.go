package access

import (
	rbacv1 "k8s.io/api/rbac/v1"
	rbacvalidation "k8s.io/component-helpers/auth/rbac/validation"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
)

// Lacks tells which of some rights in a namespace an account does not have. Beside the bindings that are there, those of granted
// count: ClusterRoles that are about to be bound to the account in that namespace.
func (x *Index) Lacks(account Account, namespace string, needed []rights.Right, granted ...string) Answer {
	if x.rendered { // what is put together on the way is kept
		x.mu.Lock()
		defer x.mu.Unlock()
	} else {
		x.mu.RLock()
		defer x.mu.RUnlock()
	}
	answer := Answer{Known: true, Settled: x.rendered, Changed: x.changes.bearingOn(namespace)}
	missing, doubtful := asRules(needed), false
	for _, name := range granted {
		rules, _ := x.rulesOf(rbacKindClusterRole, name, everywhere())
		missing = uncovered(rules, missing)
	}
	for _, at := range [...]scope{everywhere(), in(namespace)} {
		for _, who := range account.subjects() {
			for _, b := range x.bound[grant{at, who}] {
				if len(missing) == 0 {
					return answer
				}
				rules, known := x.rulesOf(b.kind, b.role, at)
				doubtful = doubtful || !known
				missing = uncovered(rules, missing)
			}
		}
	}
	if len(missing) == 0 {
		return answer
	}
	switch {
	case doubtful:
		return Answer{Changed: answer.Changed, Unknown: "a role that is bound to the account is not among the objects given"}
	case x.rendered && !x.speaksOf(account.Namespace) && !x.speaksOf(namespace):
		return Answer{Changed: answer.Changed, Unknown: "no Role and no binding for the account's namespace is among the objects given"}
	}
	for i := range missing {
		answer.Missing = append(answer.Missing, asRight(&missing[i]))
	}
	return answer
}

// speaksOf tells whether any object is about a namespace: in it, or about its accounts.
func (x *Index) speaksOf(namespace string) bool {
	return x.changes.objects[in(namespace)] > 0 || x.named[namespace] > 0
}

// Kinds of roles that a binding may name.
const (
	rbacKindRole        = "Role"
	rbacKindClusterRole = "ClusterRole"
)

// rulesOf are the rules of the role that a binding names, and whether they are known. A binding that counts everywhere cannot name
// a Role.
func (x *Index) rulesOf(kind, name string, at scope) (rules []rbacv1.PolicyRule, known bool) {
	var found *role
	switch {
	case kind == rbacKindRole && !at.everywhere:
		found = x.roles[key{at, name}]
	case kind == rbacKindClusterRole:
		found = x.clusterRole(name)
	default:
		return nil, true
	}
	switch {
	case found == nil:
		return nil, !x.rendered
	case found.aggregation != nil:
		return x.aggregate(name, found)
	}
	return found.rules, true
}

func (x *Index) clusterRole(name string) *role {
	if found := x.roles[key{everywhere(), name}]; found != nil {
		return found
	}
	return x.builtIn[name]
}

// uncovered are those of some rules, each of a single right, that others do not cover.
func uncovered(rules, wanted []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	if len(rules) == 0 || len(wanted) == 0 {
		return wanted
	}
	_, left := rbacvalidation.Covers(rules, wanted)
	return left
}

// asRules makes of each right a rule with that right alone.
func asRules(needed []rights.Right) []rbacv1.PolicyRule {
	rules := make([]rbacv1.PolicyRule, len(needed))
	for i, right := range needed {
		rules[i] = rbacv1.PolicyRule{APIGroups: []string{right.Group}, Resources: []string{right.Resource}, Verbs: []string{right.Verb}}
		if right.Name != "" || !namesObject(right.Verb) {
			rules[i].ResourceNames = []string{right.Name}
		}
	}
	return rules
}

// namesObject tells whether a request with this verb always names an object. Others may name none, and then the authorizer looks
// for the name "" among the resourceNames of a rule (ResourceNameMatches in k8s.io/kubernetes/pkg/apis/rbac/v1).
func namesObject(verb string) bool {
	switch verb {
	case "create", "list", "watch", "deletecollection":
		return false
	}
	return true
}

// asRight is the right that a rule of asRules was made of.
func asRight(rule *rbacv1.PolicyRule) rights.Right {
	right := rights.Right{Group: rule.APIGroups[0], Resource: rule.Resources[0], Verb: rule.Verbs[0]}
	if len(rule.ResourceNames) > 0 {
		right.Name = rule.ResourceNames[0]
	}
	return right
}
