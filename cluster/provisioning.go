package cluster

import (
	"context"
	"errors"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// provisioner looks after the accounts of Flink's processes, one namespace at a time: it makes the account that the namespace is to
// have, binds the accounts that are its business to what the processes need, and sets right what somebody has undone. What it acts
// on are objects that were stored: a dry run and a refused request leave nothing that it could see.
//
// It never deletes an account, since tokens die with the account's uid, and leaves alone what people made unless the policy says
// otherwise. All that it looks at comes from caches; where nothing is to be done, nothing is asked of the API server.
type provisioner struct {
	client client.Client
	// live asks the API server itself: before something is taken away.
	live client.Reader
	// bindings is the cache of RoleBindings.
	bindings     client.Reader
	surroundings *Surroundings
	events       *eventWriter
	now          func() time.Time
	// grace is for how long nobody needs a binding before it is removed.
	grace  time.Duration
	memory provisionerMemory
}

// bindingGrace is how long a binding outlives the last that needed it: a cluster that is deleted and made again, or restored from a
// backup, keeps its rights meanwhile.
const bindingGrace = time.Hour

// Reconcile looks after the namespace that the request names.
func (p *provisioner) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	if !p.surroundings.options.sees(request.Namespace) {
		return reconcile.Result{}, nil
	}
	if !p.informed() {
		return reconcile.Result{RequeueAfter: notSyncedDelay}, nil
	}
	s, err := p.survey(ctx, request.Namespace)
	if err != nil {
		return reconcile.Result{}, err
	}
	if s == nil || !s.plan.Reports {
		p.memory.forget(request.Namespace)
		return reconcile.Result{}, nil
	}
	var failure error
	if s.plan.Provisions {
		if failure = ignoreVanished(p.provide(ctx, s)); failure != nil {
			s.fails(failure)
		}
	} else {
		p.memory.forgetBindings(request.Namespace)
	}
	failures := []error{failure, p.reportRecreated(ctx, s), p.reportLacking(ctx, s), p.report(ctx, s)}
	return reconcile.Result{RequeueAfter: s.again}, errors.Join(failures...)
}

// informed tells whether the caches hold what the cluster has. Who acts on less takes away what is needed.
func (p *provisioner) informed() bool {
	s := p.surroundings
	return s.trusted() && s.accountsCurrent() && s.rbac.ready() && !s.options.WatchFailures.stale(watchesRBAC)
}

// provide brings about what is to be there. The account comes before its bindings: a pod cannot start without the first, and a
// binding made first might end up with an account that somebody else makes at the same moment. One that cannot be made gets no
// binding, and others of the namespace keep theirs.
func (p *provisioner) provide(ctx context.Context, s *scene) error {
	failures := []error{p.provideAccount(ctx, s), p.copyCredentials(ctx, s)}
	for _, role := range clusterRoles() {
		failures = append(failures, p.provideBinding(ctx, s, role))
	}
	return errors.Join(failures...)
}
