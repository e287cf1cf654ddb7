// Package hastate shows on Flink's own processes that HA state and the jobs in it survive what the guard keeps away, and that
// whatever becomes of the guard, no leader notices. Each test has a short form, and a long one under the flag -long.
package hastate
