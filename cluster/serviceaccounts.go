package cluster

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// FlinkClusterRole has the rights that Flink's processes need in their namespace. The manifests bring it, and the guard
// may bind it and no other.
const FlinkClusterRole = "flink-ha-webhook-flink-cluster"

// bindingName is the name of the RoleBinding that gives an account its rights.
func bindingName(account string) string { return "flink-ha-webhook-" + account }

// serviceAccountController makes the policy's account, and binds it to the rights that Flink needs, in the namespaces where
// a Flink workload names it and it does not exist. It never deletes an account, since tokens die with the account's uid, and
// leaves alone one that somebody else made: its rights are that somebody's decision.
type serviceAccountController struct {
	client  client.Client
	stores  *objectStores
	options Options
}

// Reconcile looks after the namespace that the request names.
func (c *serviceAccountController) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	acts, err := c.actsIn(ctx, request.Namespace)
	if err != nil || !acts {
		return reconcile.Result{}, err
	}
	account, err := c.find(ctx, corev1.SchemeGroupVersion.WithKind(kindServiceAccount), request.Namespace, c.options.Policy().ServiceAccounts.Name)
	switch {
	case err != nil:
		return reconcile.Result{}, err
	case account == nil:
		err = c.provision(ctx, request.Namespace)
	case account.Labels[labelManagedBy] == managedByUs && account.DeletionTimestamp == nil:
		err = c.bind(ctx, request.Namespace)
	}
	return reconcile.Result{}, ignoreVanished(err)
}

// actsIn tells whether the guard acts in a namespace: it exists and will go on existing, and our webhooks see it.
func (c *serviceAccountController) actsIn(ctx context.Context, name string) (bool, error) {
	if !c.options.sees(name) {
		return false, nil
	}
	// The cache of namespaces may lag behind that of workloads. Its next event brings the namespace here again.
	namespace, err := c.find(ctx, corev1.SchemeGroupVersion.WithKind(kindNamespace), "", name)
	if err != nil || namespace == nil {
		return false, err
	}
	return namespace.DeletionTimestamp == nil && namespace.Labels[policy.LabelGuard] != policy.GuardDisabled, nil
}

// find reads an object's metadata from the cache, nil if it is not there.
func (c *serviceAccountController) find(
	ctx context.Context, kind schema.GroupVersionKind, namespace, name string,
) (*metav1.PartialObjectMetadata, error) {
	object := metadataOf(kind)
	err := c.client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, object)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading %s %q: %w", kind.Kind, name, err)
	}
	return object, nil
}

// provision makes the account where a workload names it. The account comes before its binding: a pod cannot start without
// the first, and a binding made first might end up with an account that somebody else makes at the same moment.
func (c *serviceAccountController) provision(ctx context.Context, namespace string) error {
	account := c.options.Policy().ServiceAccounts.Name
	if !c.stores.namesAccount(namespace, account) {
		return nil
	}
	err := c.client.Create(ctx, &corev1.ServiceAccount{ObjectMeta: ours(namespace, account)}, client.FieldOwner(fieldOwner))
	if apierrors.IsAlreadyExists(err) {
		// Somebody was faster. Whether it was us is what the cache will know with its next event.
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating ServiceAccount %q in namespace %q: %w", account, namespace, err)
	}
	log.FromContext(ctx).Info("Service account created", "account", account)
	return c.bind(ctx, namespace)
}

// bind gives our account its rights unless the RoleBinding is there.
func (c *serviceAccountController) bind(ctx context.Context, namespace string) error {
	account := c.options.Policy().ServiceAccounts.Name
	name := bindingName(account)
	existing, err := c.find(ctx, rbacv1.SchemeGroupVersion.WithKind("RoleBinding"), namespace, name)
	if err != nil || existing != nil {
		return err
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: ours(namespace, name),
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: account}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: FlinkClusterRole},
	}
	err = c.client.Create(ctx, binding, client.FieldOwner(fieldOwner))
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating RoleBinding %q in namespace %q: %w", name, namespace, err)
	}
	log.FromContext(ctx).Info("Role binding created", "binding", name)
	return nil
}

func ours(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{labelManagedBy: managedByUs}}
}

// ignoreVanished drops the error of a write into a namespace that is going or gone, which is nobody's trouble. What else may
// not be found, the ClusterRole for one, is.
func ignoreVanished(err error) error {
	if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
		return nil
	}
	var status apierrors.APIStatus
	if apierrors.IsNotFound(err) && errors.As(err, &status) {
		if details := status.Status().Details; details != nil && details.Kind == "namespaces" {
			return nil
		}
	}
	return err
}
