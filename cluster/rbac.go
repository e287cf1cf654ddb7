package cluster

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// rbacObjects keeps what the API server has of RBAC in an index that says what accounts may do.
//
// They are in a cache of their own, which starts after that of the manager. A manager that has started does nothing until all
// informers of its cache have synced, and a controller waits for all of them before it begins. An informer that may not list, in
// an installation whose role does not say so yet, never syncs: it would keep this replica out of service, and the CA bundles from
// being kept. So only who asks about RBAC waits for RBAC. A controller that follows these objects has
// source.Kind(rbacObjects.cache, …) as its source, and reads them from that cache.
type rbacObjects struct {
	cache    cache.Cache
	index    *access.Index
	failures *WatchFailures
	now      func() time.Time
	// hasSynced has one function for each informer, once there are all of them.
	hasSynced atomic.Pointer[[]func() bool]
	synced    atomic.Bool
	// taken are the bindings of the guard's names that somebody else has made, by their keys.
	taken sync.Map
	// bootstrapped counts the ClusterRoles that the API server made itself.
	bootstrapped atomic.Int64
}

// newRBACObjects makes the cache, which asks for nothing before it is started.
func newRBACObjects(mgr manager.Manager, o Options) (*rbacObjects, error) {
	options := rbacCacheOptions(o)
	options.HTTPClient, options.Scheme, options.Mapper = mgr.GetHTTPClient(), mgr.GetScheme(), mgr.GetRESTMapper()
	objects, err := cache.New(mgr.GetConfig(), options)
	if err != nil {
		return nil, fmt.Errorf("setting up the cache for RBAC: %w", err)
	}
	return &rbacObjects{cache: objects, index: access.New(), failures: o.WatchFailures, now: time.Now}, nil
}

// NeedLeaderElection is false: every replica answers from these informers.
func (r *rbacObjects) NeedLeaderElection() bool { return false }

// Start fills the index until the context ends.
func (r *rbacObjects) Start(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- r.cache.Start(ctx) }()
	for {
		err := r.watch(ctx)
		if err == nil {
			break
		}
		// An API server that has no RBAC, or cannot be asked what it has.
		log.FromContext(ctx).Error(err, "Trying again to watch the objects of RBAC")
		select {
		case <-ctx.Done():
			return <-ended
		case <-time.After(lookInterval):
		}
	}
	return <-ended
}

// watch starts the informers. Once it was called with success it must not be called again; after an error it may.
func (r *rbacObjects) watch(ctx context.Context) error {
	kinds := []struct {
		object  client.Object
		handler toolscache.ResourceEventHandler
	}{
		{&rbacv1.Role{}, handlerOf(r.replaceRole)},
		{&rbacv1.ClusterRole{}, handlerOf(r.replaceClusterRole)},
		{&rbacv1.RoleBinding{}, handlerOf(r.replaceRoleBinding)},
		{&rbacv1.ClusterRoleBinding{}, handlerOf(r.replaceClusterRoleBinding)},
	}
	for _, kind := range kinds { // all of one group: either the API server has them, or none
		if _, err := r.cache.GetInformer(ctx, kind.object, cache.BlockUntilSynced(false)); err != nil {
			return fmt.Errorf("setting up the informer for %T: %w", kind.object, err)
		}
	}
	var hasSynced []func() bool
	for _, kind := range kinds {
		_, registration, err := watchWith(ctx, r.cache, kind.object, kind.handler)
		if err != nil {
			return err
		}
		hasSynced = append(hasSynced, registration.HasSynced)
	}
	r.hasSynced.Store(&hasSynced)
	return nil
}

// current tells whether the index holds what the cluster has, and whether that decides anything: an API server that was started
// without RBAC, as some small distributions do, takes objects of RBAC and lets everybody do everything. It has none of the
// ClusterRoles that one with RBAC makes when it starts.
func (r *rbacObjects) current() bool {
	return r.ready() && r.bootstrapped.Load() > 0 && !r.failures.stale(watchesRBAC)
}

func (r *rbacObjects) ready() bool {
	if r.synced.Load() {
		return true
	}
	functions := r.hasSynced.Load()
	if functions == nil {
		return false
	}
	for _, hasSynced := range *functions {
		if !hasSynced() {
			return false
		}
	}
	r.synced.Store(true)
	return true
}

// A role that gives nothing of what Flink uses is to the index as if it were not there: so are most of them.

func (r *rbacObjects) replaceRole(before, after *rbacv1.Role) {
	switch {
	case after != nil && len(after.Rules) > 0:
		r.index.SetRole(after, r.now())
	case before != nil && len(before.Rules) > 0:
		r.index.DeleteRole(before.Namespace, before.Name, r.now())
	}
}

func (r *rbacObjects) replaceClusterRole(before, after *rbacv1.ClusterRole) {
	switch {
	case after != nil && len(after.Rules) > 0:
		r.index.SetClusterRole(after, r.now())
	case before != nil && len(before.Rules) > 0:
		r.index.DeleteClusterRole(before.Name, r.now())
	}
	r.bootstrapped.Add(bootstrapped(after) - bootstrapped(before))
}

func (r *rbacObjects) replaceRoleBinding(before, after *rbacv1.RoleBinding) {
	r.noteTaken(before, after)
	switch {
	case after != nil:
		r.index.SetRoleBinding(after, r.now())
	case before != nil:
		r.index.DeleteRoleBinding(before.Namespace, before.Name, r.now())
	}
}

func (r *rbacObjects) replaceClusterRoleBinding(before, after *rbacv1.ClusterRoleBinding) {
	switch {
	case after != nil:
		r.index.SetClusterRoleBinding(after, r.now())
	case before != nil:
		r.index.DeleteClusterRoleBinding(before.Name, r.now())
	}
}

// labelBootstrapping with this value marks what the API server's RBAC made when it started.
const (
	labelBootstrapping = "kubernetes.io/bootstrapping"
	rbacDefaults       = "rbac-defaults"
)

// bootstrapped is 1 for a ClusterRole that the API server made.
func bootstrapped(role *rbacv1.ClusterRole) int64 {
	if role != nil && role.Labels[labelBootstrapping] == rbacDefaults {
		return 1
	}
	return 0
}

// noteTaken keeps track of RoleBindings by which the guard would give a role, and which somebody else has made. They are left alone.
func (r *rbacObjects) noteTaken(before, after *rbacv1.RoleBinding) {
	if after != nil && hasRoleName(after) && !madeByUs(&after.ObjectMeta) {
		r.taken.Store(client.ObjectKeyFromObject(after), true)
	} else if before != nil && hasRoleName(before) {
		r.taken.Delete(client.ObjectKeyFromObject(before))
	}
}

// isTaken tells whether the guard cannot give a role in a namespace.
func (r *rbacObjects) isTaken(namespace, role string) bool {
	_, taken := r.taken.Load(client.ObjectKey{Namespace: namespace, Name: role})
	return taken
}
