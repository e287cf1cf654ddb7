package access

import (
	"maps"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// aggregation is what ClusterRoles have from others, as long as none of them changes.
type aggregation struct {
	clusterRoles map[string]*role
	results      map[string]aggregate
	// left is how often selectors may still be held against labels, and rules be taken over.
	left int
}

// aggregate is what a ClusterRole has from others, and whether that is known.
type aggregate struct {
	rules []rbacv1.PolicyRule
	known bool
}

// maxSelections bounds that work: ten thousand ClusterRoles that all select each other would take minutes and gigabytes.
const maxSelections = 1 << 20

// aggregate puts together the rules of a ClusterRole as the controller of Kubernetes does
// (k8s.io/kubernetes/pkg/controller/clusterroleaggregation): those of all ClusterRoles that it selects but itself, in place of
// rules of its own. Those may be put together from others in turn.
func (x *Index) aggregate(name string, of *role) ([]rbacv1.PolicyRule, bool) {
	if x.aggregation == nil {
		x.aggregation = &aggregation{clusterRoles: x.allClusterRoles(), results: map[string]aggregate{}, left: maxSelections}
	}
	result, ok := x.aggregation.results[name]
	if !ok {
		result = x.aggregation.follow(name, of)
		x.aggregation.results[name] = result
	}
	return result.rules, result.known
}

// follow follows the selectors. A role that selects none of the roles at hand is meant for others that are not, which makes
// what it gives unknown, like a selector that cannot be understood.
func (a *aggregation) follow(name string, of *role) aggregate {
	type step struct {
		name string
		role *role
	}
	result, seen := aggregate{known: true}, map[string]bool{name: true}
	for steps := []step{{name, of}}; len(steps) > 0; steps = steps[1:] {
		selectors, ok := selectorsOf(steps[0].role.aggregation)
		if a.left -= len(selectors) * len(a.clusterRoles); !ok || a.left < 0 {
			return aggregate{}
		}
		selected := false
		for other, role := range a.clusterRoles {
			if other == steps[0].name || !slices.ContainsFunc(selectors, func(s labels.Selector) bool { return s.Matches(labels.Set(role.labels)) }) {
				continue
			}
			selected = true
			switch {
			case seen[other]:
			case role.aggregation != nil:
				steps = append(steps, step{other, role})
			default:
				result.rules = append(result.rules, role.rules...)
				a.left -= len(role.rules)
			}
			seen[other] = true
		}
		result.known = result.known && selected
	}
	return result
}

// allClusterRoles are those at hand, and those that every cluster has. Only an index of rendered objects aggregates.
func (x *Index) allClusterRoles() map[string]*role {
	all := maps.Clone(x.builtIn)
	for k, role := range x.roles {
		if k.everywhere {
			all[k.name] = role
		}
	}
	return all
}

func selectorsOf(aggregation *rbacv1.AggregationRule) (selectors []labels.Selector, ok bool) {
	for i := range aggregation.ClusterRoleSelectors {
		selector, err := metav1.LabelSelectorAsSelector(&aggregation.ClusterRoleSelectors[i])
		if err != nil {
			return nil, false
		}
		selectors = append(selectors, selector)
	}
	return selectors, true
}
