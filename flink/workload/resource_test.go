package workload

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func resource(t *testing.T, manifest string, defaults *OperatorDefaults) Resource {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(manifest), &object); err != nil {
		t.Fatal(err)
	}
	got, ok := RecognizeResource(object, defaults)
	if !ok {
		t.Fatal("not recognized")
	}
	return got
}

const deployment = `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: demo, namespace: ns}
spec:
  image: flink:1.20.1
  flinkVersion: v1_20
  serviceAccount: flink
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://a
  jobManager: {replicas: 2}
  job: {jarURI: local:///a.jar}
`

func TestRecognizeResource(t *testing.T) {
	none := &OperatorDefaults{}
	got := resource(t, deployment, none)
	if got.Kind != KindDeployment || got.Name != "demo" || got.Namespace != "ns" || got.Form != FormApplication || got.Deployer != DeployerNative ||
		got.ServiceAccount != "flink" || got.JobManagers != 2 || got.Version.String() != "1.20.1" {
		t.Errorf("got %+v", got)
	}
	if !got.Configuration.Complete() {
		t.Errorf("got the gaps %v", got.Configuration.Gaps)
	}
	wantStates(t, got.Configuration, map[string]string{
		flink.KeyHighAvailabilityType: "kubernetes", flink.KeyClusterID: "demo", "high-availability.cluster-id": "demo",
		"kubernetes.namespace": "ns", "kubernetes.service-account": "flink", "kubernetes.jobmanager.replicas": "2",
	})
	setting, _ := got.Configuration.Lookup(flink.KeyStorageDir)
	if want := `spec.flinkConfiguration["high-availability.storageDir"]`; setting.Path != want || setting.Origin != flink.OriginCustomResource {
		t.Errorf("got %+v, want it at %s", setting, want)
	}

	standalone := resource(t, strings.Replace(deployment, "spec:\n", "spec:\n  mode: standalone\n", 1), none)
	if standalone.Deployer != DeployerOperator {
		t.Errorf("got %q in standalone mode", standalone.Deployer)
	}
	off := resource(t, strings.Replace(deployment, "type: kubernetes", "type: NONE", 1), none)
	wantStates(t, off.Configuration, map[string]string{"high-availability.cluster-id": "-", flink.KeyClusterID: "demo"})
	unknown := resource(t, deployment, nil)
	if unknown.Configuration.Complete() {
		t.Error("what the operator adds is unknown without its defaults")
	}
	conflict := resource(t, strings.Replace(deployment, "v1_20", "v2_0", 1), none)
	if conflict.Version.Known() {
		t.Errorf("got %s where the resource and its image say different things", conflict.Version)
	}
	session := resource(t, strings.Replace(deployment, "  job: {jarURI: local:///a.jar}\n", "", 1), none)
	if session.Form != FormSession {
		t.Errorf("got %q without a job", session.Form)
	}
}

func TestOtherResources(t *testing.T) {
	blueGreen := resource(t, `
apiVersion: flink.apache.org/v1beta1
kind: FlinkBlueGreenDeployment
metadata: {name: demo}
spec: {template: {spec: {flinkVersion: v2_0, flinkConfiguration: {a: b}}}}
`, nil)
	wantStates(t, blueGreen.Configuration, map[string]string{"a": "b", flink.KeyClusterID: "?", "kubernetes.namespace": "?"})
	if setting, _ := blueGreen.Configuration.Lookup("a"); setting.Path != "spec.template.spec.flinkConfiguration.a" || blueGreen.Version.String() != "2.0" {
		t.Errorf("got %+v of %s", setting, blueGreen.Version)
	}
	job := resource(t, `
apiVersion: flink.apache.org/v1beta1
kind: FlinkSessionJob
metadata: {name: job}
spec: {deploymentName: demo, flinkConfiguration: {a: b}}
`, &OperatorDefaults{})
	if job.SessionCluster != "demo" || job.Configuration.Complete() || state(job.Configuration, "a") != "b" || state(job.Configuration, flink.KeyClusterID) != "-" {
		t.Errorf("got %+v", job)
	}
	for _, object := range []map[string]any{
		nil,
		{"apiVersion": "v1", "kind": "FlinkDeployment"},
		{"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkStateSnapshot"},
		{"apiVersion": "flinkoperator.k8s.io/v1beta1", "kind": "FlinkCluster"},
	} {
		if _, ok := RecognizeResource(object, nil); ok {
			t.Errorf("%v was recognized", object)
		}
	}
	if got := resource(t, "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nspec: {flinkConfiguration: [a]}", &OperatorDefaults{}); got.Configuration.Complete() {
		t.Error("a list is no configuration")
	}
}

