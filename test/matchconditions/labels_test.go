package matchconditions

import (
	"strings"
	"testing"
)

// judged is what is asked about ConfigMaps for their labels alone.
const judged = "validate-owned"

func TestHAStateIsSelectedWithNewMarksOfTools(t *testing.T) {
	const (
		lock    = `annotations: {control-plane.alpha.kubernetes.io/leader: '{"renewTime":"1"}'}, `
		renewed = `annotations: {control-plane.alpha.kubernetes.io/leader: '{"renewTime":"2"}'}, `
		gone    = `finalizers: [x/y], deletionTimestamp: 2026-01-01T00:00:00Z, `
		owner   = `ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: u}], `
	)
	labelled := func(labels string) string {
		return `labels: {app: demo, type: flink-native-kubernetes, ` + labels + `}, `
	}
	annotated := func(annotations string) string { return labelled("") + `annotations: {` + annotations + `}, ` }
	tests := map[string]struct {
		before, now string
		want        string
	}{
		"created with one by Argo CD":           {"", labelled("app.kubernetes.io/instance: a"), judged},
		"created with an annotation of Argo CD": {"", annotated("argocd.argoproj.io/tracking-id: a"), judged},
		"created with one and an owner":         {"", labelled("app.kubernetes.io/instance: a") + owner, "strip validate-owned"},
		"given one":                             {labelled("") + lock, labelled("argocd.argoproj.io/instance: a") + lock, judged},
		"given one by Flux":                     {labelled(""), labelled("kustomize.toolkit.fluxcd.io/name: a"), judged},
		"given one by Helm":                     {labelled(""), annotated("meta.helm.sh/release-name: a"), judged},
		"taken over by Helm":                    {labelled(""), labelled("app.kubernetes.io/managed-by: Helm"), judged},
		"given one by kapp":                     {labelled(""), labelled("kapp.k14s.io/app: a"), judged},
		"given another one":                     {labelled("app.kubernetes.io/instance: a"), labelled("app.kubernetes.io/instance: b"), judged},
		"it is taken away":                      {labelled("app.kubernetes.io/instance: a"), labelled(""), nobody},
		"renewed while it has one":              {labelled("app.kubernetes.io/instance: a") + lock, labelled("app.kubernetes.io/instance: a") + renewed, nobody},
		"given another label":                   {labelled(""), labelled("app.kubernetes.io/name: a"), nobody},
		"given one while it is being deleted":   {labelled("") + gone, labelled("app.kubernetes.io/instance: a") + gone, nobody},
		"given advice to a tool":                {labelled(""), annotated("argocd.argoproj.io/sync-options: Prune=false"), nobody},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			request := creation(t, haState(test.now))
			if test.before != "" {
				request = update(t, haState(test.before), haState(test.now))
			}
			if got := selected(t, selector, request); got != test.want {
				t.Errorf("selected by %q, want %q", got, test.want)
			}
		})
	}
}

func TestConfigMapsAreSelectedThatAreTakenForHAState(t *testing.T) {
	const both = "app: demo, type: flink-native-kubernetes"
	named := func(name, labels string) string {
		return `{apiVersion: v1, kind: ConfigMap, metadata: {name: ` + name + `, labels: {` + labels + `}}, data: {a: b}}`
	}
	tests := map[string]struct {
		before, now string
		want        string
	}{
		"created with both labels":               {"", named("settings", both), judged},
		"given both":                             {named("settings", ""), named("settings", both), judged},
		"given the second":                       {named("settings", "app: demo"), named("settings", both), judged},
		"given to another cluster":               {named("settings", both), named("settings", "app: other, type: flink-native-kubernetes"), judged},
		"changed in something else":              {named("settings", both), strings.Replace(named("settings", both), "a: b", "a: c", 1), nobody},
		"the labels taken away":                  {named("settings", both), named("settings", ""), nobody},
		"created with one":                       {"", named("settings", "type: flink-native-kubernetes"), nobody},
		"of the operator's standalone mode":      {"", named("settings", "app: demo, type: flink-standalone-kubernetes"), nobody},
		"owned":                                  {"", strings.Replace(named("settings", both), "labels", "ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u}], labels", 1), nobody},
		"what the autoscaler of a cluster keeps": {"", named("autoscaler-demo", both+", component: autoscaler"), nobody},
		"the pod template of a cluster":          {"", named("pod-template-demo", both), nobody},
		"Hadoop's configuration of a cluster":    {"", named("hadoop-config-demo", both), nobody},
		"Kerberos' configuration of a cluster":   {"", named("kerberos-krb5conf-demo", both), nobody},
		"a cluster's configuration as it is":     {"", named("flink-config-demo", both), nobody},
		"a cluster's configuration, with a file": {"", strings.Replace(named("flink-config-demo", both), "a: b", "flink-conf.yaml: x", 1), owned},
		"HA state, with the labels that it has":  {"", named("demo-cluster-config-map", both), nobody},
		"on its way out":                         {"", strings.Replace(named("settings", both), "labels", "finalizers: [x/y], deletionTimestamp: 2026-01-01T00:00:00Z, labels", 1), nobody},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			request := creation(t, test.now)
			if test.before != "" {
				request = update(t, test.before, test.now)
			}
			if got := selected(t, selector, request); got != test.want {
				t.Errorf("selected by %q, want %q", got, test.want)
			}
		})
	}
}
