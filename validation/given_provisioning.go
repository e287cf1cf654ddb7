package validation

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// givenProvisioning is what decides whether the guard makes and binds accounts that are given, or not given.
type givenProvisioning struct {
	// plan of a namespace, nil where the guard does nothing about accounts.
	plan func(namespace string) AccountPlan
	// objects are the accounts themselves, and taken the bindings of the guard's names that somebody else makes, by namespace and role.
	objects map[access.Account]*corev1.ServiceAccount
	taken   map[[2]string]bool
}

// Provision has the guard make and bind accounts as it does in a cluster. plan says what it does about those of a namespace.
func (g *GivenAccounts) Provision(plan func(namespace string) AccountPlan) {
	g.provisioning.plan = plan
}

func (p *givenProvisioning) planFor(namespace string) AccountPlan {
	if p.plan == nil {
		return AccountPlan{}
	}
	return p.plan(namespace)
}

// noteAccount keeps of an account what decides whether the guard binds it.
func (p *givenProvisioning) noteAccount(at access.Account, account *corev1.ServiceAccount) {
	if p.objects == nil {
		p.objects = map[access.Account]*corev1.ServiceAccount{}
	}
	slim := &corev1.ServiceAccount{}
	slim.Name, slim.DeletionTimestamp = account.Name, account.DeletionTimestamp
	slim.Labels, slim.Annotations, slim.ImagePullSecrets = account.Labels, account.Annotations, account.ImagePullSecrets
	p.objects[at] = slim
}

// noteBinding notes a RoleBinding by which the guard would give a role, and which it has to leave alone.
func (p *givenProvisioning) noteBinding(binding *rbacv1.RoleBinding) {
	if !slices.Contains(guardRoleNames(), binding.Name) {
		return
	}
	if p.taken == nil {
		p.taken = map[[2]string]bool{}
	}
	p.taken[[2]string{binding.Namespace, binding.Name}] = !MadeByGuard(&binding.ObjectMeta)
}

func (p *givenProvisioning) forgetBinding(namespace, name string) {
	delete(p.taken, [2]string{namespace, name})
}

// promised are the ClusterRoles that the guard binds to an account in a namespace as soon as a workload that needs them names it.
// there tells whether the account is there. known is false where that is not known, and decides it.
func (p *givenProvisioning) promised(account access.Account, namespace string, there, known bool) (roles []string, certain bool) {
	plan := p.planFor(namespace)
	switch {
	case account.Namespace != namespace || !plan.Provisions:
		return nil, true
	case there:
		if object := p.objects[account]; object == nil || !plan.Binds(object) {
			return nil, true
		}
	case account.Name == defaultAccount:
		return nil, known || !plan.BindsDefault
	case !known:
		return nil, account.Name != plan.Name
	case !plan.Makes(account.Name):
		return nil, true
	}
	return slices.DeleteFunc(guardRoleNames(), func(role string) bool { return p.taken[[2]string{namespace, role}] }), true
}

// guardRoleNames are the names of GuardRoles.
func guardRoleNames() []string {
	return []string{policy.JobManagerRole, policy.NativeRole, policy.TaskManagerRole}
}
