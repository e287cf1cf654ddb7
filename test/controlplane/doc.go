// Package controlplane builds and runs a real Kubernetes control plane on the
// loopback interface: etcd, the API server and the controller manager, with
// kubectl beside them, and neither nodes nor containers.
package controlplane
