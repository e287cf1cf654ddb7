// Package flink is Flink's own view of a cluster on Kubernetes: the configuration that it would load, the options that
// decide about high availability, and which Kubernetes objects are its configuration, its processes and its HA state.
//
// Everything here is a function of its arguments. Facts about Flink name the class or the page they come from.
package flink
