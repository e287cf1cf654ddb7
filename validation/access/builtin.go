package access

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Labels by which ClusterRoles add to those that every cluster has for people.
const (
	aggregateToAdmin = "rbac.authorization.k8s.io/aggregate-to-admin"
	aggregateToEdit  = "rbac.authorization.k8s.io/aggregate-to-edit"
	aggregateToView  = "rbac.authorization.k8s.io/aggregate-to-view"
)

// BuiltIn are ClusterRoles that every cluster has and that are bound to service accounts, with what they give on the kinds of
// objects that Flink's processes use. The API server makes them
// (k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy); those for components of Kubernetes are left out.
func BuiltIn() []rbacv1.ClusterRole {
	read := []string{"get", "list", "watch"}
	write := []string{"create", "update", "patch", "delete", "deletecollection"}
	roles := []rbacv1.ClusterRole{
		{
			ObjectMeta: metav1.ObjectMeta{Name: "cluster-admin"},
			Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}},
		},
		aggregating("admin", aggregateToAdmin, ""),
		aggregating("edit", aggregateToEdit, aggregateToAdmin),
		aggregating("view", aggregateToView, aggregateToEdit),
		{ObjectMeta: labelled("system:aggregate-to-admin", aggregateToAdmin)},
		{ObjectMeta: labelled("system:aggregate-to-edit", aggregateToEdit), Rules: onFlinksKinds(write)},
		{ObjectMeta: labelled("system:aggregate-to-view", aggregateToView), Rules: onFlinksKinds(read)},
	}
	for _, name := range []string{ // which give nothing on those kinds
		"system:auth-delegator", "system:basic-user", "system:discovery", "system:monitoring", "system:public-info-viewer",
		"system:service-account-issuer-discovery",
	} {
		roles = append(roles, rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}})
	}
	return roles
}

// aggregating has the rules of all ClusterRoles with one label, and may have another label itself.
func aggregating(name, selects, label string) rbacv1.ClusterRole {
	return rbacv1.ClusterRole{
		ObjectMeta: labelled(name, label),
		AggregationRule: &rbacv1.AggregationRule{
			ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{selects: "true"}}},
		},
	}
}

func labelled(name, label string) metav1.ObjectMeta {
	meta := metav1.ObjectMeta{Name: name}
	if label != "" {
		meta.Labels = map[string]string{label: "true"}
	}
	return meta
}

func onFlinksKinds(verbs []string) []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"configmaps", "pods", "services"}, Verbs: verbs},
		{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: verbs},
	}
}
