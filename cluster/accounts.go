package cluster

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// clusterRoles are the ClusterRoles that the guard binds.
func clusterRoles() []string {
	return []string{policy.JobManagerRole, policy.NativeRole, policy.TaskManagerRole}
}

const (
	// labelManagedBy with our name as value marks what the guard made and may complete.
	labelManagedBy = "app.kubernetes.io/managed-by"
	managedByUs    = "flink-ha-webhook"
	fieldOwner     = managedByUs
)

// accountPlan is what the guard does about accounts in one namespace.
type accountPlan struct {
	// name of the account to inject, "" for none.
	name string
	// provisions tells whether the account is made, and accounts are bound; reports, whether people are told what is wrong with
	// accounts, also where they are not the guard's to mend.
	provisions, reports bool
	// bindsExisting tells whether the account to inject is bound where people made it, bindsDefault whether "default" is where it
	// carries credentials, and copies whether an account that is made gets those as well.
	bindsExisting, bindsDefault, copies bool
}

// planAccounts tells what the guard does in a namespace with these labels.
func (o Options) planAccounts(namespace string, labels map[string]string, now time.Time) accountPlan {
	if !o.sees(namespace) || labels[policy.LabelGuard] == policy.GuardDisabled {
		return accountPlan{}
	}
	current := o.Policy()
	accounts := current.ServiceAccounts
	_, exempt := current.ExemptNamespace(namespace, now)
	return accountPlan{
		reports:       !exempt,
		name:          current.AccountFor(labels),
		provisions:    current.ProvisionsIn(namespace, labels, now),
		bindsExisting: accounts.BindExisting,
		bindsDefault:  accounts.DefaultCredentials == policy.DefaultCredentialsBind,
		copies:        accounts.DefaultCredentials == policy.DefaultCredentialsCopy,
	}
}

// makes tells whether the guard makes an account that is not there once a workload names it.
func (p accountPlan) makes(name string) bool {
	return p.provisions && name == p.name && name != defaultAccount
}

// binds tells whether the guard gives an account that is there the rights that the processes need which name it. One that it made
// stays bound while it is used, whatever is injected meanwhile; one that people made is their decision, or the policy's.
func (p accountPlan) binds(account *corev1.ServiceAccount) bool {
	switch {
	case !p.provisions || account.DeletionTimestamp != nil:
		return false
	case account.Name == defaultAccount:
		return p.bindsDefault && len(access.Credentials(account)) > 0
	case isOurs(account):
		return true
	}
	return account.Name == p.name && p.bindsExisting
}

// isOurs tells whether the guard made an account.
func isOurs(account *corev1.ServiceAccount) bool {
	return account.Labels[labelManagedBy] == managedByUs
}
