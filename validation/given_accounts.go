package validation

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// GivenAccounts are service accounts, and what they may do, as far as the objects say that were given along with the one under
// review, such as those in the same rendered files. While there is no account among them, accounts are not known, and while there is
// no object of RBAC about an account, neither are its rights.
type GivenAccounts struct {
	accounts map[access.Account]Account
	index    *access.Index
}

// NewGivenAccounts returns none.
func NewGivenAccounts() *GivenAccounts {
	return &GivenAccounts{accounts: map[access.Account]Account{}, index: access.NewRendered()}
}

// AccountPiece reads an object and returns what adds it to given accounts, nil if its kind is not about accounts. decode decodes it
// into the type of its kind; namespace is where it is, or will be applied. The error is that of decode.
func AccountPiece(kind, namespace string, decode func(into any) error) (add func(*GivenAccounts, time.Time), err error) {
	switch kind {
	case "ServiceAccount":
		var account corev1.ServiceAccount
		err = decode(&account)
		add = func(g *GivenAccounts, _ time.Time) {
			g.accounts[access.Account{Namespace: namespace, Name: account.Name}] = Account{
				Exists: true, Automount: account.AutomountServiceAccountToken, Credentials: access.Credentials(&account),
			}
		}
	case "Role":
		var role rbacv1.Role
		err = decode(&role)
		role.Namespace = namespace
		add = func(g *GivenAccounts, at time.Time) { g.index.SetRole(&role, at) }
	case "ClusterRole":
		var role rbacv1.ClusterRole
		err = decode(&role)
		add = func(g *GivenAccounts, at time.Time) { g.index.SetClusterRole(&role, at) }
	case "RoleBinding":
		var binding rbacv1.RoleBinding
		err = decode(&binding)
		binding.Namespace = namespace
		add = func(g *GivenAccounts, at time.Time) { g.index.SetRoleBinding(&binding, at) }
	case "ClusterRoleBinding":
		var binding rbacv1.ClusterRoleBinding
		err = decode(&binding)
		add = func(g *GivenAccounts, at time.Time) { g.index.SetClusterRoleBinding(&binding, at) }
	}
	if err != nil {
		return nil, err
	}
	return add, nil
}

// ServiceAccount is one of the accounts; "default" is in every namespace.
func (g *GivenAccounts) ServiceAccount(namespace, name string) (Account, bool) {
	account, found := g.accounts[access.Account{Namespace: namespace, Name: name}]
	if !found && name == defaultAccount {
		account.Exists = true
	}
	return account, len(g.accounts) > 0
}

// Access is what the objects give. They are all there will be, so that the answer is settled; where they say nothing of an account,
// it is unknown and says why.
func (g *GivenAccounts) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	return g.index.Lacks(account, namespace, needed)
}
