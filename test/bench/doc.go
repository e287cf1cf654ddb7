// Package bench runs the guard beside a control plane exactly as it is shipped: with its own manifests, the rights of its own
// service account and the arguments of its own Deployment. The one difference is where the API server finds it.
package bench
