package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	rbacv1ac "k8s.io/client-go/applyconfigurations/rbac/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// provideBinding gives a role to the accounts that need it, and takes it from those that have not needed it for a while. A
// RoleBinding has the name of its role, so that the guard's own rights on RoleBindings can be held to those names.
func (p *provisioner) provideBinding(ctx context.Context, s *scene, role string) error {
	there, wanted := s.bindings[role], s.wanted(role)
	if there != nil && !madeByUs(&there.ObjectMeta) {
		if len(wanted) == 0 || there.RoleRef == roleRef(role) && len(missingFrom(there, wanted)) == 0 {
			return nil
		}
		return &foreignBindingError{namespace: s.namespace, name: role}
	}
	subjects, unsure := p.withLeftovers(ctx, s, role, wanted)
	change := compareBinding(there, s.namespace, role, subjects)
	var err error
	switch change {
	case bindingStays:
	case bindingGoes:
		if err = p.removeBinding(ctx, there); apierrors.IsConflict(err) {
			s.lookAgain(ownWriteLag) // it has changed since it was seen
			return nil
		}
	default:
		err = p.applyBinding(ctx, s.namespace, role, subjects, change == bindingIsRemade, there)
	}
	if err != nil {
		return errors.Join(err, unsure)
	}
	p.tellOfBinding(ctx, s, role, subjects, change)
	if unsure == nil {
		p.memory.noteSeen(s.namespace, role, subjects)
	}
	return unsure
}

// bindingChange is what has to be done about a binding.
type bindingChange int

const (
	bindingStays bindingChange = iota
	// bindingComes also stands for one that gets more subjects.
	bindingComes
	// bindingIsMended has lost its label, or has subjects that are none of the guard's.
	bindingIsMended
	// bindingIsRemade points to another role, which cannot be changed.
	bindingIsRemade
	// bindingShrinks loses subjects that nobody needs any more, and one that goes has no others.
	bindingShrinks
	bindingGoes
)

// compareBinding tells what has to be done so that a binding gives its role to some accounts of its namespace and to nobody else.
func compareBinding(there *rbacv1.RoleBinding, namespace, role string, accounts []string) bindingChange {
	switch {
	case there == nil && len(accounts) == 0:
		return bindingStays
	case there == nil:
		return bindingComes
	case len(accounts) == 0:
		return bindingGoes
	case there.RoleRef != roleRef(role):
		return bindingIsRemade
	case there.Labels[labelManagedBy] != managedByUs, slices.ContainsFunc(there.Subjects, func(s rbacv1.Subject) bool { return !isAccountOf(s, namespace) }):
		return bindingIsMended
	case len(missingFrom(there, accounts)) > 0:
		return bindingComes
	case len(accountsOf(there)) > len(accounts):
		return bindingShrinks
	}
	return bindingStays
}

func roleRef(role string) rbacv1.RoleRef {
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role}
}

// isAccountOf tells whether a subject is a service account of a namespace, written as the guard writes it.
func isAccountOf(subject rbacv1.Subject, namespace string) bool {
	return subject.Kind == rbacv1.ServiceAccountKind && subject.APIGroup == "" && subject.Namespace == namespace
}

