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
	// complete is true where there are no other accounts and rights than those.
	complete bool
	// partial says why some that are not there may be somewhere else, "" if that is not so.
	partial      string
	provisioning givenProvisioning
}

// NewLiveAccounts returns none, for all objects that a cluster has to be added to: what is not among them then is not there.
func NewLiveAccounts() *GivenAccounts {
	return &GivenAccounts{accounts: map[access.Account]Account{}, index: access.New(), complete: true}
}

// NewGivenAccounts returns none.
func NewGivenAccounts() *GivenAccounts {
	return &GivenAccounts{accounts: map[access.Account]Account{}, index: access.NewRendered(GuardRoles()...)}
}

// AccountPiece reads an object and returns what adds it to given accounts, nil if its kind is not about accounts. decode decodes it
// into the type of its kind; namespace is where it is, or will be applied. The error is that of decode.
func AccountPiece(kind, namespace string, decode func(into any) error) (add func(*GivenAccounts, time.Time), err error) {
	switch kind {
	case "ServiceAccount":
		var account corev1.ServiceAccount
		err = decode(&account)
		add = func(g *GivenAccounts, _ time.Time) {
			at := access.Account{Namespace: namespace, Name: account.Name}
			g.provisioning.noteAccount(at, &account)
			g.accounts[at] = Account{
				Exists: account.DeletionTimestamp == nil || account.Name == defaultAccount, Automount: account.AutomountServiceAccountToken, Credentials: access.Credentials(&account),
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
		add = func(g *GivenAccounts, at time.Time) {
			g.provisioning.noteBinding(&binding)
			g.index.SetRoleBinding(&binding, at)
		}
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

// Forget removes the account, or the object of RBAC, of a kind and a name.
func (g *GivenAccounts) Forget(kind, namespace, name string, at time.Time) {
	switch kind {
	case "ServiceAccount":
		delete(g.accounts, access.Account{Namespace: namespace, Name: name})
	case "Role":
		g.index.DeleteRole(namespace, name, at)
	case "ClusterRole":
		g.index.DeleteClusterRole(name, at)
	case "RoleBinding":
		g.provisioning.forgetBinding(namespace, name)
		g.index.DeleteRoleBinding(namespace, name, at)
	case "ClusterRoleBinding":
		g.index.DeleteClusterRoleBinding(name, at)
	}
}

// Doubt says why accounts and rights that are not among the objects may be there all the same; "" for no doubt.
func (g *GivenAccounts) Doubt(reason string) { g.partial = reason }

// ServiceAccount is one of the accounts, or one that the guard makes once a workload names it; "default" is in every namespace.
func (g *GivenAccounts) ServiceAccount(namespace, name string) (Account, bool) {
	account, found := g.accounts[access.Account{Namespace: namespace, Name: name}]
	switch known := g.partial == "" && (g.complete || len(g.accounts) > 0); {
	case found:
		return account, true
	case !known:
		return Account{Exists: name == defaultAccount && g.partial == ""}, false
	case name == defaultAccount:
		return Account{Exists: true}, true
	}
	promised := g.provisioning.planFor(namespace).Makes(name)
	return Account{Exists: promised, Promised: promised}, true
}

// Access is what the objects give, and what the guard is about to bind. Where the objects are all there will be, the answer is settled;
// where they say nothing of an account, it is unknown and says why.
func (g *GivenAccounts) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	_, there := g.accounts[account]
	_, known := g.ServiceAccount(account.Namespace, account.Name)
	promised, certain := g.provisioning.promised(account, namespace, there, known)
	answer := g.index.Lacks(account, namespace, needed, promised...)
	switch {
	case answer.Lacking() && g.partial != "":
		return access.Answer{Changed: answer.Changed, Unknown: g.partial}
	case answer.Lacking() && !certain:
		return access.Answer{Changed: answer.Changed, Unknown: "the guard may bind the account, which is not among the objects given"}
	}
	return answer
}
