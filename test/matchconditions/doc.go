// Package matchconditions tells which of the shipped webhooks a request reaches, by the API server's own code for rules,
// namespace selectors and match conditions.
package matchconditions
