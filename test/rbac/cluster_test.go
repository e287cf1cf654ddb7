package rbac

import (
	"context"
	"maps"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// create makes all objects in the cluster.
func (g *generator) create(t testing.TB) {
	t.Helper()
	ctx, api := t.Context(), client.RbacV1()
	each(t, g.namespaces, func(name string) error {
		_, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
		return err
	})
	each(t, g.roles, func(role *rbacv1.Role) error {
		_, err := api.Roles(role.Namespace).Create(ctx, role, metav1.CreateOptions{})
		return err
	})
	each(t, g.clusterRoles, func(role *rbacv1.ClusterRole) error {
		_, err := api.ClusterRoles().Create(ctx, role, metav1.CreateOptions{})
		return err
	})
	each(t, g.roleBindings, func(binding *rbacv1.RoleBinding) error {
		_, err := api.RoleBindings(binding.Namespace).Create(ctx, binding, metav1.CreateOptions{})
		return err
	})
	each(t, g.clusterRoleBindings, func(binding *rbacv1.ClusterRoleBinding) error {
		_, err := api.ClusterRoleBindings().Create(ctx, binding, metav1.CreateOptions{})
		return err
	})
}

// aggregationSettled waits until the controller has put all aggregated ClusterRoles together: it has nothing left to do once they
// stay as they are.
func aggregationSettled(t testing.TB) {
	t.Helper()
	var before map[string]string
	since := time.Now()
	eventually(t, "ClusterRoles stay as they are for two seconds", func() bool {
		now := map[string]string{}
		for _, role := range list(t).clusterRoles {
			now[role.Name] = role.ResourceVersion
		}
		if !maps.Equal(before, now) {
			before, since = now, time.Now()
		}
		return time.Since(since) > 2*time.Second
	})
}

// list reads all objects from the cluster.
func list(t testing.TB) objects {
	t.Helper()
	var all objects
	ctx, api := context.Background(), client.RbacV1()
	roles, err1 := api.Roles("").List(ctx, metav1.ListOptions{})
	clusterRoles, err2 := api.ClusterRoles().List(ctx, metav1.ListOptions{})
	roleBindings, err3 := api.RoleBindings("").List(ctx, metav1.ListOptions{})
	clusterRoleBindings, err4 := api.ClusterRoleBindings().List(ctx, metav1.ListOptions{})
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	all.roles, all.clusterRoles = pointers(roles.Items), pointers(clusterRoles.Items)
	all.roleBindings, all.clusterRoleBindings = pointers(roleBindings.Items), pointers(clusterRoleBindings.Items)
	return all
}

func pointers[T any](list []T) []*T {
	var all []*T
	for i := range list {
		all = append(all, &list[i])
	}
	return all
}

// into puts the objects into an index, those with only what Flink's rights need where slim is set.
func (o *objects) into(index *access.Index, slim bool) *access.Index {
	at := time.Now()
	for _, role := range o.roles {
		if slim {
			role = &rbacv1.Role{ObjectMeta: role.ObjectMeta, Rules: access.SlimRules(role.Rules)}
		}
		index.SetRole(role, at)
	}
	for _, role := range o.clusterRoles {
		if slim {
			role = &rbacv1.ClusterRole{ObjectMeta: role.ObjectMeta, Rules: access.SlimRules(role.Rules)}
		}
		index.SetClusterRole(role, at)
	}
	for _, binding := range o.roleBindings {
		if slim {
			binding = access.SlimRoleBinding(binding)
		}
		index.SetRoleBinding(binding, at)
	}
	for _, binding := range o.clusterRoleBindings {
		if slim {
			binding = access.SlimClusterRoleBinding(binding)
		}
		index.SetClusterRoleBinding(binding, at)
	}
	return index
}
