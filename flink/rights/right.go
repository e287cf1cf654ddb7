package rights

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Right is one thing that may be done with objects of one kind in a namespace.
type Right struct {
	// Group and Resource, which may have a subresource, are the kind; Group is "" for the core group.
	Group, Resource, Verb string
	// Name is the one object that it is about; "" stands for any, which a role with resourceNames does not give.
	Name string
}

// Role is what a role should give to such a process: Wanted, and what later versions want, so that an upgrade needs no other
// role. It is not limited to names, so that several clusters can share it. Where the API server has the admission plugin
// OwnerReferencesPermissionEnforcement, as OpenShift has, who makes pods that a Deployment owns needs deployments/finalizers.
func Role(p Process) []rbacv1.PolicyRule {
	later := p
	later.Version = flink.VersionFrom(1, 19)
	rights := append(Wanted(later), Wanted(p)...)
	if p.Role == workload.RoleJobManager && p.Native {
		rights = append(rights, Right{Group: groupApps, Resource: deployments + "/finalizers", Verb: "update"})
	}
	return Rules(rights)
}

// Rules puts rights together into as few rules of a role as possible, in a fixed order. The rules are for any object of the kinds.
func Rules(rights []Right) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for _, right := range rights {
		at := slices.IndexFunc(rules, func(r rbacv1.PolicyRule) bool {
			return r.APIGroups[0] == right.Group && r.Resources[0] == right.Resource
		})
		if at < 0 {
			rule := rbacv1.PolicyRule{APIGroups: []string{right.Group}, Resources: []string{right.Resource}}
			rules, at = append(rules, rule), len(rules)
		}
		if !slices.Contains(rules[at].Verbs, right.Verb) {
			rules[at].Verbs = append(rules[at].Verbs, right.Verb)
		}
	}
	return rules
}

// Describe says rights in words: "get, list and patch on configmaps; create on pods".
func Describe(rights []Right) string {
	rules := Rules(rights)
	parts := make([]string, 0, len(rules))
	for _, rule := range rules {
		parts = append(parts, enumerate(rule.Verbs)+" on "+rule.Resources[0])
	}
	return strings.Join(parts, "; ")
}

func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
