package cluster

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Surroundings answers what the rules ask about the objects around the one under review, from caches that informers fill. No
// answer asks the API server: until the caches have synced, everything is unknown. It is safe for concurrent use.
type Surroundings struct {
	reader  client.Reader
	options Options
	// hasSynced has one function for each informer that answers depend on.
	hasSynced []func() bool
	// synced is set once all of them have synced, and never reset: a watch that broke later is stale, not unknown.
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

// ConfigMap returns what the cache has of a ConfigMap with Flink configuration, which the caller must not change. All others
// are unknown. Data keys under which Flink configuration is neither expected nor found are left out, so that a key which is
// not there says nothing; only flink-conf.yaml and config.yaml are there whenever the ConfigMap has them.
func (s *Surroundings) ConfigMap(namespace, name string) (*corev1.ConfigMap, bool) {
	if !s.ready() {
		return nil, false
	}
	key := client.ObjectKey{Namespace: namespace, Name: name}
	deadline := time.Now().Add(informerLag)
	for {
		var configMap corev1.ConfigMap
		err := s.reader.Get(context.Background(), key, &configMap)
		switch {
		case err == nil:
			return &configMap, configMap.Data != nil
		case !apierrors.IsNotFound(err) || time.Now().After(deadline):
			return nil, false
		}
		time.Sleep(lagPoll)
	}
}

// informerLag is how long an answer waits for a ConfigMap that the cache has not seen. People apply a ConfigMap and the
// workload that mounts it within milliseconds, and the watch event may come after the review: one in thirty did when a program
// created them back to back. It is a small part of the two seconds that a review may take, and is only spent on workloads
// that mount what is not there.
const (
	informerLag = 100 * time.Millisecond
	lagPoll     = 5 * time.Millisecond
)

// ServiceAccountWillExist knows about the policy's account only: it will exist where the guard makes it, and otherwise if it
// is there.
func (s *Surroundings) ServiceAccountWillExist(namespace, name string) (exists, known bool) {
	if !s.options.injects() || name != s.options.ServiceAccounts.Name || !s.options.sees(namespace) {
		return false, false
	}
	if s.options.provisions() {
		return true, true
	}
	if !s.ready() {
		return false, false
	}
	account := metadataOf(corev1.SchemeGroupVersion.WithKind(kindServiceAccount))
	err := s.reader.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: name}, account)
	switch {
	case apierrors.IsNotFound(err):
		return false, true
	case err != nil:
		return false, false
	}
	return account.DeletionTimestamp == nil, true
}

const kindServiceAccount = "ServiceAccount"

// metadataOf returns an empty object for the metadata of a kind.
func metadataOf(kind schema.GroupVersionKind) *metav1.PartialObjectMetadata {
	object := &metav1.PartialObjectMetadata{}
	object.SetGroupVersionKind(kind)
	return object
}
