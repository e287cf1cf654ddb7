// Package render makes manifests of kustomizations and Helm charts, as kustomize build and helm template do. It reads files and nothing
// else: no network, no plugins, no other programs, no cluster.
package render
