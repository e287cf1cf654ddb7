package parity

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// rbacObjects are the roles and bindings of a scene, asked one by one, as the authorizer of the API server does it.
type rbacObjects struct {
	roles        []*rbacv1.Role
	clusterRoles []*rbacv1.ClusterRole
	bindings     []*rbacv1.RoleBinding
	everywhere   []*rbacv1.ClusterRoleBinding
}

func (o *rbacObjects) add(object runtime.Object) {
	switch object := object.(type) {
	case *rbacv1.Role:
		o.roles = append(o.roles, object)
	case *rbacv1.ClusterRole:
		o.clusterRoles = append(o.clusterRoles, object)
	case *rbacv1.RoleBinding:
		o.bindings = append(o.bindings, object)
	case *rbacv1.ClusterRoleBinding:
		o.everywhere = append(o.everywhere, object)
	}
}

func (o *rbacObjects) any() bool {
	return len(o.roles)+len(o.clusterRoles)+len(o.bindings)+len(o.everywhere) > 0
}

// rulesFor are all rules that an account has in a namespace. They are not complete where a binding names a role that is not there.
func (o *rbacObjects) rulesFor(account access.Account, namespace string) (rules []rbacv1.PolicyRule, complete bool) {
	complete = true
	take := func(more []rbacv1.PolicyRule, known bool) {
		rules, complete = append(rules, more...), complete && known
	}
	for _, binding := range o.everywhere {
		if isSubject(binding.Subjects, account, "") {
			take(o.clusterRole(binding.RoleRef.Name))
		}
	}
	for _, binding := range o.bindings {
		if binding.Namespace != namespace || !isSubject(binding.Subjects, account, namespace) {
			continue
		}
		if binding.RoleRef.Kind == "ClusterRole" {
			take(o.clusterRole(binding.RoleRef.Name))
		} else {
			take(o.role(namespace, binding.RoleRef.Name))
		}
	}
	return rules, complete
}

func (o *rbacObjects) role(namespace, name string) ([]rbacv1.PolicyRule, bool) {
	for _, role := range slices.Backward(o.roles) {
		if role.Namespace == namespace && role.Name == name {
			return role.Rules, true
		}
	}
	return nil, false
}

// clusterRole is one of the scene, of the guard's installation or of every cluster. Scenes aggregate nothing.
func (o *rbacObjects) clusterRole(name string) ([]rbacv1.PolicyRule, bool) {
	for _, role := range slices.Backward(o.clusterRoles) {
		if role.Name == name {
			return role.Rules, true
		}
	}
	every := []rbacv1.PolicyRule{{APIGroups: []string{"", "apps"}, Resources: []string{"configmaps", "pods", "services", "deployments"}, Verbs: []string{
		"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection",
	}}}
	switch name {
	case "cluster-admin":
		return []rbacv1.PolicyRule{{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}}, true
	case "admin", "edit":
		return every, true
	case "view":
		every[0].Verbs = every[0].Verbs[:3]
		return every, true
	}
	for _, role := range validation.GuardRoles() {
		if role.Name == name {
			return role.Rules, true
		}
	}
	return nil, false
}

// hasBinding tells whether a namespace has a RoleBinding of a name.
func (o *rbacObjects) hasBinding(namespace, name string) bool {
	return slices.ContainsFunc(o.bindings, func(b *rbacv1.RoleBinding) bool { return b.Namespace == namespace && b.Name == name })
}

// speaksOf tells whether a scene says anything about rights in a namespace, or of its accounts.
func (o *rbacObjects) speaksOf(namespace string) bool {
	means := func(subjects []rbacv1.Subject, at string) bool {
		return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
			account, ok := strings.CutPrefix(s.Name, "system:serviceaccount:")
			return s.Kind == "ServiceAccount" && (s.Namespace == namespace || s.Namespace == "" && at == namespace) ||
				s.Kind == "Group" && s.Name == "system:serviceaccounts:"+namespace ||
				s.Kind == "User" && ok && strings.HasPrefix(account, namespace+":")
		})
	}
	return slices.ContainsFunc(o.roles, func(r *rbacv1.Role) bool { return r.Namespace == namespace }) ||
		slices.ContainsFunc(o.bindings, func(b *rbacv1.RoleBinding) bool {
			return b.Namespace == namespace && slices.ContainsFunc(b.Subjects, mayBeAccount) || means(b.Subjects, b.Namespace)
		}) ||
		slices.ContainsFunc(o.everywhere, func(b *rbacv1.ClusterRoleBinding) bool { return means(b.Subjects, "") })
}

// mayBeAccount tells whether a subject is an account, or all of some.
func mayBeAccount(s rbacv1.Subject) bool {
	return s.Kind == "ServiceAccount" || s.Kind == "Group" && strings.HasPrefix(s.Name, "system:") || s.Kind == "User" && strings.HasPrefix(s.Name, "system:serviceaccount:")
}

func isSubject(subjects []rbacv1.Subject, account access.Account, namespace string) bool {
	return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
		switch s.Kind {
		case "ServiceAccount":
			at := s.Namespace
			if at == "" {
				at = namespace
			}
			return at == account.Namespace && s.Name == account.Name
		case "User":
			return s.Name == "system:serviceaccount:"+account.Namespace+":"+account.Name
		case "Group":
			return slices.Contains([]string{"system:serviceaccounts", "system:serviceaccounts:" + account.Namespace, "system:authenticated"}, s.Name)
		}
		return false
	})
}

// gives tells whether one of some rules gives a right.
func gives(rules []rbacv1.PolicyRule, right rights.Right) bool {
	return slices.ContainsFunc(rules, func(rule rbacv1.PolicyRule) bool {
		has := func(list []string, text string) bool {
			return slices.Contains(list, text) || slices.Contains(list, "*")
		}
		return has(rule.Verbs, right.Verb) && has(rule.APIGroups, right.Group) && has(rule.Resources, right.Resource) &&
			(len(rule.ResourceNames) == 0 || right.Name != "" && slices.Contains(rule.ResourceNames, right.Name))
	})
}
