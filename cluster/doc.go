// Package cluster is what the running server knows of the cluster, from informers, and what it does to it, in controllers.
package cluster
