// Package workload reads pod templates and custom resources as Kubernetes, Flink's start scripts, Flink's entry points and the
// Flink Kubernetes Operator read them one after the other: which container is a JobManager or a TaskManager, which files are in
// its configuration directory, and which configuration the process ends up with.
package workload
