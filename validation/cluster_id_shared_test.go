package validation

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestClusterIDShared(t *testing.T) {
	orders := jobManagerExample("orders", "flink", "orders")
	payments := jobManagerExample("payments", "flink", "payments")
	elsewhere := func(deployment, namespace string) string {
		return strings.Replace(deployment, "namespace: team}", "namespace: "+namespace+"}", 1)
	}
	owned := func(deployment, owner string) string {
		return strings.Replace(deployment, "namespace: team}", "namespace: team, ownerReferences: [{apiVersion: v1, kind: Release, name: "+owner+", uid: u}]}", 1)
	}
	const custom = `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: flink, namespace: team}
spec:
  flinkVersion: v1_20
  flinkConfiguration: {high-availability.type: kubernetes, high-availability.storageDir: "s3://my-bucket/ha"}
`
	const start = `spec.template.spec.containers[0].args[9]: kubernetes.cluster-id is "flink" (so is that of `
	const end = `); one waits until the other fails, and then runs its jobs; fix: "-D", "kubernetes.cluster-id=<its own>"`
	testRule(t, "cluster-id-shared", map[string]ruleCase{
		"with a neighbour":       {subject: manifest(t, payments+"\n---\n"+orders), want: []string{start + `the Deployment "orders"` + end}},
		"with two":               {subject: manifest(t, payments+"\n---\n"+orders+"\n---\n"+elsewhere(orders, "x")), want: []string{start + `the Deployment "orders" and 1 more` + end}},
		"with another namespace": {subject: manifest(t, payments+"\n---\n"+elsewhere(orders, "secret-project")), want: []string{start + `another cluster` + end}},
		"with a custom resource": {subject: manifest(t, payments+"\n---\n"+custom), want: []string{start + `the FlinkDeployment "flink"` + end}},
		"of a custom resource": {
			subject: with(manifest(t, custom+"\n---\n"+orders), func(s *Subject) { s.Configuration.Gaps = nil }),
			want: []string{`metadata.name: kubernetes.cluster-id is "flink" (so is that of the Deployment "orders"); ` +
				`one waits until the other fails, and then runs its jobs; fix: another name, or another kubernetes.cluster-id for the other cluster`},
		},
		"of a ConfigMap": {
			subject: with(manifest(t, liveExample("kubernetes", "s3://b/ha", "flink")+"\n---\n"+orders), readBy(t, payments)),
			want: []string{`data["flink-conf.yaml"]:5:24: kubernetes.cluster-id is "flink" (so is that of the Deployment "orders"); ` +
				`one waits until the other fails, and then runs its jobs; fix: kubernetes.cluster-id: <its own>`},
		},
		"nobody else":               {subject: manifest(t, payments+"\n---\n"+jobManagerExample("orders", "orders", "orders"))},
		"itself":                    {subject: manifest(t, payments+"\n---\n"+payments)},
		"the same as a StatefulSet": {subject: manifest(t, payments+"\n---\n"+strings.Replace(payments, "kind: Deployment", "kind: StatefulSet", 1))},
		"of the same owner":         {subject: manifest(t, owned(payments, "r")+"\n---\n"+owned(orders, "r"))},
		"with two namespaces": {
			subject: manifest(t, payments+"\n---\n"+elsewhere(orders, "x")+"\n---\n"+elsewhere(orders, "y")), want: []string{start + `2 other clusters` + end},
		},
		"of owners of one name in two namespaces": {
			subject: manifest(t, owned(payments, "r")+"\n---\n"+strings.Replace(owned(orders, "r"), "namespace: team,", "namespace: x,", 1)), want: []string{start + `another cluster` + end},
		},
		"its owner": {
			subject: manifest(t, strings.Replace(owned(payments, "flink"), "kind: Release", "kind: FlinkDeployment", 1)+"\n---\n"+custom),
		},
		"of different owners":              {subject: manifest(t, owned(payments, "r")+"\n---\n"+owned(orders, "s")), want: []string{start + `the Deployment "orders"` + end}},
		"a ConfigMap that nobody reads":    {subject: manifest(t, liveExample("kubernetes", "s3://b/ha", "flink")+"\n---\n"+orders)},
		"nothing is known of others":       {subject: manifest(t, payments)},
		"the TaskManager of another one":   {subject: manifest(t, payments+"\n---\n"+strings.Replace(orders, "- jobmanager\n            - $(POD_IP)", "- taskmanager", 1))},
		"an id that is not known":          {subject: manifest(t, strings.Replace(payments, "cluster-id=flink", "cluster-id=$(ID)", 1)+"\n---\n"+orders)},
		"another namespace for ConfigMaps": {subject: manifest(t, strings.Replace(payments, "kubernetes.namespace=team", "kubernetes.namespace=other", 1)+"\n---\n"+orders)},
	})
}

func TestSharersElsewhereAreForTheAudit(t *testing.T) {
	documents := jobManagerExample("payments", "flink", "payments") + "\n---\n" +
		strings.Replace(jobManagerExample("orders", "flink", "orders"), "namespace: team}", "namespace: secret-project}", 1)
	findings := mustEvaluator(t).Evaluate(manifest(t, documents))
	for _, finding := range findings {
		if finding.Rule != "cluster-id-shared" {
			continue
		}
		if want := []string{"secret-project/Deployment/orders"}; !reflect.DeepEqual(finding.Others, want) {
			t.Errorf("got %v, want %v", finding.Others, want)
		}
		if finding.Since != longAgo() || finding.Since.After(time.Now()) {
			t.Errorf("got a change at %s", finding.Since)
		}
		return
	}
	t.Error("there is no finding")
}
