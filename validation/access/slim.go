package access

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// flinksGroups and flinksKinds are what Flink's processes ask the API server about. Where the admission plugin
// OwnerReferencesPermissionEnforcement is on, a native JobManager also needs the finalizers of its Deployment.
func flinksGroups() []string { return []string{"", "apps"} }

func flinksKinds() []string {
	return []string{"configmaps", "pods", "services", "deployments", "deployments/finalizers"}
}

// SlimRules leaves those parts of rules that can cover a right of Flink's processes. An index answers the same with them.
func SlimRules(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	var slim []rbacv1.PolicyRule
	for _, rule := range rules {
		groups := only(rule.APIGroups, func(group string) bool { return group == rbacv1.APIGroupAll || slices.Contains(flinksGroups(), group) })
		resources := only(rule.Resources, func(resource string) bool {
			return resource == rbacv1.ResourceAll || resource == "*/finalizers" || slices.Contains(flinksKinds(), resource)
		})
		if len(groups) > 0 && len(resources) > 0 {
			slim = append(slim, rbacv1.PolicyRule{APIGroups: groups, Resources: resources, ResourceNames: rule.ResourceNames, Verbs: rule.Verbs})
		}
	}
	return slices.Clip(slim)
}

// SlimRoleBinding leaves of a RoleBinding the role and the subjects that may be service accounts.
func SlimRoleBinding(full *rbacv1.RoleBinding) *rbacv1.RoleBinding {
	return &rbacv1.RoleBinding{ObjectMeta: slimMeta(&full.ObjectMeta), RoleRef: full.RoleRef, Subjects: slimSubjects(full.Subjects)}
}

// SlimClusterRoleBinding leaves of a ClusterRoleBinding the role and the subjects that may be service accounts.
func SlimClusterRoleBinding(full *rbacv1.ClusterRoleBinding) *rbacv1.ClusterRoleBinding {
	return &rbacv1.ClusterRoleBinding{ObjectMeta: slimMeta(&full.ObjectMeta), RoleRef: full.RoleRef, Subjects: slimSubjects(full.Subjects)}
}

func slimSubjects(subjects []rbacv1.Subject) []rbacv1.Subject { return only(subjects, mayBeAccount) }

// slimMeta is who an object is.
func slimMeta(full *metav1.ObjectMeta) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: full.Name, Namespace: full.Namespace, UID: full.UID, ResourceVersion: full.ResourceVersion,
		CreationTimestamp: full.CreationTimestamp, DeletionTimestamp: full.DeletionTimestamp,
	}
}

func only[T any](all []T, wanted func(T) bool) []T {
	var some []T
	for _, element := range all {
		if wanted(element) {
			some = append(some, element)
		}
	}
	return slices.Clip(some)
}
