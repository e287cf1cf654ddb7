package validation

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// The label by which the guard knows what it made, and its name, also as the manager of fields.
const (
	LabelManagedBy = "app.kubernetes.io/managed-by"
	ManagedByGuard = "flink-ha-webhook"
)

// AccountPlan is what the guard does about accounts in one namespace.
type AccountPlan struct {
	// Name of the account to inject, "" for none.
	Name string
	// Provisions tells whether the account is made, and accounts are bound; Reports, whether people are told what is wrong with
	// accounts, also where they are not the guard's to mend.
	Provisions, Reports bool
	// BindsExisting tells whether the account to inject is bound where people made it, BindsDefault whether "default" is where it
	// carries credentials, and Copies whether an account that is made gets those as well.
	BindsExisting, BindsDefault, Copies bool
}

// PlanAccounts tells what the guard does under a policy in a namespace with these labels, if the namespace is one that it looks into.
func PlanAccounts(current *policy.Policy, namespace string, labels map[string]string, now time.Time) AccountPlan {
	if labels[policy.LabelGuard] == policy.GuardDisabled {
		return AccountPlan{}
	}
	accounts := current.ServiceAccounts
	_, exempt := current.ExemptNamespace(namespace, now)
	return AccountPlan{
		Reports:       !exempt,
		Name:          current.AccountFor(labels),
		Provisions:    current.ProvisionsIn(namespace, labels, now),
		BindsExisting: accounts.BindExisting,
		BindsDefault:  accounts.DefaultCredentials == policy.DefaultCredentialsBind,
		Copies:        accounts.DefaultCredentials == policy.DefaultCredentialsCopy,
	}
}

// Makes tells whether the guard makes an account that is not there once a workload names it.
func (p AccountPlan) Makes(name string) bool {
	return p.Provisions && name == p.Name && name != defaultAccount
}

// Binds tells whether the guard gives an account that is there the rights that the processes need which name it. One that it made
// stays bound while it is used, whatever is injected meanwhile; one that people made is their decision, or the policy's.
func (p AccountPlan) Binds(account *corev1.ServiceAccount) bool {
	switch {
	case !p.Provisions || account.DeletionTimestamp != nil:
		return false
	case account.Name == defaultAccount:
		return p.BindsDefault && len(access.Credentials(account)) > 0
	case account.Labels[LabelManagedBy] == ManagedByGuard:
		return true
	}
	return account.Name == p.Name && p.BindsExisting
}

// MadeByGuard tells whether the guard made an object: by its label or, where somebody took that away, by the fields that the guard
// manages.
func MadeByGuard(meta *metav1.ObjectMeta) bool {
	return meta.Labels[LabelManagedBy] == ManagedByGuard || slices.ContainsFunc(meta.ManagedFields, AppliedByGuard)
}

// AppliedByGuard tells whether the guard manages fields of an object.
func AppliedByGuard(entry metav1.ManagedFieldsEntry) bool {
	return entry.Manager == ManagedByGuard && entry.Operation == metav1.ManagedFieldsOperationApply
}

// GuardRoles are the ClusterRoles that the guard binds, as its manifests bring them (manifests/flink-roles.yaml).
func GuardRoles() []rbacv1.ClusterRole {
	role := func(name string, rules ...rbacv1.PolicyRule) rbacv1.ClusterRole {
		return rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: rules}
	}
	rule := func(group, resource string, verbs ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs}
	}
	return []rbacv1.ClusterRole{
		role(policy.JobManagerRole, rule("", "configmaps", "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")),
		role(policy.NativeRole,
			rule("", "pods", "list", "watch", "create", "delete"), rule("apps", "deployments", "get", "delete"),
			rule("apps", "deployments/finalizers", "update"), rule("", "services", "get", "update")),
		role(policy.TaskManagerRole, rule("", "configmaps", "list", "watch")),
	}
}
