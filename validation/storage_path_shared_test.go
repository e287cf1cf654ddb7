package validation

import (
	"strings"
	"testing"
)

func TestStoragePathShared(t *testing.T) {
	orders, payments := jobManagerExample("orders", "orders", "flink"), jobManagerExample("payments", "payments", "flink")
	byDefault := func(deployment string) string {
		return strings.Replace(deployment, "            - -D\n            - high-availability.cluster-id=flink\n", "", 1)
	}
	elsewhere := strings.NewReplacer("namespace: team}", "namespace: secret-project}", "kubernetes.namespace=team", "kubernetes.namespace=secret-project").Replace
	const custom = `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: flink, namespace: team}
spec:
  flinkVersion: v1_20
  flinkConfiguration: {high-availability.type: kubernetes, high-availability.storageDir: "s3://my-bucket/ha/"}
`
	const start, end = `high-availability.cluster-id is "flink" (shared with `,
		`); the cluster that ends first deletes the other's files; fix: "-D", "high-availability.cluster-id=<its own>"`
	const at = "spec.template.spec.containers[0].args[7]: "
	testRule(t, "storage-path-shared", map[string]ruleCase{
		"with a neighbour":       {subject: manifest(t, payments+"\n---\n"+orders), want: []string{at + start + `the Deployment "orders"` + end}},
		"with another namespace": {subject: manifest(t, payments+"\n---\n"+elsewhere(orders)), want: []string{at + start + "another cluster" + end}},
		"both by default": {
			subject: manifest(t, byDefault(payments)+"\n---\n"+byDefault(orders)),
			want: []string{`spec.template.spec.containers[0].args[5]: high-availability.storageDir is "s3://my-bucket/ha" (shared with the Deployment "orders"); ` +
				`the cluster that ends first deletes the other's files; fix: "-D", "high-availability.cluster-id=payments"`},
		},
		"two custom resources of one name": {
			subject: manifest(t, custom+"\n---\n"+elsewhere(custom)),
			want: []string{`spec.flinkConfiguration["high-availability.storageDir"] is "s3://my-bucket/ha/" (shared with another cluster); ` +
				`the cluster that ends first deletes the other's files; fix: high-availability.storageDir: s3://my-bucket/ha/team`},
		},
		"with ZooKeeper": {
			subject: manifest(t, strings.Replace(payments, "type=kubernetes", "type=zookeeper", 1)+"\n---\n"+orders),
			want:    []string{at + start + `the Deployment "orders"` + end},
		},
		"a ConfigMap that nobody reads": {subject: manifest(t, liveExample("kubernetes", "s3://my-bucket/ha", "x")+"\n---\n"+jobManagerExample("y", "y", "orders"))},
		"another path":                  {subject: manifest(t, payments+"\n---\n"+jobManagerExample("orders", "orders", "orders"))},
		"the same ids altogether":       {subject: manifest(t, payments+"\n---\n"+jobManagerExample("orders", "payments", "flink"))},
		"itself":                        {subject: manifest(t, payments+"\n---\n"+payments)},
		"nothing is known of others":    {subject: manifest(t, payments)},
		"a path that is not known":      {subject: manifest(t, strings.Replace(payments, "my-bucket", "$(BUCKET)", 1)+"\n---\n"+orders)},
	})
}

func TestOwnDirectoryShowsNoSecrets(t *testing.T) {
	const unsaid = "<path with the namespace>"
	cases := map[string]struct{ namespace, dir, want string }{
		"a directory":            {"team", "s3://b/ha/", "s3://b/ha/team"},
		"a password":             {"team", "s3://user:secret@b/ha", unsaid},
		"a namespace not known":  {"", "s3://b/ha", unsaid},
		"too long for a message": {"team", "s3://b/" + strings.Repeat("x", maxShown), unsaid},
	}
	for name, tc := range cases {
		if got := (&Subject{Namespace: tc.namespace}).ownDirectory(tc.dir); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}
