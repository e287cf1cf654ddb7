package hastate

import "testing"

func TestIsTracking(t *testing.T) {
	tests := map[string]struct {
		key, value string
		want       bool
	}{
		"Argo CD's label":                       {"app.kubernetes.io/instance", "prod", true},
		"Argo CD's annotation":                  {"argocd.argoproj.io/tracking-id", "prod:/ConfigMap:flink/demo", true},
		"Flux's Kustomization":                  {"kustomize.toolkit.fluxcd.io/name", "apps", true},
		"Flux's HelmRelease":                    {"helm.toolkit.fluxcd.io/namespace", "apps", true},
		"Helm's release":                        {"meta.helm.sh/release-name", "flink", true},
		"Helm's label":                          {"app.kubernetes.io/managed-by", "Helm", true},
		"somebody else's label of this name":    {"app.kubernetes.io/managed-by", "flink", false},
		"kapp's label":                          {"kapp.k14s.io/app", "1", true},
		"an inventory of Config Sync":           {"config.k8s.io/owning-inventory", "x", true},
		"Fleet's annotation":                    {"objectset.rio.cattle.io/id", "x", true},
		"an ApplySet of kubectl":                {"applyset.kubernetes.io/part-of", "x", true},
		"what keeps Argo CD from pruning":       {"argocd.argoproj.io/sync-options", "Prune=false", false},
		"what keeps Flux from pruning":          {"kustomize.toolkit.fluxcd.io/prune", "disabled", false},
		"what keeps Helm from deleting":         {"helm.sh/resource-policy", "keep", false},
		"Flink's label":                         {"app", "demo", false},
		"the leader's annotation":               {LeaderAnnotation, "{}", false},
		"what kubectl apply remembers":          {"kubectl.kubernetes.io/last-applied-configuration", "{}", false},
		"a name that only begins like a tool's": {"app.kubernetes.io/name", "flink", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := IsTracking(test.key, test.value); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