// TestFlatten holds what ConfigObjectNode.asFlatMap of the operator makes of values.
func TestFlatten(t *testing.T) {
	cases := map[string]map[string]string{
		`{a: {b: {c: d}}, a.b.e: f}`:                    {"a.b.c": "d", "a.b.e": "f"},
		`{a: {b: nested}, a.b: flat}`:                   {"a.b": "flat"}, // keys come in the order of their bytes
		`{a: true, b: 7, c: 1.5, d: 1.0, e: "007"}`:     {"a": "true", "b": "7", "c": "1.5", "d": "1", "e": "007"},
		`{a: 0.00015, b: 12345678.5, c: -0.5, d: 1e30}`: {"a": "1.5E-4", "b": "1.23456785E7", "c": "-0.5", "d": "1.0E30"},
		`{a: [b, 1, true], c: [], d: [{x: y}, [z]]}`:    {"a": "b;1;true", "c": "-", "d": ";"},
		`{a: {b: [c]}, d: "", e: {}}`:                   {"a.b": "c", "d": "", "e": "-"},
		`{a: null}`:                                     {"a": "?"},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			var node map[string]any
			if err := yaml.Unmarshal([]byte(text), &node); err != nil {
				t.Fatal(err)
			}
			wantStates(t, flatten(node, "spec"), want)
		})
	}
	if got := textOf(json.Number("1.0")); got != "1" {
		t.Errorf("got %q", got)
	}
}

func TestFlattenIsBounded(t *testing.T) {
	deep := map[string]any{"a": "b"}
	for range 10 * maxDepth {
		deep = map[string]any{"a": deep}
	}
	wide, long := map[string]any{}, map[string]any{strings.Repeat("k", maxKeyBytes): "v"}
	for i := range 2 * maxNodes {
		wide[strings.Repeat("k", 1+i%9)+string(rune(0x4e00+i))] = "v"
	}
	for name, node := range map[string]map[string]any{"deep": deep, "wide": wide, "long": {"k": long}} {
		if got := flatten(node, "spec"); got.Complete() || len(got.Settings) > maxNodes {
			t.Errorf("%s: got %d settings and the gaps %v", name, len(got.Settings), got.Gaps)
		}
	}
}

func TestPodTemplatesThatMoveTheConfiguration(t *testing.T) {
	const container = "podTemplate: {spec: {containers: [{name: flink-main-container, "
	for fields, moves := range map[string]bool{
		container + "env: [{name: FLINK_CONF_DIR, value: /x}]}]}}":                            true,
		"jobManager: {" + container + "volumeMounts: [{mountPath: /opt/flink/conf/}]}]}}}":    true,
		"taskManager: {" + container + "volumeMounts: [{mountPath: /opt/flink/usrlib}]}]}}}":  false,
		"podTemplate: {spec: {containers: [{name: sidecar, env: [{name: FLINK_CONF_DIR}]}]}}": false,
	} {
		manifest := strings.Replace(deployment, "  jobManager: {replicas: 2}\n", "  "+fields+"\n", 1)
		if got := resource(t, manifest, &OperatorDefaults{}).Configuration; got.Complete() == moves {
			t.Errorf("%s: got the gaps %v, want one: %t", fields, got.Gaps, moves)
		}
	}
}

// TestOperatorDefaults holds the order of FlinkConfigManager.getDefaultConfig.
func TestOperatorDefaults(t *testing.T) {
	const text = `
kubernetes.operator.reconcile.interval: 15 s
a: base
b: base
c: base
d: base
e: base
kubernetes.operator.default-configuration.namespace.ns.b: namespace
kubernetes.operator.default-configuration.namespace.ns.c: namespace
kubernetes.operator.default-configuration.namespace.other.b: other
kubernetes.operator.default-configuration.flink-version.v1_20.c: exactly
kubernetes.operator.default-configuration.flink-version.v1_20.e: exactly
kubernetes.operator.default-configuration.flink-version.v1_19+.d: from 1.19
kubernetes.operator.default-configuration.flink-version.v1_18+.d: from 1.18
kubernetes.operator.default-configuration.flink-version.v1_19+.e: from 1.19
kubernetes.operator.default-configuration.flink-version.v2_0+.a: from 2.0
`
	configMap := &corev1.ConfigMap{Data: map[string]string{flink.LegacyFile: text, flink.StandardFile: "z: standard"}}
	defaults, ok := LoadOperatorDefaults(configMap)
	if !ok {
		t.Fatal("nothing was read")
	}
	cases := map[string]struct {
		namespace string
		version   flink.Version
		want      string // of a to e
	}{
		"the version at hand":       {"ns", flink.Version{Major: 1, Minor: 20}, "base namespace exactly from 1.19 exactly"},
		"an older one":              {"ns", flink.Version{Major: 1, Minor: 18}, "base namespace namespace from 1.18 base"}, //nolint:dupword // an answer for each of five
		"a newer one":               {"x", flink.Version{Major: 2, Minor: 1}, "from 2.0 base base from 1.19 from 1.19"},    //nolint:dupword // an answer for each of five
		"a version that is unknown": {"ns", flink.Version{}, "? namespace ? ? ?"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := defaults.For(tc.namespace, tc.version)
			var states []string
			for _, key := range []string{"a", "b", "c", "d", "e"} {
				states = append(states, state(got, key))
			}
			if joined := strings.Join(states, " "); joined != tc.want {
				t.Errorf("got %q, want %q", joined, tc.want)
			}
			if slices.ContainsFunc(got.Settings, func(s flink.Setting) bool { return s.Origin != flink.OriginOperatorDefault || s.Key == "z" }) {
				t.Errorf("got %+v", got.Settings)
			}
		})
	}
	merged := resource(t, strings.Replace(deployment, "flinkConfiguration:", "flinkConfiguration:\n    e: resource", 1), &defaults)
	wantStates(t, merged.Configuration, map[string]string{"a": "base", "e": "resource", "c": "exactly", "d": "from 1.19"})
}
