package hastate

import "strings"

// IsTracking tells whether a label or annotation marks an object as belonging to a tool that applies and prunes: Argo CD, Flux,
// Helm, kapp, Config Sync, Fleet, or kubectl with an ApplySet. What such a tool takes for its own it reverts, or deletes once it is
// gone from its source. What only tells a tool how to treat an object, such as argocd.argoproj.io/sync-options, marks nothing.
func IsTracking(key, value string) bool {
	switch key {
	case "app.kubernetes.io/instance", "argocd.argoproj.io/instance", "argocd.argoproj.io/tracking-id",
		"kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace",
		"helm.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/namespace",
		"meta.helm.sh/release-name", "meta.helm.sh/release-namespace",
		"kapp.k14s.io/app", "kapp.k14s.io/association", "kapp.k14s.io/identity",
		"config.k8s.io/owning-inventory", "applyset.kubernetes.io/part-of":
		return true
	case "app.kubernetes.io/managed-by":
		return value == "Helm"
	}
	return strings.HasPrefix(key, "objectset.rio.cattle.io/")
}
