// Package policy says which rules count and what a violation does: levels, modes, opt-outs, and what may be changed.
package policy
