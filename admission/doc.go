// Package admission composes one decision about one object, for the server and for CI alike: recognize, mutate, validate,
// apply the policy.
package admission
