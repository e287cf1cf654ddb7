// Package policy says which rules count and what a violation does: the policy file and its schema, levels, modes and versions,
// labels of namespaces, exemptions and opt-outs, and what the guard may change.
package policy
