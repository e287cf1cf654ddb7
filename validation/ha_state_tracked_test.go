package validation

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// byItsLabels is a ConfigMap that is judged by its labels and annotations.
func byItsLabels(t *testing.T, manifest string) Subject {
	t.Helper()
	var configMap corev1.ConfigMap
	if err := yaml.Unmarshal([]byte(manifest), &configMap); err != nil {
		t.Fatal(err)
	}
	return Subject{Kind: OfHAState, Namespace: configMap.Namespace, Name: configMap.Name, ConfigMap: &configMap}
}

func TestHAStateTracked(t *testing.T) {
	const rest = "; the tool that goes by it deletes the ConfigMap, or puts back what stood there; fix: remove it, and exclude HA state from the tool"
	state := func(labels, annotations string) Subject {
		return byItsLabels(t, `{metadata: {name: orders-cluster-config-map, labels: {app: orders, type: flink-native-kubernetes, `+labels+
			`}, annotations: {`+annotations+`}}}`)
	}
	testRule(t, "ha-state-tracked", map[string]ruleCase{
		"by a label of Argo CD": {
			state("app.kubernetes.io/instance: shop", ""), []string{`metadata.labels: app.kubernetes.io/instance is "shop"` + rest},
		},
		"by an annotation of Argo CD": {
			state("", "argocd.argoproj.io/tracking-id: a"), []string{`metadata.annotations: argocd.argoproj.io/tracking-id is "a"` + rest},
		},
		"by both labels of Flux": {
			state("kustomize.toolkit.fluxcd.io/namespace: a, kustomize.toolkit.fluxcd.io/name: b", ""),
			[]string{`metadata.labels: kustomize.toolkit.fluxcd.io/name is "b" (and 1 more)` + rest},
		},
		"by Helm": {
			state("app.kubernetes.io/managed-by: Helm", "meta.helm.sh/release-name: a, meta.helm.sh/release-namespace: b"),
			[]string{`metadata.labels: app.kubernetes.io/managed-by is "Helm" (and 2 more)` + rest},
		},

		"by nothing":                {subject: state("", "control-plane.alpha.kubernetes.io/leader: '{}'")},
		"managed by another":        {subject: state("app.kubernetes.io/managed-by: flink", "")},
		"advice to a tool":          {subject: state("", "argocd.argoproj.io/sync-options: Prune=false")},
		"a ConfigMap of no cluster": {subject: byItsLabels(t, `{metadata: {name: orders, labels: {app.kubernetes.io/instance: shop}}}`)},
	})
}
