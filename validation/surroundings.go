package validation

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// Surroundings is what may be asked about the objects around the one under review. The server answers from its caches, the
// offline check from the files that it was given. Whatever is not at hand is unknown: an answer that no rule takes for "no".
// What is returned is shared, and must not be changed.
type Surroundings interface {
	// Inventory of the Flink clusters around, and whether it can be trusted to hold them.
	Inventory() (*inventory.Inventory, bool)
	// ConfigMap returns a ConfigMap, since when it is unchanged, and whether it is known.
	ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool)
	// Namespace returns what matters of a namespace, and whether it is known.
	Namespace(name string) (Namespace, bool)
	// ServiceAccount returns what is known of a service account, and whether anything is.
	ServiceAccount(namespace, name string) (Account, bool)
	// Access tells which of some rights in a namespace a service account lacks. What is about to be bound to it counts as bound.
	Access(account access.Account, namespace string, needed []rights.Right) access.Answer
	// Member returns a workload or custom resource that may have been made a moment ago.
	Member(key inventory.Key) (*inventory.Member, bool)
}

// Namespace is what is known of a namespace.
type Namespace struct {
	// Labels that are the guard's. They may be those of a while ago where the namespace is not known any more.
	Labels map[string]string
	// Deleting is true for one that is being deleted.
	Deleting bool
}

// Account is what is known of a service account.
type Account struct {
	// Exists is true for an account that is there, or is about to be made.
	Exists bool
	// Promised is true for one that is not there yet: the guard makes it once a workload names it.
	Promised bool
	// Automount is automountServiceAccountToken, nil where it does not say.
	Automount *bool
	// Credentials names what pods get with the account besides its token: "imagePullSecrets", or the annotation of a cloud's
	// identity. A pod that is moved to another account loses them.
	Credentials []string
}

// Alone is an object judged by itself: nothing around it is known.
type Alone struct{}

var _ Surroundings = Alone{}

// Inventory knows of no clusters.
func (Alone) Inventory() (*inventory.Inventory, bool) { return nil, false }

// ConfigMap knows none.
func (Alone) ConfigMap(string, string) (*corev1.ConfigMap, time.Time, bool) {
	return nil, time.Time{}, false
}

// Namespace knows none.
func (Alone) Namespace(string) (Namespace, bool) { return Namespace{}, false }

// ServiceAccount knows of none.
func (Alone) ServiceAccount(string, string) (Account, bool) { return Account{}, false }

// Access knows of no rights.
func (Alone) Access(access.Account, string, []rights.Right) access.Answer { return access.Answer{} }

// Member knows none.
func (Alone) Member(inventory.Key) (*inventory.Member, bool) { return nil, false }
