package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// in puts a subject into a namespace.
func in(namespace string) func(*Subject) { return func(s *Subject) { s.Namespace = namespace } }

// refused makes a configuration one that Flink does not load.
func refused(s *Subject) { s.Configuration.Err = &flink.LoadError{Reason: "it is broken"} }

func TestNamespaceMismatch(t *testing.T) {
	lines := []string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"}
	named := append(append([]string{}, lines...), "kubernetes.namespace: orders")
	expanded := append(append([]string{}, lines...), "kubernetes.namespace: $(NAMESPACE)")
	testRule(t, "namespace-mismatch", map[string]ruleCase{
		"unset": {
			subject: with(cluster(lines...), in("orders")),
			want: []string{`data["flink-conf.yaml"]: kubernetes.namespace is not set; Flink keeps its HA ConfigMaps in the namespace "default"; ` +
				`needs the cluster's namespace; fix: kubernetes.namespace: orders`},
		},
		"another one": {
			subject: with(cluster(named...), in("payments")),
			want: []string{`data["flink-conf.yaml"]:4:23: kubernetes.namespace is "orders"; Flink keeps its HA ConfigMaps there, not beside the cluster; ` +
				`needs the cluster's namespace; fix: kubernetes.namespace: payments`},
		},
		"the right one":                  {subject: with(cluster(named...), in("orders"))},
		"unset in the namespace default": {subject: with(cluster(lines...), in("default"))},
		"a manifest without namespace":   {subject: cluster(lines...)},
		"filled in when it starts":       {subject: with(cluster(expanded...), in("orders"))},
		"native clients set it":          {subject: with(cluster(lines...), in("orders"), managed)},
		"a file that does not load":      {subject: with(cluster(lines...), in("orders"), refused)},
		"it may be set elsewhere":        {subject: with(cluster(lines...), in("orders"), incomplete)},
		"ZooKeeper":                      {subject: with(cluster("high-availability: zookeeper"), in("orders"))},
	})
}

func TestNamespaceMismatchOfWorkloads(t *testing.T) {
	deployment := jobManagerExample("orders", "orders", "orders")
	testRule(t, "namespace-mismatch", map[string]ruleCase{
		"in its arguments": {
			subject: with(manifest(t, deployment), in("other")),
			want: []string{`spec.template.spec.containers[0].args[11]: kubernetes.namespace is "team"; Flink keeps its HA ConfigMaps there, not beside the cluster; ` +
				`needs the cluster's namespace; fix: "-D", "kubernetes.namespace=other"`},
		},
		"right": {subject: manifest(t, deployment)},
	})
}
