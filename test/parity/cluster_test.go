package parity

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// surroundings are what the caches of a server hold in a cluster that has the objects of a scene but for one, the one under review.
// Workloads, custom resources and ConfigMaps come in as they do from the informers. What accounts may do is worked out here anew.
type surroundings struct {
	scene  *scene
	loader *cluster.Loader
	rbac   rbacObjects
	// accounts that are there.
	accounts map[access.Account]*corev1.ServiceAccount
	// settled says of rights what check says, which knows that no more objects follow.
	settled bool
}

var _ validation.Surroundings = (*surroundings)(nil)

// kindsServed are the versions of kinds that an API server has and that matter to others.
func kindsServed() []schema.GroupVersionKind {
	var kinds []schema.GroupVersionKind
	for group, names := range map[schema.GroupVersion][]string{
		{Version: "v1"}:                                     {"ConfigMap", "ServiceAccount", "Namespace"},
		{Group: "apps", Version: "v1"}:                      {"Deployment", "StatefulSet"},
		{Group: "batch", Version: "v1"}:                     {"Job"},
		{Group: "flink.apache.org", Version: "v1beta1"}:     {"FlinkDeployment", "FlinkSessionJob", "FlinkBlueGreenDeployment"},
		{Group: "rbac.authorization.k8s.io", Version: "v1"}: {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"},
	} {
		for _, name := range names {
			kinds = append(kinds, group.WithKind(name))
		}
	}
	return kinds
}

// surroundingsOf fills the caches with all objects but the one of a number.
func surroundingsOf(s *scene, under int) (*surroundings, error) {
	around := &surroundings{scene: s, loader: cluster.NewLoader(), accounts: map[access.Account]*corev1.ServiceAccount{}}
	for i := range s.objects {
		object := s.at(i)
		if i == under || !slices.Contains(kindsServed(), object.GroupVersionKind()) {
			continue
		}
		typed, err := asTyped(object.Unstructured)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
		if err := around.add(typed); err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
	}
	return around, nil
}

func (a *surroundings) add(object runtime.Object) error {
	switch object := object.(type) {
	case *corev1.Namespace:
	case *corev1.ServiceAccount:
		a.accounts[access.Account{Namespace: object.Namespace, Name: object.Name}] = object
	case *rbacv1.Role, *rbacv1.ClusterRole, *rbacv1.RoleBinding, *rbacv1.ClusterRoleBinding:
		a.rbac.add(object)
	case client.Object:
		_, _, err := a.loader.Load(object)
		return err
	}
	return nil
}

// asTyped is an object as the API server has it: built-in kinds in their Go types, others as they are.
func asTyped(object *unstructured.Unstructured) (runtime.Object, error) {
	kind := object.GroupVersionKind()
	made, err := clientgoscheme.Scheme.New(kind)
	if runtime.IsNotRegisteredError(err) {
		return object, nil
	}
	if err != nil {
		return nil, err
	}
	raw, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := decodeAsAPIServer(raw, made); err != nil {
		return nil, err
	}
	made.GetObjectKind().SetGroupVersionKind(kind)
	return made, nil
}

// Inventory is complete.
func (a *surroundings) Inventory() (*inventory.Inventory, bool) { return a.loader.Inventory(), true }

// ConfigMap is one of the inventory.
func (a *surroundings) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	return a.loader.Inventory().ConfigMap(namespace, name)
}

// Member is one of the inventory.
func (a *surroundings) Member(key inventory.Key) (*inventory.Member, bool) {
	return a.loader.Inventory().Member(key)
}

// Namespace has the marks that the cache keeps of it.
func (a *surroundings) Namespace(name string) (validation.Namespace, bool) {
	namespace := a.scene.namespaceOf(name)
	return validation.Namespace{Labels: policy.NamespaceMarks(namespace.Labels, namespace.Annotations)}, true
}

func (a *surroundings) plan(namespace string) validation.AccountPlan {
	around, _ := a.Namespace(namespace)
	return validation.PlanAccounts(a.scene.policy, namespace, around.Labels, a.scene.now)
}

// ServiceAccount answers as the server's cache of accounts, in a cluster of which nothing is known where the scene has no account.
func (a *surroundings) ServiceAccount(namespace, name string) (validation.Account, bool) {
	if len(a.accounts) == 0 {
		return validation.Account{}, false
	}
	if there := a.accounts[access.Account{Namespace: namespace, Name: name}]; there != nil {
		return validation.Account{Exists: true, Automount: there.AutomountServiceAccountToken, Credentials: access.Credentials(there)}, true
	}
	if name == "default" {
		return validation.Account{Exists: true}, true
	}
	promised := a.plan(namespace).Makes(name)
	return validation.Account{Exists: promised, Promised: promised}, true
}

// Access works out what an account lacks. Where the scene says too little of it, nothing is known.
func (a *surroundings) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	rules, complete := a.rbac.rulesFor(account, namespace)
	roles, certain := a.promised(account, namespace)
	for _, name := range roles {
		more, _ := a.rbac.clusterRole(name)
		rules = append(rules, more...)
	}
	answer := access.Answer{Known: true, Settled: a.settled}
	for _, right := range needed {
		if !gives(rules, right) {
			answer.Missing = append(answer.Missing, right)
		}
	}
	if len(answer.Missing) > 0 && (!complete || !certain || !a.rbac.speaksOf(account.Namespace) && !a.rbac.speaksOf(namespace)) {
		return access.Answer{}
	}
	return answer
}

// promised are the roles that the guard binds, which is not certain where it is not known whether the account is there.
func (a *surroundings) promised(account access.Account, namespace string) (roles []string, certain bool) {
	plan, there := a.plan(namespace), a.accounts[account]
	switch {
	case account.Namespace != namespace:
		return nil, true
	case there != nil:
		if !plan.Binds(there) {
			return nil, true
		}
	case len(a.accounts) == 0:
		perhaps := plan.Provisions && (account.Name == plan.Name && account.Name != "default" || account.Name == "default" && plan.BindsDefault)
		return nil, !perhaps
	case !plan.Makes(account.Name):
		return nil, true
	}
	for _, role := range []string{policy.JobManagerRole, policy.NativeRole, policy.TaskManagerRole} {
		if !a.rbac.hasBinding(namespace, role) {
			roles = append(roles, role)
		}
	}
	return roles, true
}
