package cluster

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// maxMembersSeen bounds how many Flink processes and custom resources of one namespace are looked at.
const maxMembersSeen = 5000

// scene is what there is in a namespace that has to do with accounts, and what is done about it.
type scene struct {
	namespace string
	plan      validation.AccountPlan
	// labelled is true where the namespace itself names the account.
	labelled bool
	needs    []need
	// accounts are those that the needs and the plan name, as far as they are there.
	accounts map[string]*corev1.ServiceAccount
	// bindings are those of the guard's names, by the role that the guard gives with them.
	bindings map[string]*rbacv1.RoleBinding
	// deeds are what was done, or could not be.
	deeds []deed
	// again is when to look again although nothing happens, 0 for never.
	again time.Duration
}

// survey looks at a namespace: nil where it is not known or about to go.
func (p *provisioner) survey(ctx context.Context, namespace string) (*scene, error) {
	// The cache of namespaces may lag behind that of workloads. Its next event brings the namespace here again.
	object, err := p.surroundings.findNamespace(namespace)
	switch {
	case apierrors.IsNotFound(err) || err == nil && object.DeletionTimestamp != nil:
		return nil, nil
	case err != nil:
		return nil, err
	}
	s := &scene{
		namespace: namespace, plan: p.surroundings.options.planAccounts(namespace, object.Labels, p.now()),
		accounts: map[string]*corev1.ServiceAccount{}, bindings: map[string]*rbacv1.RoleBinding{},
	}
	if !s.plan.Reports {
		return s, nil
	}
	s.labelled = object.Labels[policy.LabelServiceAccount] == s.plan.Name
	s.needs = p.surroundings.needsIn(namespace)
	if err := p.findAccounts(s); err != nil {
		return nil, err
	}
	return s, p.findBindings(ctx, s)
}

func (p *provisioner) findAccounts(s *scene) error {
	names := []string{s.plan.Name, defaultAccount}
	for i := range s.needs {
		names = append(names, s.needs[i].account)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		account, err := p.surroundings.findAccount(s.namespace, name)
		if err != nil {
			return err
		}
		if account == nil {
			var wait time.Duration
			if account, wait = p.memory.justMade(s.namespace, name, p.now()); account != nil {
				s.lookAgain(wait)
			}
		}
		if account != nil {
			s.accounts[name] = account
		}
	}
	return nil
}

func (p *provisioner) findBindings(ctx context.Context, s *scene) error {
	for _, role := range clusterRoles() {
		binding := &rbacv1.RoleBinding{}
		err := p.bindings.Get(ctx, client.ObjectKey{Namespace: s.namespace, Name: role}, binding)
		switch {
		case apierrors.IsNotFound(err):
			binding = nil
		case err != nil:
			return fmt.Errorf("reading RoleBinding %q in namespace %q: %w", role, s.namespace, err)
		}
		if written, wait := p.memory.justWritten(s.namespace, role, p.now()); written != nil {
			// The cache has yet to see it.
			binding = written
			s.lookAgain(wait)
		}
		if binding != nil {
			s.bindings[role] = binding
		}
	}
	return nil
}

// lookAgain asks for another look, at the latest then.
func (s *scene) lookAgain(after time.Duration) {
	if s.again == 0 || after < s.again {
		s.again = after
	}
}

// wanted are the accounts that a role is to be bound to, sorted. Whoever has the rights of a JobManager has those of a TaskManager.
func (s *scene) wanted(role string) []string {
	var names []string
	for i := range s.needs {
		if need := &s.needs[i]; need.needs(role) && s.binds(need.account) {
			names = append(names, need.account)
		}
	}
	switch role {
	case policy.JobManagerRole:
		if s.labelled && s.binds(s.plan.Name) {
			names = append(names, s.plan.Name)
		}
	case policy.TaskManagerRole:
		leading := s.wanted(policy.JobManagerRole)
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(leading, name) })
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// binds tells whether an account is there and the guard's to bind.
func (s *scene) binds(account string) bool {
	there := s.accounts[account]
	return there != nil && s.plan.Binds(there)
}

// names tells whether anything names an account.
func (s *scene) names(account string) bool {
	return slices.ContainsFunc(s.needs, func(n need) bool { return n.account == account })
}
