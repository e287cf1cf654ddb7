package cluster

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// rbacCacheOptions says what the cache for RBAC holds: of roles the rules that may give what Flink uses, and of bindings the
// subjects that may be service accounts. The guard's own bindings are whole, since the controller compares them with what they
// should be. Objects in it must never be written back, and are shared.
func rbacCacheOptions(o Options) cache.Options {
	shared := true
	options := cache.Options{
		ByObject: map[client.Object]cache.ByObject{
			&rbacv1.Role{}:               {Transform: slimRole},
			&rbacv1.ClusterRole{}:        {Transform: slimClusterRole},
			&rbacv1.RoleBinding{}:        {Transform: slimRoleBinding},
			&rbacv1.ClusterRoleBinding{}: {Transform: slimClusterRoleBinding},
		},
		DefaultUnsafeDisableDeepCopy: &shared,
		ReaderFailOnMissingInformer:  true,
	}
	if o.WatchFailures != nil {
		options.DefaultWatchErrorHandler = o.WatchFailures.handle
	}
	return options
}

func slimRole(object any) (any, error) {
	full, ok := object.(*rbacv1.Role)
	if !ok {
		return object, nil
	}
	return &rbacv1.Role{ObjectMeta: key(&full.ObjectMeta), Rules: access.SlimRules(full.Rules)}, nil
}

// slimClusterRole keeps also whether the API server made the role. What is aggregated into it stands in its rules.
func slimClusterRole(object any) (any, error) {
	full, ok := object.(*rbacv1.ClusterRole)
	if !ok {
		return object, nil
	}
	slim := &rbacv1.ClusterRole{ObjectMeta: key(&full.ObjectMeta), Rules: access.SlimRules(full.Rules)}
	if bootstrapped(full) > 0 {
		metav1.SetMetaDataLabel(&slim.ObjectMeta, labelBootstrapping, rbacDefaults)
	}
	return slim, nil
}

func slimRoleBinding(object any) (any, error) {
	full, ok := object.(*rbacv1.RoleBinding)
	if !ok {
		return object, nil
	}
	if slices.Contains(clusterRoles(), full.Name) {
		slim := &rbacv1.RoleBinding{ObjectMeta: identity(&full.ObjectMeta), Subjects: full.Subjects, RoleRef: full.RoleRef}
		slim.ManagedFields = ownMark(&full.ObjectMeta)
		if by, managed := full.Labels[labelManagedBy]; managed {
			metav1.SetMetaDataLabel(&slim.ObjectMeta, labelManagedBy, by)
		}
		return slim, nil
	}
	slim := &rbacv1.RoleBinding{ObjectMeta: key(&full.ObjectMeta)}
	if kept := access.SlimRoleBinding(full); len(kept.Subjects) > 0 {
		slim.Subjects, slim.RoleRef = kept.Subjects, kept.RoleRef
	}
	return slim, nil
}

func slimClusterRoleBinding(object any) (any, error) {
	full, ok := object.(*rbacv1.ClusterRoleBinding)
	if !ok {
		return object, nil
	}
	slim := &rbacv1.ClusterRoleBinding{ObjectMeta: key(&full.ObjectMeta)}
	if kept := access.SlimClusterRoleBinding(full); len(kept.Subjects) > 0 {
		slim.Subjects, slim.RoleRef = kept.Subjects, kept.RoleRef
	}
	return slim, nil
}
