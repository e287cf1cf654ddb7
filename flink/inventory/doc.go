// Package inventory holds what is known of the Flink clusters around an object: their workloads, custom resources,
// configurations and HA state, indexed so that joint questions are answered in constant time. The server fills it from its
// informers, the offline check from the files that it was given.
package inventory
