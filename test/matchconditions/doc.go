// Package matchconditions tells which webhooks of the shipped configurations a request reaches. It asks the API server's own
// code: rules, namespace selectors and match conditions, with their cost budget.
package matchconditions
