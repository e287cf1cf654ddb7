package access

import (
	"time"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
)

// Index holds the objects of RBAC. It is safe for concurrent use.
type Index struct{}

// New returns an index of objects that come from an API server: ClusterRoles have their aggregated rules in them, and a role that
// a binding names and that is not there gives nothing.
func New() *Index { return &Index{} }

// NewRendered returns an index of objects that come from files, with nothing that a cluster has besides: aggregation is left to be
// done, and what a role gives that is not among them is unknown, but for those that every cluster has.
func NewRendered() *Index { return &Index{} }

// SetRole takes a Role as it is now.
func (x *Index) SetRole(role *rbacv1.Role, at time.Time) {}

// DeleteRole takes note of a deletion.
func (x *Index) DeleteRole(namespace, name string, at time.Time) {}

// SetClusterRole takes a ClusterRole as it is now.
func (x *Index) SetClusterRole(role *rbacv1.ClusterRole, at time.Time) {}

// DeleteClusterRole takes note of a deletion.
func (x *Index) DeleteClusterRole(name string, at time.Time) {}

// SetRoleBinding takes a RoleBinding as it is now.
func (x *Index) SetRoleBinding(binding *rbacv1.RoleBinding, at time.Time) {}

// DeleteRoleBinding takes note of a deletion.
func (x *Index) DeleteRoleBinding(namespace, name string, at time.Time) {}

// SetClusterRoleBinding takes a ClusterRoleBinding as it is now.
func (x *Index) SetClusterRoleBinding(binding *rbacv1.ClusterRoleBinding, at time.Time) {}

// DeleteClusterRoleBinding takes note of a deletion.
func (x *Index) DeleteClusterRoleBinding(name string, at time.Time) {}

// Lacks tells which of some rights in a namespace an account does not have. Beside the bindings that are there, those of granted
// count: ClusterRoles that are about to be bound to the account in that namespace.
func (x *Index) Lacks(account Account, namespace string, needed []rights.Right, granted ...string) Answer {
	return Answer{}
}
