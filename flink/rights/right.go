package rights

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Right is one thing that may be done with objects of one kind in a namespace.
type Right struct {
	// Group and Resource, which may have a subresource, are the kind; Group is "" for the core group.
	Group, Resource, Verb string
	// Name is the one object that it is about; "" stands for any, which a role with resourceNames does not give.
	Name string
}

// Rules puts rights together into as few rules of a role as possible, in a fixed order.
func Rules(rights []Right) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for _, right := range rights {
		at := slices.IndexFunc(rules, func(r rbacv1.PolicyRule) bool {
			return r.APIGroups[0] == right.Group && r.Resources[0] == right.Resource && nameOf(r) == right.Name
		})
		if at < 0 {
			rule := rbacv1.PolicyRule{APIGroups: []string{right.Group}, Resources: []string{right.Resource}}
			if right.Name != "" {
				rule.ResourceNames = []string{right.Name}
			}
			rules, at = append(rules, rule), len(rules)
		}
		if !slices.Contains(rules[at].Verbs, right.Verb) {
			rules[at].Verbs = append(rules[at].Verbs, right.Verb)
		}
	}
	return rules
}

func nameOf(rule rbacv1.PolicyRule) string {
	if len(rule.ResourceNames) == 0 {
		return ""
	}
	return rule.ResourceNames[0]
}

// Describe says rights in words: "get, list and patch on configmaps; create on pods".
func Describe(rights []Right) string {
	var parts []string
	for _, rule := range Rules(rights) {
		part := enumerate(rule.Verbs) + " on " + rule.Resources[0]
		if name := nameOf(rule); name != "" {
			part += " " + name
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
