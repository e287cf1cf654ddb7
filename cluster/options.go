package cluster

import (
	"errors"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Options says where the guard's own objects are and what it may do.
type Options struct {
	// Namespace that the guard runs in.
	Namespace string
	// WebhookConfigurationName is the name of both the ValidatingWebhookConfiguration and the
	// MutatingWebhookConfiguration.
	WebhookConfigurationName string
	// CASecretName and CASecretKey tell where the CA certificate is, as PEM, in the guard's namespace. Without a name the
	// CA bundle is not ours to keep: cert-manager's cainjector does it.
	CASecretName, CASecretKey string
	// Policy returns the policy that holds now.
	Policy func() *policy.Policy
	// OperatorDefaults names ConfigMaps with the default configuration of a Flink Kubernetes Operator, as "namespace/name".
	// Without names it is found by the name that the operator's chart gives it.
	OperatorDefaults []string
	// Judge finds what is wrong with a workload, or custom resource, that another custom resource owns. Events tell of it. nil
	// writes no Events.
	Judge func(*inventory.Member) []validation.Finding
	// Injections are the accounts that the admission server puts into objects. Events tell of them; nil tells of none.
	Injections *Injections
	// OwnerNotes are what the admission server has seen of owner references of HA ConfigMaps. Events tell who adds them; nil tells of
	// nobody.
	OwnerNotes *OwnerNotes
	// Deletions are what the admission server has seen of deletions of HA ConfigMaps. nil keeps nothing that is deleted.
	Deletions *Deletions
	// BindingGrace is for how long nobody needs a RoleBinding of the guard's before it is removed; 0 is an hour.
	BindingGrace time.Duration
	// Metrics count what is known; nil counts nothing.
	Metrics *Metrics
	// WatchFailures of the manager that the options are for; nil keeps no count of them.
	WatchFailures *WatchFailures
}

// keepsCABundle tells whether the CA bundle of the webhook configurations is ours to keep.
func (o Options) keepsCABundle() bool { return o.CASecretName != "" }

// provisions tells whether the policy's account is made where it is named and missing.
func (o Options) provisions() bool {
	accounts := o.Policy().ServiceAccounts
	return accounts.Inject && accounts.Provision && accounts.Name != ""
}

// strips tells whether owner references are removed from HA ConfigMaps.
func (o Options) strips() bool { return o.Policy().HAConfigMaps.StripOwnerReferences }

// keepFor is for how long deleted HA state is kept; 0 for not at all.
func (o Options) keepFor() time.Duration {
	return time.Duration(o.Policy().HAConfigMaps.KeepDeletedDays) * 24 * time.Hour
}

// restores tells whether the guard itself brings HA state back that was deleted under a live cluster.
func (o Options) restores() bool {
	return o.keepFor() > 0 && o.Policy().HAConfigMaps.Undelete == policy.UndeleteAuto
}

// sees tells whether any webhook of ours looks into a namespace, as far as its name says it: the webhook configurations
// exclude the guard's own namespace, which would otherwise guard itself, and that of the control plane.
func (o Options) sees(namespace string) bool {
	return namespace != o.Namespace && namespace != controlPlaneNamespace
}

const controlPlaneNamespace = "kube-system"

func (o Options) validate() error {
	switch {
	case o.Policy == nil:
		return errors.New("there is no policy")
	case o.Namespace == "":
		return errors.New("the guard's own namespace is not known")
	case o.keepsCABundle() && (o.CASecretKey == "" || o.WebhookConfigurationName == ""):
		return errors.New("keeping the CA bundle needs the key in the Secret and the name of the webhook configurations")
	}
	return nil
}
