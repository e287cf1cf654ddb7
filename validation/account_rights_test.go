package validation

import (
	"reflect"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// bound is a Role of the namespace team with a rule for each of some lines, such as "configmaps: get, list", bound to an account.
func bound(account string, lines ...string) string {
	rules := ""
	for _, line := range lines {
		resource, verbs, _ := strings.Cut(line, ": ")
		resource, group, _ := strings.Cut(resource, ".")
		resource, name, named := strings.Cut(resource, "@")
		rules += `{apiGroups: ["` + group + `"], resources: [` + resource + `], verbs: [` + verbs + `]`
		if named {
			rules += `, resourceNames: [` + name + `]`
		}
		rules += `}, `
	}
	return "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: team}\nrules: [" + rules + "]\n---\n" +
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: r, namespace: team}\n" +
		"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: " + account + ", namespace: team}]"
}

// briefs are what one rule says of a subject, without manifests.
func briefs(t *testing.T, rule string, subject Subject) []string {
	t.Helper()
	var got []string
	for _, finding := range mustEvaluator(t).Evaluate(subject) {
		if finding.Rule == rule {
			got = append(got, finding.Brief(1<<20))
		}
	}
	return got
}

// testBriefs is testRule without the manifests.
func testBriefs(t *testing.T, rule string, cases map[string]ruleCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := briefs(t, rule, tc.subject); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tc.want, "\n  "))
			}
		})
	}
}

const (
	allVerbs    = "get, list, watch, create, update, patch, delete"
	allOfLeader = "configmaps: " + allVerbs
	toLead      = "get, list, watch, create, update, patch and delete on configmaps"
)

// leader is a JobManager of Flink 1.20 with high availability.
func leader(fields ...string) string {
	return flinkWorkload("Deployment", "jobmanager", append(mountsConfig(fields...), `image: "flink:1.20.5"`)...)
}

func lacking(t *testing.T, rule string, subject Subject) Finding {
	t.Helper()
	for _, finding := range mustEvaluator(t).Evaluate(subject) {
		if finding.Rule == rule {
			return finding
		}
	}
	t.Fatal("nothing is found")
	return Finding{}
}

func TestRightsMissingAreAsCertainAsWhatTheyRestOn(t *testing.T) {
	const rule = "jobmanager-rights-missing"
	subject := manifest(t, together(leader("pod.serviceAccountName: flink"), bound("flink", "configmaps: get"), flinkConfig(goodLines()...)))
	live := lacking(t, rule, subject)
	if live.Level != policy.LevelStrict || live.Settled || live.Advice || live.Since != longAgo() {
		t.Errorf("got %+v from a cluster", live)
	}
	if given := lacking(t, rule, with(subject, settled)); given.Level != policy.LevelBaseline || !given.Settled || given.Advice {
		t.Errorf("got %+v from files", given)
	}
	unsure := manifest(t, together(flinkWorkload("Deployment", "jobmanager", mountsConfig("pod.serviceAccountName: flink", `image: "mine:7"`)...),
		bound("flink", "configmaps: get, list, watch, create, update, delete"), flinkConfig(goodLines()...)))
	if unsure := lacking(t, rule, with(unsure, settled)); unsure.Level != policy.LevelStrict || unsure.Settled || !unsure.Advice {
		t.Errorf("got %+v where the version is not known", unsure)
	}
}

func TestManifestOfMissingRights(t *testing.T) {
	manifestOf := func(rule string, documents ...string) string {
		return lacking(t, rule, manifest(t, together(documents...))).Manifest
	}
	const (
		head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: "
		ref  = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: "
	)
	got := manifestOf("jobmanager-rights-missing", leader("pod.serviceAccountName: flink"), bound("x", "configmaps: get"), flinkConfig(goodLines()...))
	want := head + `Role
metadata: {name: flink-jobmanager-ha, namespace: "team"}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [` + allVerbs + `]}
---
` + head + `RoleBinding
metadata: {name: "flink-jobmanager-ha-flink", namespace: "team"}
` + ref + `flink-jobmanager-ha}
subjects:
- {kind: ServiceAccount, name: "flink", namespace: "team"}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// An account that is not there is no reason to bind the one of all pods.
	got = manifestOf("taskmanager-rights-missing", flinkWorkload("Deployment", "taskmanager", mountsConfig()...), bound("x", "configmaps: get"),
		strings.Replace(flinkConfig(goodLines()...), "kubernetes.namespace: team", "kubernetes.namespace: ha", 1))
	for _, want := range []string{
		`{name: flink-taskmanager-ha, namespace: "ha"}`, `verbs: [list, watch]}`, `{name: "flink-taskmanager-ha-team-flink", namespace: "ha"}`,
		`{kind: ServiceAccount, name: "flink", namespace: "team"}`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwithout %s", got, want)
		}
	}
	long := manifestOf("jobmanager-rights-missing", leader("pod.serviceAccountName: "+strings.Repeat("a", 5000)), bound("x", "configmaps: get"), flinkConfig(goodLines()...))
	if long != "" {
		t.Errorf("got %d bytes for an account that cannot be", len(long))
	}
}

// TestWhatIsBoundAsShownIsEnough: whoever applies the manifest hears nothing more.
func TestWhatIsBoundAsShownIsEnough(t *testing.T) {
	custom := "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\n" +
		"spec: {serviceAccount: flink, flinkVersion: v1_20, flinkConfiguration: {high-availability.type: kubernetes, kubernetes.hostnetwork.enabled: true}}"
	for name, objects := range map[string]string{
		"a workload":        together(leader("pod.serviceAccountName: flink"), bound("x", "pods: get"), flinkConfig(goodLines()...)),
		"a custom resource": together(custom, bound("x", "pods: get")),
	} {
		shown := lacking(t, "jobmanager-rights-missing", manifest(t, objects)).Manifest
		after := manifest(t, together(objects, strings.TrimSuffix(shown, "\n")))
		for _, rule := range []string{"jobmanager-rights-missing", "taskmanager-rights-missing"} {
			if got := briefs(t, rule, after); got != nil {
				t.Errorf("%s: got %q after it was applied", name, got)
			}
		}
	}
}
