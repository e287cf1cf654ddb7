// Package rbac holds what the guard says of the rights of service accounts against a real API server: it makes thousands of sets of
// roles and bindings there and asks both.
package rbac
