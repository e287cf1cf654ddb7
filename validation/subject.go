package validation

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Kind is the kind of thing that is judged. A rule says which kinds can carry its mistake.
type Kind int

// The kinds. OfDeletion is a custom resource that is about to be deleted, OfNamespace a namespace with its labels. OfHAState is an HA
// ConfigMap, or a ConfigMap that Flink or its operator would take for one, and OfStateDeletion an HA ConfigMap that is about to be
// deleted.
const (
	OfConfiguration Kind = iota
	OfWorkload
	OfResource
	OfDeletion
	OfNamespace
	OfHAState
	OfStateDeletion
	numberOfKinds
)

// Subject is a Flink cluster under review, as far as one object shows it.
type Subject struct {
	Kind Kind
	// Namespace and Name of the object. Namespace is "" where a manifest does not say it.
	Namespace, Name string
	// Role of the processes that the object configures or runs; "" if that cannot be told.
	Role workload.Role
	// Version of Flink, which may be unknown.
	Version flink.Version
	// Configuration that the processes would hold, as far as the object says it.
	Configuration flink.Configuration
	// Managed is true where Flink's native client or the Flink Kubernetes Operator made the object. They set the cluster's
	// ids by themselves.
	Managed bool
	// HighAvailabilityNotRequired is true if the object opts out of high availability.
	HighAvailabilityNotRequired bool
	// Member is the workload or custom resource under review. For a configuration it is the workload that reads it, nil if
	// none is known.
	Member *inventory.Member
	// ConfigMap is the one under review, for OfHAState and OfStateDeletion.
	ConfigMap *corev1.ConfigMap
	// Deleter is who deletes it, for OfStateDeletion, Use how it is in use, as far as that is known, and InCollection tells whether
	// it is deleted along with others.
	Deleter      Deleter
	Use          inventory.Use
	InCollection bool
	// Labels and Annotations of a namespace under review.
	Labels, Annotations map[string]string
	// Previous is the object before an update, nil for one that is new.
	Previous *Subject
	// Exemptions that the object's annotations ask for, whether they hold or not.
	Exemptions []policy.Exemption
	// AllowedPrefixes are the policy's prefixes of storage directories, with the namespace filled in; none allows all.
	AllowedPrefixes []string
	// Around answers what a rule asks about other objects; nil knows nothing. What a rule finds only with its help is a joint
	// finding, and counts as strict.
	Around Surroundings

	ha         flink.HighAvailability
	storage    flink.Storage
	own        inventory.Identity
	resolved   bool
	stored     bool
	identified bool
	apart      *apart
}

// highAvailability is the HA mode of the subject, resolved once.
func (s *Subject) highAvailability() flink.HighAvailability {
	if !s.resolved {
		s.ha, s.resolved = flink.ResolveHighAvailability(s.Configuration, s.Version), true
	}
	return s.ha
}

// storagePath is where the subject keeps its HA data, resolved once.
func (s *Subject) storagePath() flink.Storage {
	if !s.stored {
		s.storage, s.stored = flink.ResolveStorage(s.Configuration, s.Version), true
	}
	return s.storage
}

// identity is what the subject can collide in, resolved once.
func (s *Subject) identity() inventory.Identity {
	if !s.identified {
		s.own, s.identified = inventory.Identify(s.Configuration, s.Version, s.highAvailability().Mode, s.storagePath), true
	}
	return s.own
}

// inventory is what is known of the clusters around, or false where nothing is.
func (s *Subject) inventory() (*inventory.Inventory, bool) {
	if s.Around == nil {
		return nil, false
	}
	return s.Around.Inventory()
}

// usesStorageDir tells whether the HA mode needs a storage directory. An invalid mode does: whoever wrote it meant one that
// does.
func (s *Subject) usesStorageDir() bool {
	mode := s.highAvailability().Mode
	return mode == flink.ModeKubernetes || mode == flink.ModeZooKeeper || mode == flink.ModeInvalid
}

// lacks tells whether an option is certainly not set under any of its keys: unset or blank, where nothing may be hidden.
func (s *Subject) lacks(key string) (blank flink.Setting, isBlank, lacks bool) {
	reading := s.Configuration.Get(key, s.Version)
	switch {
	case reading.Unknown != "":
		return flink.Setting{}, false, false
	case reading.Set:
		isBlank = flink.IsBlank(reading.Setting.Value)
		return reading.Setting, isBlank, isBlank
	}
	return flink.Setting{}, false, s.readable()
}

// readable tells whether Flink would load the configuration at all; where not, that is the finding, and the rest is noise.
func (s *Subject) readable() bool { return s.Configuration.Err == nil }

// Deleter is in what capacity somebody deletes HA state.
type Deleter string

// Who deletes HA state. Flink and its operator do so in the ordinary course of things; the garbage collector where an owner is gone,
// and the namespace controller with the whole namespace.
const (
	DeleterFlink               Deleter = "flink"
	DeleterOperator            Deleter = "operator"
	DeleterGarbageCollector    Deleter = "garbage-collector"
	DeleterNamespaceController Deleter = "namespace-controller"
	DeleterOther               Deleter = "other"
)

// Deleters are all of them.
func Deleters() []Deleter {
	return []Deleter{DeleterFlink, DeleterOperator, DeleterGarbageCollector, DeleterNamespaceController, DeleterOther}
}
