package policy

import "time"

// The ClusterRoles that the guard binds to accounts of Flink's processes, and no others; the manifests bring them. A RoleBinding to
// one has its name.
const (
	// JobManagerRole lets a JobManager lead, store and clean up in ConfigMaps.
	JobManagerRole = "flink-ha-webhook-jobmanager"
	// NativeRole lets a JobManager in native mode make its TaskManagers.
	NativeRole = "flink-ha-webhook-jobmanager-native"
	// TaskManagerRole lets a TaskManager find the leader.
	TaskManagerRole = "flink-ha-webhook-taskmanager"
)

// ServiceAccounts is about the account that Flink's processes get.
type ServiceAccounts struct {
	// Inject turns injection on.
	Inject bool `file:"inject"`
	// Name of the account to inject where the namespace names none.
	Name string `file:"name"`
	// Provision lets the guard make the account, and bind it to the rights that Flink needs, in a namespace where it is
	// named and missing.
	Provision bool `file:"provision"`
	// BindExisting lets it bind those rights also to the account to inject where people made that account.
	BindExisting bool `file:"bindExisting"`
	// DefaultCredentials is what happens where pods get image pull secrets or the identity of a cloud with the account "default".
	DefaultCredentials DefaultCredentials `file:"defaultCredentials"`
	// MountToken lets the guard mend automountServiceAccountToken: false.
	MountToken bool `file:"mountToken"`
	// LabelledNamespacesOnly keeps injection and provisioning to the namespaces that name an account.
	LabelledNamespacesOnly bool `file:"labelledNamespacesOnly"`
}

// DefaultCredentials is what happens to processes on an account "default" that carries more than its token.
type DefaultCredentials string

// What may happen to them.
const (
	// DefaultCredentialsWarn leaves them on it, with a warning.
	DefaultCredentialsWarn DefaultCredentials = "warn"
	// DefaultCredentialsCopy gives them the other account, with a copy of what "default" carries if the guard made that account.
	DefaultCredentialsCopy DefaultCredentials = "copy"
	// DefaultCredentialsBind leaves them on it, and binds "default" to the rights that they need.
	DefaultCredentialsBind DefaultCredentials = "bind"
)

// AccountFor is the account to inject in a namespace with these labels: "" if nothing is injected there. A label that is no name
// counts as if it were not there.
func (p *Policy) AccountFor(labels map[string]string) string {
	accounts := p.ServiceAccounts
	named, labelled := labels[LabelServiceAccount]
	labelled = labelled && isAccountName(named)
	switch {
	case !accounts.Inject, accounts.LabelledNamespacesOnly && !labelled:
		return ""
	case labelled:
		return named
	}
	return accounts.Name
}

// ProvisionsIn tells whether the guard makes and binds accounts in a namespace with these labels: not where nothing is enforced or
// the namespace is exempt, since nothing in it is changed then.
func (p *Policy) ProvisionsIn(namespace string, labels map[string]string, now time.Time) bool {
	if !p.ServiceAccounts.Provision || p.AccountFor(labels) == "" || labels[LabelGuard] == GuardDisabled {
		return false
	}
	if _, exempt := p.ExemptNamespace(namespace, now); exempt {
		return false
	}
	modes, _ := p.ForNamespace(labels)
	return modes.Edits()
}

func isAccountName(name string) bool { return len(name) <= maxName && dnsSubdomain.MatchString(name) }
