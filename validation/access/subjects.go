package access

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// The names under which the API server knows service accounts (k8s.io/apiserver/pkg/authentication/serviceaccount): each account
// is a user, and in three groups.
const (
	accountUsers       = "system:serviceaccount:"  // followed by namespace:name
	accountsOf         = "system:serviceaccounts:" // followed by the namespace
	allAccounts        = "system:serviceaccounts"
	groupAuthenticated = "system:authenticated"
)

// A subject is a user, or a group of users, that a binding gives rights to.
type subject struct {
	group bool
	name  string
}

// subjects are the names under which bindings may mean an account.
func (a Account) subjects() [4]subject {
	return [...]subject{
		{name: accountUsers + a.Namespace + ":" + a.Name},
		{group: true, name: accountsOf + a.Namespace},
		{group: true, name: allAccounts},
		{group: true, name: groupAuthenticated},
	}
}

// namespace is where the accounts are that a subject stands for; no one namespace for a group of all.
func (s subject) namespace() (namespace string, one bool) {
	if s.group {
		return strings.CutPrefix(s.name, accountsOf)
	}
	namespace, _, _ = strings.Cut(strings.TrimPrefix(s.name, accountUsers), ":")
	return namespace, true
}

// subjectsIn finds those that may stand for service accounts, as the RBAC authorizer does (appliesToUser in
// k8s.io/kubernetes/pkg/registry/rbac/validation): an account without a namespace is one of the binding's, and nobody's where the
// binding counts everywhere.
func subjectsIn(subjects []rbacv1.Subject, at scope) []subject {
	var found []subject
	for _, s := range subjects {
		if !mayBeAccount(s) {
			continue
		}
		switch {
		case s.Kind != rbacv1.ServiceAccountKind:
			found = append(found, subject{group: s.Kind == rbacv1.GroupKind, name: s.Name})
		case s.Namespace != "":
			found = append(found, Account{Namespace: s.Namespace, Name: s.Name}.subjects()[0])
		case !at.everywhere:
			found = append(found, Account{Namespace: at.namespace, Name: s.Name}.subjects()[0])
		}
	}
	slices.SortFunc(found, func(a, b subject) int { return strings.Compare(a.name, b.name) })
	return slices.Compact(found)
}

// mayBeAccount tells whether a subject may stand for a service account.
func mayBeAccount(s rbacv1.Subject) bool {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		return true
	case rbacv1.UserKind:
		return strings.HasPrefix(s.Name, accountUsers)
	case rbacv1.GroupKind:
		return s.Name == groupAuthenticated || s.Name == allAccounts || strings.HasPrefix(s.Name, accountsOf)
	}
	return false
}
