package cluster

import (
	"context"
	"strings"
	"sync"
	"time"

	toolscache "k8s.io/client-go/tools/cache"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// staleAfter is how long a watch may fail before answers from its cache count as unknown. A restart of the API server, and the
// end of a watch that fell behind, take less.
const staleAfter = time.Minute

// WatchFailures keeps count of the watches of one manager that fail: without the right to list, for instance, or of an API
// server that cannot be reached. nil keeps no count.
type WatchFailures struct {
	now func() time.Time

	mu      sync.Mutex
	failing map[string]failure
}

// watchPurpose is what watches are for: answers that depend on others are good while these fail.
type watchPurpose int

const (
	// watchesNothing is for watches that only a controller needs. Those of metadata are among them, since all of them have one name.
	watchesNothing watchPurpose = iota
	// watchesInventory fill the inventory, without which nothing is known.
	watchesInventory
	watchesAccounts
	// watchesRBAC may fail for ever in an installation whose role does not let the guard read RBAC.
	watchesRBAC
)

// failure is when a watch began to fail, and how far it had come then.
type failure struct {
	since   time.Time
	version string
	watch   watchProgress
}

// watchProgress is what client-go's Reflector says of itself.
type watchProgress interface {
	TypeDescription() string
	LastSyncResourceVersion() string
}

// NewWatchFailures returns an account of no failures.
func NewWatchFailures() *WatchFailures {
	return &WatchFailures{now: time.Now, failing: map[string]failure{}}
}

// handle is called whenever a watch has ended with an error, before it is tried again.
func (w *WatchFailures) handle(ctx context.Context, watch *toolscache.Reflector, err error) {
	toolscache.DefaultWatchErrorHandler(ctx, watch, err)
	w.note(watch)
}

func (w *WatchFailures) note(watch watchProgress) {
	kind, version := watch.TypeDescription(), watch.LastSyncResourceVersion()
	if purposeOf(kind) == watchesNothing {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if former, ok := w.failing[kind]; ok && former.version == version {
		return
	}
	w.failing[kind] = failure{since: w.now(), version: version, watch: watch}
}

// forget drops what is known of a watch that has been given up.
func (w *WatchFailures) forget(kind string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.failing, kind)
}

// stale tells whether a watch for a purpose has failed for so long that its cache cannot be trusted. One that goes on has another
// version.
func (w *WatchFailures) stale(purpose watchPurpose) bool {
	if w == nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	stale := false
	for kind, failure := range w.failing {
		if failure.watch.LastSyncResourceVersion() != failure.version {
			delete(w.failing, kind)
			continue
		}
		stale = stale || purposeOf(kind) == purpose && w.now().Sub(failure.since) > staleAfter
	}
	return stale
}

// purposeOf knows watches by the names that client-go gives them.
func purposeOf(watch string) watchPurpose {
	switch watch {
	case "*v1.ConfigMap", "*v1.Deployment", "*v1.StatefulSet", "*v1.Job":
		return watchesInventory
	case "*v1.ServiceAccount":
		return watchesAccounts
	case "*v1.Role", "*v1.ClusterRole", "*v1.RoleBinding", "*v1.ClusterRoleBinding":
		return watchesRBAC
	}
	if strings.HasPrefix(watch, workload.ResourceGroup+"/") {
		return watchesInventory
	}
	return watchesNothing
}
