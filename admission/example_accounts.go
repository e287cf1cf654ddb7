package admission

import (
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// exampleAccounts are the service accounts of an example, and what they may do. While it has none, accounts are not known, and
// while it has no object of RBAC about them, neither are their rights.
type exampleAccounts struct {
	accounts map[access.Account]validation.Account
	index    *access.Index
}

func newExampleAccounts() exampleAccounts {
	return exampleAccounts{accounts: map[access.Account]validation.Account{}, index: access.NewRendered()}
}

// add adds an object that came at a time, if it is about accounts.
func (a *exampleAccounts) add(object exampleObject, at time.Time) (added bool, err error) {
	read := func(into any) bool {
		added = true
		if err = json.Unmarshal(object.raw, into); err != nil {
			err = fmt.Errorf("reading %s %s: %w", object.Kind, object.Name, err)
		}
		return err == nil
	}
	switch object.Kind {
	case "ServiceAccount":
		if account := (corev1.ServiceAccount{}); read(&account) {
			a.accounts[access.Account{Namespace: object.Namespace, Name: object.Name}] = validation.Account{
				Exists: true, Automount: account.AutomountServiceAccountToken, Credentials: access.Credentials(&account),
			}
		}
	case "Role":
		if role := (rbacv1.Role{}); read(&role) {
			role.Namespace = object.Namespace
			a.index.SetRole(&role, at)
		}
	case "ClusterRole":
		if role := (rbacv1.ClusterRole{}); read(&role) {
			a.index.SetClusterRole(&role, at)
		}
	case "RoleBinding":
		if binding := (rbacv1.RoleBinding{}); read(&binding) {
			binding.Namespace = object.Namespace
			a.index.SetRoleBinding(&binding, at)
		}
	case "ClusterRoleBinding":
		if binding := (rbacv1.ClusterRoleBinding{}); read(&binding) {
			a.index.SetClusterRoleBinding(&binding, at)
		}
	}
	return added, err
}

// ServiceAccount is one of the objects; "default" is everywhere.
func (a *exampleAccounts) ServiceAccount(namespace, name string) (validation.Account, bool) {
	account, found := a.accounts[access.Account{Namespace: namespace, Name: name}]
	if !found && name == "default" {
		account.Exists = true
	}
	return account, len(a.accounts) > 0
}

// Access is what the objects give. An example shows what is said of a cluster, where more may come later.
func (a *exampleAccounts) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	answer := a.index.Lacks(account, namespace, needed)
	answer.Settled = false
	return answer
}