// accountsOf are the service accounts of its own namespace that a binding has as subjects, sorted.
func accountsOf(binding *rbacv1.RoleBinding) []string {
	var names []string
	for _, subject := range binding.Subjects {
		if isAccountOf(subject, binding.Namespace) {
			names = append(names, subject.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func bindsTo(binding *rbacv1.RoleBinding, account string) bool {
	return binding != nil && slices.Contains(accountsOf(binding), account)
}

func missingFrom(binding *rbacv1.RoleBinding, accounts []string) []string {
	there := accountsOf(binding)
	return slices.DeleteFunc(slices.Clone(accounts), func(name string) bool { return slices.Contains(there, name) })
}

// ownMark is what is kept of the fields of an object that others manage, and the guard: whether the guard does.
func ownMark(meta *metav1.ObjectMeta) []metav1.ManagedFieldsEntry {
	if !slices.ContainsFunc(meta.ManagedFields, validation.AppliedByGuard) {
		return nil
	}
	return []metav1.ManagedFieldsEntry{{Manager: fieldOwner, Operation: metav1.ManagedFieldsOperationApply}}
}

// applyBinding writes a binding as it is to be. A role that it refers to cannot be changed, so that such a binding is removed first.
func (p *provisioner) applyBinding(ctx context.Context, namespace, role string, accounts []string, remake bool, there *rbacv1.RoleBinding) error {
	if remake {
		if err := p.removeBinding(ctx, there); err != nil {
			return err
		}
	}
	reference := roleRef(role)
	binding := rbacv1ac.RoleBinding(role, namespace).
		WithLabels(map[string]string{labelManagedBy: managedByUs}).
		WithRoleRef(rbacv1ac.RoleRef().WithAPIGroup(reference.APIGroup).WithKind(reference.Kind).WithName(reference.Name))
	for _, name := range accounts {
		binding.WithSubjects(rbacv1ac.Subject().WithKind(rbacv1.ServiceAccountKind).WithNamespace(namespace).WithName(name))
	}
	// What others wrote into a binding of the guard's is overwritten.
	if err := p.client.Apply(ctx, binding, client.FieldOwner(fieldOwner), client.ForceOwnership); err != nil {
		return fmt.Errorf("applying RoleBinding %q in namespace %q: %w", role, namespace, err)
	}
	p.memory.noteWritten(bindingWritten(binding, namespace, role, accounts), p.now())
	return nil
}

// bindingWritten is what the cache will have of a binding that was applied.
func bindingWritten(applied *rbacv1ac.RoleBindingApplyConfiguration, namespace, role string, accounts []string) *rbacv1.RoleBinding {
	written := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: role, Labels: map[string]string{labelManagedBy: managedByUs}},
		RoleRef:    roleRef(role),
	}
	if applied.ResourceVersion != nil {
		written.ResourceVersion = *applied.ResourceVersion
	}
	if applied.UID != nil {
		written.UID = *applied.UID
	}
	for _, name := range accounts {
		written.Subjects = append(written.Subjects, rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name})
	}
	return written
}

// removeBinding removes the binding that was seen, and no other one that has come in its place or has changed since.
func (p *provisioner) removeBinding(ctx context.Context, seen *rbacv1.RoleBinding) error {
	doomed := &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: seen.Namespace, Name: seen.Name}}
	uid, version := seen.UID, seen.ResourceVersion
	err := p.client.Delete(ctx, doomed, client.Preconditions{UID: &uid, ResourceVersion: &version})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("deleting RoleBinding %q in namespace %q: %w", seen.Name, seen.Namespace, err)
	}
	p.memory.noteRemoved(seen.Namespace, seen.Name)
	return nil
}

// tellOfBinding notes what was done for the accounts of a binding.
func (p *provisioner) tellOfBinding(ctx context.Context, s *scene, role string, accounts []string, change bindingChange) {
	if change == bindingStays {
		return
	}
	there := s.bindings[role]
	log.FromContext(ctx).Info("Role binding changed", "binding", role, "accounts", strings.Join(accounts, " "))
	if there != nil {
		for _, name := range accountsOf(there) {
			switch {
			case slices.Contains(accounts, name):
			case p.memory.isStranger(s.namespace, role, name):
				s.does(actionHealed, name, "took the ClusterRole "+role+" from it, which somebody else had given to it")
			default:
				s.does(actionUnbound, name, "took the ClusterRole "+role+" from it, which nobody has needed for a while")
			}
		}
	}
	for _, name := range accounts {
		healed := p.memory.hasSeen(s.namespace, role, name)
		switch {
		case change == bindingIsMended || change == bindingIsRemade:
			s.does(actionHealed, name, "set its RoleBinding "+role+" right, which somebody had changed")
		case bindsTo(there, name):
		case healed:
			s.does(actionHealed, name, "bound it again to the ClusterRole "+role)
		default:
			s.does(actionBound, name, "bound it to the ClusterRole "+role)
		}
	}
}

// foreignBindingError is that a RoleBinding has one of the guard's names and was made by somebody else.
type foreignBindingError struct{ namespace, name string }

func (e *foreignBindingError) Error() string {
	return fmt.Sprintf("RoleBinding %q in namespace %q was not made by the guard, and does not give the rights that are needed; it is left alone", e.name, e.namespace)
}
