package access

import (
	"reflect"
	"slices"
	"sync"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Index holds the objects of RBAC, found by whom they give rights to. It is safe for concurrent use. It keeps the slices and maps
// of the objects that it takes, which must not be changed afterwards.
type Index struct {
	// rendered is true for objects from files.
	rendered bool
	// builtIn are the ClusterRoles that every cluster has, where they are not among the objects.
	builtIn map[string]*role

	mu       sync.RWMutex
	roles    map[key]*role
	bindings map[key]*binding
	bound    map[grant][]*binding
	changes  changes
	// named counts, by namespace, how often bindings mean accounts of that namespace and of no other.
	named map[string]int
	// aggregation is forgotten when a role changes.
	aggregation *aggregation
}

// scope is where a Role or a binding counts: in one namespace, or everywhere.
type scope struct {
	everywhere bool
	namespace  string
}

func in(namespace string) scope { return scope{namespace: namespace} }

func everywhere() scope { return scope{everywhere: true} }

// key finds a Role or ClusterRole, a RoleBinding or ClusterRoleBinding.
type key struct {
	scope
	name string
}

// role is what counts of a Role or ClusterRole.
type role struct {
	rules []rbacv1.PolicyRule
	// labels and aggregation are those of ClusterRoles whose aggregation is left to be done.
	labels      map[string]string
	aggregation *rbacv1.AggregationRule
}

// binding is what counts of a RoleBinding or ClusterRoleBinding.
type binding struct {
	at       scope
	kind     string
	role     string
	subjects []subject
}

// grant is where a subject is given rights.
type grant struct {
	at  scope
	who subject
}

// New returns an index of objects that come from an API server: ClusterRoles have their aggregated rules in them, and a role that
// a binding names and that is not there gives nothing.
func New() *Index {
	return &Index{
		roles: map[key]*role{}, bindings: map[key]*binding{}, bound: map[grant][]*binding{}, named: map[string]int{}, changes: newChanges(),
	}
}

// NewRendered returns an index of objects that come from files, with nothing that a cluster has besides: aggregation is left to be
// done, and what a role gives that is not among them is unknown, but for those that every cluster has, and those besides. While no object says
// anything of the namespaces that are asked about, their rights are somebody else's business, and unknown.
func NewRendered(besides ...rbacv1.ClusterRole) *Index {
	x := New()
	x.rendered, x.builtIn = true, map[string]*role{}
	for _, r := range append(BuiltIn(), besides...) {
		x.builtIn[r.Name] = &role{rules: r.Rules, labels: r.Labels, aggregation: r.AggregationRule}
	}
	return x
}

// SetRole takes a Role as it is now.
func (x *Index) SetRole(object *rbacv1.Role, at time.Time) {
	x.setRole(key{in(object.Namespace), object.Name}, &role{rules: object.Rules}, at)
}

// DeleteRole takes note of a deletion.
func (x *Index) DeleteRole(namespace, name string, at time.Time) {
	x.setRole(key{in(namespace), name}, nil, at)
}

// SetClusterRole takes a ClusterRole as it is now.
func (x *Index) SetClusterRole(object *rbacv1.ClusterRole, at time.Time) {
	now := &role{rules: object.Rules}
	if x.rendered {
		now.labels, now.aggregation = object.Labels, object.AggregationRule
	}
	x.setRole(key{everywhere(), object.Name}, now, at)
}

// DeleteClusterRole takes note of a deletion.
func (x *Index) DeleteClusterRole(name string, at time.Time) {
	x.setRole(key{everywhere(), name}, nil, at)
}

// SetRoleBinding takes a RoleBinding as it is now.
func (x *Index) SetRoleBinding(object *rbacv1.RoleBinding, at time.Time) {
	x.setBinding(&object.ObjectMeta, in(object.Namespace), object.RoleRef, object.Subjects, at)
}

// DeleteRoleBinding takes note of a deletion.
func (x *Index) DeleteRoleBinding(namespace, name string, at time.Time) {
	x.replaceBinding(key{in(namespace), name}, nil, at)
}

// SetClusterRoleBinding takes a ClusterRoleBinding as it is now.
func (x *Index) SetClusterRoleBinding(object *rbacv1.ClusterRoleBinding, at time.Time) {
	x.setBinding(&object.ObjectMeta, everywhere(), object.RoleRef, object.Subjects, at)
}

// DeleteClusterRoleBinding takes note of a deletion.
func (x *Index) DeleteClusterRoleBinding(name string, at time.Time) {
	x.replaceBinding(key{everywhere(), name}, nil, at)
}

// setRole replaces a role, with nil for none. Informers repeat what has not changed.
func (x *Index) setRole(k key, now *role, at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := x.roles[k]
	if reflect.DeepEqual(before, now) {
		return
	}
	x.changes.note(k.scope, before != nil, now != nil, at)
	x.aggregation = nil
	if now == nil {
		delete(x.roles, k)
		return
	}
	x.roles[k] = now
}

func (x *Index) setBinding(meta *metav1.ObjectMeta, at scope, ref rbacv1.RoleRef, subjects []rbacv1.Subject, changed time.Time) {
	now := &binding{at: at, kind: ref.Kind, role: ref.Name, subjects: subjectsIn(subjects, at)}
	if len(now.subjects) == 0 { // it is about people
		now = nil
	}
	x.replaceBinding(key{at, meta.Name}, now, changed)
}

// replaceBinding replaces a binding, with nil for none.
func (x *Index) replaceBinding(k key, now *binding, at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := x.bindings[k]
	if reflect.DeepEqual(before, now) {
		return
	}
	x.changes.note(k.scope, before != nil, now != nil, at)
	if before != nil {
		x.unbind(before)
		delete(x.bindings, k)
	}
	if now != nil {
		x.bind(now)
		x.bindings[k] = now
	}
}

func (x *Index) bind(b *binding) {
	for _, who := range b.subjects {
		x.bound[grant{b.at, who}] = append(x.bound[grant{b.at, who}], b)
		if namespace, one := who.namespace(); one {
			x.named[namespace]++
		}
	}
}

func (x *Index) unbind(b *binding) {
	for _, who := range b.subjects {
		found := grant{b.at, who}
		if left := slices.DeleteFunc(x.bound[found], func(other *binding) bool { return other == b }); len(left) > 0 {
			x.bound[found] = left
		} else {
			delete(x.bound, found)
		}
		if namespace, one := who.namespace(); one {
			if x.named[namespace]--; x.named[namespace] == 0 {
				delete(x.named, namespace)
			}
		}
	}
}
