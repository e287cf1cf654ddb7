package cluster

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// ServiceAccount tells what is known of an account: one that is there, or will be, since Kubernetes makes "default" in every
// namespace and the guard the account to inject where a workload names it. One that is about to go does not exist.
func (s *Surroundings) ServiceAccount(namespace, name string) (validation.Account, bool) {
	if !s.accountsCurrent() {
		s.unknown(questionServiceAccount)
		return validation.Account{}, false
	}
	var account validation.Account
	var err error
	found, waited := s.lag.await(namespace, func() (found bool) {
		account, found, err = s.answerAccount(namespace, name)
		return found || err != nil
	})
	if err != nil || !found && (!waited || s.mayPromise(namespace)) {
		s.unknown(questionServiceAccount)
		return validation.Account{}, false
	}
	return account, true
}

// answerAccount is what the caches know of an account now. It is not found where neither it nor a promise of it is there.
func (s *Surroundings) answerAccount(namespace, name string) (account validation.Account, found bool, err error) {
	there, err := s.findAccount(namespace, name)
	switch {
	case err != nil:
		return validation.Account{}, false, err
	case there != nil:
		return validation.Account{
			Exists:    there.DeletionTimestamp == nil || name == defaultAccount,
			Automount: there.AutomountServiceAccountToken, Credentials: access.Credentials(there),
		}, true, nil
	case name == defaultAccount:
		return validation.Account{Exists: true}, true, nil
	}
	plan, known := s.accountPlan(namespace)
	promised := known && plan.Makes(name)
	return validation.Account{Exists: promised, Promised: promised}, promised, nil
}

// mayPromise tells whether the guard may make accounts in a namespace that the cache has not seen: what it says may come with it.
func (s *Surroundings) mayPromise(namespace string) bool {
	_, known := s.accountPlan(namespace)
	return !known && s.options.Policy().ServiceAccounts.Provision
}

// Access tells which of some rights an account lacks, by the objects of RBAC that the cache has. A binding that was applied a
// moment ago may not be among them, and is not waited for; one that the guard is about to make counts as made.
func (s *Surroundings) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	if !s.accountsCurrent() || !s.rbac.current() {
		s.unknown(questionAccess)
		return access.Answer{}
	}
	granted, known := s.aboutToBeBound(account, namespace)
	answer := s.rbac.index.Lacks(account, namespace, needed, granted...)
	if !answer.Known || !known && answer.Lacking() {
		s.unknown(questionAccess)
		return access.Answer{}
	}
	return answer
}

// aboutToBeBound are the ClusterRoles that the controller binds to an account in a namespace as soon as a workload that needs them
// names it. It is not known as long as the namespace is not, which may have been made a moment ago.
func (s *Surroundings) aboutToBeBound(account access.Account, namespace string) (roles []string, known bool) {
	if account.Namespace != namespace || !s.options.Policy().ServiceAccounts.Provision {
		return nil, true
	}
	plan, known := s.accountPlan(namespace)
	if !known {
		return nil, false
	}
	there, err := s.findAccount(account.Namespace, account.Name)
	if err != nil {
		return nil, false
	}
	if there == nil && plan.Makes(account.Name) || there != nil && plan.Binds(there) {
		return slices.DeleteFunc(clusterRoles(), func(role string) bool { return s.rbac.isTaken(namespace, role) }), true
	}
	return nil, true
}

// accountPlan is what the guard does about accounts in a namespace, once the cache has seen it. In one that is about to go it does
// nothing.
func (s *Surroundings) accountPlan(namespace string) (plan validation.AccountPlan, known bool) {
	if !s.options.sees(namespace) {
		return validation.AccountPlan{}, true
	}
	object, err := s.findNamespace(namespace)
	switch {
	case err != nil:
		return validation.AccountPlan{}, false
	case object.DeletionTimestamp != nil:
		return validation.AccountPlan{}, true
	}
	return s.options.planAccounts(namespace, object.Labels, s.feed.now()), true
}

// findAccount reads an account from the cache, nil if it is not there. It is shared, and must not be changed.
func (s *Surroundings) findAccount(namespace, name string) (*corev1.ServiceAccount, error) {
	account := &corev1.ServiceAccount{}
	err := s.reader.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: name}, account)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading an account from the cache: %w", err)
	}
	return account, nil
}
