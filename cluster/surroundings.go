package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Surroundings answers what the rules ask about the objects around the one under review, from caches that informers fill. No
// answer asks the API server: until the caches have synced, and once their watches have failed for a while, everything is
// unknown. It is safe for concurrent use.
type Surroundings struct {
	reader  client.Reader
	options Options
	feed    *feed
	stores  *objectStores
	// resources are the custom resources, whose informers come and go with their kinds.
	resources *customResources
	rbac      *rbacObjects
	owned     *ownedStates
	lag       lag
	// hasSynced has one function for each informer that answers depend on.
	hasSynced []func() bool
	// synced is set once all of them have synced, and never reset: a watch that broke later is stale, which is no reason to
	// take this replica out of service.
	synced atomic.Bool
}

var _ validation.Surroundings = (*Surroundings)(nil)

// errNotSynced is shown by the readiness endpoint.
var errNotSynced = errors.New("the caches have not synced yet")

// Ready is a health check: it fails until the caches have synced for the first time.
func (s *Surroundings) Ready(*http.Request) error {
	if !s.ready() {
		return errNotSynced
	}
	return nil
}

func (s *Surroundings) ready() bool {
	if s.synced.Load() {
		return true
	}
	for _, hasSynced := range s.hasSynced {
		if !hasSynced() {
			return false
		}
	}
	s.synced.Store(true)
	return true
}

// current tells whether the caches hold what the cluster has, but for the moment that a watch event takes.
func (s *Surroundings) current() bool {
	return s.ready() && !s.options.WatchFailures.stale(watchesInventory)
}

// accountsCurrent tells the same of the cache of service accounts.
func (s *Surroundings) accountsCurrent() bool {
	return s.current() && !s.options.WatchFailures.stale(watchesAccounts)
}

// trusted tells whether the inventory holds what the cluster has: not before the informers have filled it, also those of custom
// resources whose kind was added later.
func (s *Surroundings) trusted() bool { return s.current() && s.resources.hasSynced() }

// Inventory of the Flink clusters, and whether it can be trusted.
func (s *Surroundings) Inventory() (*inventory.Inventory, bool) {
	trusted := s.trusted()
	if !trusted {
		s.unknown(questionInventory)
	}
	return s.feed.inventory, trusted
}

// ConfigMap returns what the cache has of a ConfigMap with Flink configuration, and since when it is so. All others are
// unknown. Data keys under which Flink configuration is neither expected nor found are left out, so that a key which is not
// there says nothing; only flink-conf.yaml and config.yaml are there whenever the ConfigMap has them.
func (s *Surroundings) ConfigMap(namespace, name string) (configMap *corev1.ConfigMap, changed time.Time, known bool) {
	if !s.current() {
		s.unknown(questionConfigMap)
		return nil, time.Time{}, false
	}
	seen, _ := s.lag.await(namespace, func() bool {
		if configMap, changed, known = s.feed.inventory.ConfigMap(namespace, name); known {
			return true
		}
		if _, state := s.feed.inventory.HAStateOf(namespace, name); state {
			return true
		}
		var kept corev1.ConfigMap
		err := s.reader.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: name}, &kept)
		return err == nil && kept.Data == nil // it is there, and has nothing of Flink's
	})
	if !seen {
		s.unknown(questionConfigMap)
	}
	return configMap, changed, known
}

// Namespace returns a namespace with those labels that are in the guard's domain. Once the watches have failed for a while it
// returns what was seen last, although it is not known any more: a namespace in which nothing was enforced is better guarded by its
// labels of then than by the defaults of the policy.
func (s *Surroundings) Namespace(name string) (found validation.Namespace, known bool) {
	look := func() bool {
		namespace, err := s.findNamespace(name)
		if err == nil {
			found = validation.Namespace{Labels: namespace.Labels, Deleting: namespace.DeletionTimestamp != nil}
		}
		return err == nil
	}
	if s.current() {
		if seen, _ := s.lag.await(name, look); seen {
			return found, true
		}
	}
	s.unknown(questionNamespace)
	if s.ready() {
		look()
	}
	return found, false
}

// findNamespace reads a namespace from the cache.
func (s *Surroundings) findNamespace(name string) (*metav1.PartialObjectMetadata, error) {
	namespace := namespaceMetadata()
	if err := s.reader.Get(context.Background(), client.ObjectKey{Name: name}, namespace); err != nil {
		return nil, fmt.Errorf("reading a namespace from the cache: %w", err)
	}
	return namespace, nil
}

// Member returns a workload or custom resource that runs, or describes, Flink, also one that was made a moment ago.
func (s *Surroundings) Member(key inventory.Key) (member *inventory.Member, known bool) {
	if !s.current() {
		s.unknown(questionMember)
		return nil, false
	}
	if !s.stores.watches(key.Kind) {
		return nil, false
	}
	seen, _ := s.lag.await(key.Namespace, func() bool {
		if member, known = s.feed.inventory.Member(key); known {
			return true
		}
		kept := s.stores.find(key)
		return kept != nil && kept.member == nil // it is there, and none of Flink's
	})
	if !seen {
		s.unknown(questionMember)
	}
	return member, known
}

func (s *Surroundings) unknown(question string) { s.options.Metrics.countUnknown(question) }

// Kinds of objects beside workloads, and the account that every namespace has.
const (
	kindConfigMap      = "ConfigMap"
	kindServiceAccount = "ServiceAccount"
	kindNamespace      = "Namespace"
	defaultAccount     = "default"
)

// metadataOf returns an empty object for the metadata of a kind.
func metadataOf(kind schema.GroupVersionKind) *metav1.PartialObjectMetadata {
	object := &metav1.PartialObjectMetadata{}
	object.SetGroupVersionKind(kind)
	return object
}

// namespaceMetadata is an empty object for the metadata of a namespace.
func namespaceMetadata() *metav1.PartialObjectMetadata {
	return metadataOf(corev1.SchemeGroupVersion.WithKind(kindNamespace))
}
