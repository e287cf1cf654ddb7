package check_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

const (
	clusterIDShared = "cluster-id-shared"
	rightsMissing   = "jobmanager-rights-missing"
)

// configMapOf is the configuration of a cluster, and jobManagerOf what runs it.
func configMapOf(name, clusterID, more string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: ` + name + `}
data:
  config.yaml: |
    jobmanager.rpc.address: jobmanager
    high-availability.type: kubernetes
    high-availability.storageDir: s3://flink/` + clusterID + `
    kubernetes.cluster-id: ` + clusterID + `
    kubernetes.namespace: team
    execution.checkpointing.dir: s3://flink/checkpoints
` + more
}

func jobManagerOf(name, configMap, more string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ` + name + `}
spec:
  selector: {matchLabels: {app: ` + name + `}}
  template:
    metadata: {labels: {app: ` + name + `}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:2.1.0
          args: [jobmanager, $(POD_IP)]
          env:
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-2.1.0.jar}
          volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
        - {name: config, configMap: {name: ` + configMap + `}}
` + more
}

// found are the rules that found something, by file, in the order of the report.
func found(report *check.Report) map[string][]string {
	rules := map[string][]string{}
	for i := range report.Objects {
		object := &report.Objects[i]
		for j := range object.Findings {
			rule := fmt.Sprintf("%s %s", object.Kind, object.Findings[j].Rule)
			if !slices.Contains(rules[object.File], rule) {
				rules[object.File] = append(rules[object.File], rule)
			}
		}
	}
	return rules
}

// says tells whether a rule found something about an object of a kind in a file.
func says(report *check.Report, file, kind, rule string) bool {
	return slices.Contains(found(report)[file], kind+" "+rule)
}

func TestAlternativesDoNotCollide(t *testing.T) {
	// In one world the two clusters would share an id: staging and prod both write under "orders".
	files := map[string]string{
		"staging/flink.yaml": configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager-staging", "flink-config", ""),
		"prod/flink.yaml":    configMapOf("flink-config", "orders", "    parallelism.default: 8\n") + "---\n" + jobManagerOf("jobmanager-prod", "flink-config", ""),
	}
	inFolder(t, files)
	report := run(t, defaults(), nil, ".")
	for file := range files {
		if says(report, file, "Deployment", clusterIDShared) {
			t.Errorf("%s: the alternatives were judged together: %v", file, found(report)[file])
		}
	}
	// Folders without a conflict are one world, whatever they are called.
	files["prod/flink.yaml"] = strings.ReplaceAll(files["prod/flink.yaml"], "name: flink-config", "name: flink-config-prod")
	inFolder(t, files)
	report = run(t, defaults(), nil, ".")
	for file := range files {
		if !says(report, file, "Deployment", clusterIDShared) {
			t.Errorf("%s: got %v, want %s: nothing says that the folders are alternatives", file, found(report)[file], clusterIDShared)
		}
	}
}

func TestWhatAlternativesShareIsJudgedWithEachOfThem(t *testing.T) {
	right := configMapOf("flink-config", "orders", "")
	wrong := strings.Replace(right, "high-availability.type: kubernetes", "high-availability.type: none", 1)
	for _, folders := range [][2]string{{"staging", "prod"}, {"prod", "staging"}} {
		inFolder(t, map[string]string{
			"base/jobmanager.yaml":      jobManagerOf("jobmanager", "flink-config", ""),
			folders[0] + "/config.yaml": right,
			folders[1] + "/config.yaml": wrong,
			"other/config.yaml":         configMapOf("other-config", "others", ""),
		})
		report := run(t, defaults(), nil, ".")
		if !says(report, "base/jobmanager.yaml", "Deployment", "high-availability-off") {
			t.Errorf("got %v, want high-availability-off of the Deployment that reads %s/config.yaml", found(report), folders[1])
		}
		if report.Summary.Objects != 4 || report.Summary.Skip > 0 {
			t.Errorf("got %+v, want each object counted once", report.Summary)
		}
		for i := range report.Objects {
			for _, finding := range report.Objects[i].Findings {
				if report.Objects[i].File == "base/jobmanager.yaml" && finding.Rule == "high-availability-off" && finding.Place.File != folders[1]+"/config.yaml" {
					t.Errorf("got the place %v, want one in the alternative that shows it", finding.Place)
				}
			}
		}
	}
}

func TestPartsOfAnAlternativeStayTogether(t *testing.T) {
	// staging/config and prod/config conflict; what else is in staging belongs to it, and not to prod.
	role := func(verbs string) string {
		return `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: flink, namespace: team}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [` + verbs + `]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: flink, namespace: team}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: flink}
subjects: [{kind: ServiceAccount, name: flink, namespace: team}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: flink, namespace: team}
`
	}
	files := map[string]string{}
	for folder, verbs := range map[string]string{"staging": "get", "prod": "get, list, watch, create, update, patch, delete"} {
		files[folder+"/config/config.yaml"] = configMapOf("flink-config", "orders-"+folder, "")
		files[folder+"/run/jobmanager.yaml"] = jobManagerOf("jobmanager", "flink-config", "") + "---\n" + role(verbs)
	}
	inFolder(t, files)
	report := run(t, defaults(), nil, ".")
	if !says(report, "staging/run/jobmanager.yaml", "Deployment", rightsMissing) {
		t.Errorf("staging: got %v, want %s", found(report)["staging/run/jobmanager.yaml"], rightsMissing)
	}
	if says(report, "prod/run/jobmanager.yaml", "Deployment", rightsMissing) {
		t.Errorf("prod: got %v, which is staging's", found(report)["prod/run/jobmanager.yaml"])
	}
}

func TestAccountsOfFoldersThatAreLeftOutAreNotMissing(t *testing.T) {
	// What a and b choose from has nothing to do with what c and d choose from: either of these may come with the binding.
	binding := func(labels string) string {
		return `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: flink, namespace: team, labels: {` + labels + `}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: flink, namespace: team}]
`
	}
	account := "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: other, namespace: team}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: flink, namespace: team}\n"
	files := map[string]string{
		"a/config.yaml": configMapOf("flink-config", "orders", ""), "b/config.yaml": configMapOf("flink-config", "orders", "    a: b\n"),
		"base/jobmanager.yaml": jobManagerOf("jobmanager", "flink-config", account),
	}
	inFolder(t, files)
	if report := run(t, defaults(), nil, "."); !says(report, "base/jobmanager.yaml", "Deployment", rightsMissing) {
		t.Fatalf("got %v, want %s while nothing binds the account", found(report), rightsMissing)
	}
	files["c/rights.yaml"], files["d/rights.yaml"] = binding("a: b"), binding("c: d")
	inFolder(t, files)
	if report := run(t, defaults(), nil, "."); says(report, "base/jobmanager.yaml", "Deployment", rightsMissing) {
		t.Errorf("got %v, although c and d have a binding", found(report))
	}
}

func TestWithinAFolderTheLastDefinitionCounts(t *testing.T) {
	right, wrong := configMapOf("flink-config", "orders", ""), strings.Replace(configMapOf("flink-config", "orders", ""), ": kubernetes\n", ": none\n", 1)
	for name, tc := range map[string]struct {
		first, second string
		off           bool
	}{
		"the last is right": {wrong, right, false},
		"the last is wrong": {right, wrong, true},
	} {
		t.Run(name, func(t *testing.T) {
			inFolder(t, map[string]string{"1.yaml": tc.first, "2.yaml": tc.second, "3.yaml": jobManagerOf("jobmanager", "flink-config", "")})
			report := run(t, defaults(), nil, ".")
			if got := says(report, "3.yaml", "Deployment", "high-availability-off"); got != tc.off {
				t.Errorf("the Deployment without high availability: got %v, want %v: %v", got, tc.off, found(report))
			}
			// Both are judged, since either may be meant.
			wrongFile := map[bool]string{true: "2.yaml", false: "1.yaml"}[tc.off]
			if !says(report, wrongFile, "ConfigMap", "high-availability-off") {
				t.Errorf("got %v, want high-availability-off in %s", found(report), wrongFile)
			}
		})
	}
}

func TestWholesAreJudgedApart(t *testing.T) {
	one := configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager", "flink-config", "")
	other := strings.NewReplacer("flink-config", "other-config", "name: jobmanager}", "name: other}").Replace(one)
	sources := func(apart bool) []manifest.Source {
		return []manifest.Source{
			manifest.Source{Name: "overlays/a", Apart: apart}.Holding(one), manifest.Source{Name: "overlays/b", Apart: apart}.Holding(other),
			manifest.Source{Name: "c.yaml"}.Holding(strings.ReplaceAll(other, "other", "third")),
		}
	}
	for _, apart := range []bool{true, false} {
		report, err := check.Run(context.Background(), sources(apart), nil, defaults())
		if err != nil {
			t.Fatal(err)
		}
		if got := says(report, "overlays/a", "Deployment", clusterIDShared); got == apart {
			t.Errorf("apart %v: a collision was found: %v, want %v", apart, got, !apart)
		}
	}
}

func TestAThousandAlternativesTakeLinearTime(t *testing.T) {
	took := func(count int) (time.Duration, int) {
		var sources []manifest.Source
		for i := range 20 {
			base := configMapOf(fmt.Sprintf("base-%d", i), fmt.Sprintf("base-%d", i), "") + "---\n" + jobManagerOf(fmt.Sprintf("base-%d", i), fmt.Sprintf("base-%d", i), "")
			sources = append(sources, manifest.Source{Name: fmt.Sprintf("base/%d.yaml", i)}.Holding(base))
		}
		for i := range count {
			text := configMapOf("flink-config", fmt.Sprintf("orders-%d", i), "") + "---\n" + jobManagerOf("jobmanager", "flink-config", "")
			sources = append(sources, manifest.Source{Name: fmt.Sprintf("clusters/%d/flink.yaml", i)}.Holding(text))
		}
		options, verdicts := defaults(), 0
		options.Progress = func(p check.Progress) { verdicts = p.Judged }
		start := time.Now()
		report, err := check.Run(context.Background(), sources, nil, options)
		if err != nil {
			t.Fatal(err)
		}
		if want := 2 * (count + 20); report.Summary.Objects != want {
			t.Fatalf("got %+v, want %d objects", report.Summary, want)
		}
		return time.Since(start), verdicts
	}
	few, fewVerdicts := took(100)
	many, manyVerdicts := took(1000)
	if fewVerdicts > 10*220 || manyVerdicts > 3*2040 {
		t.Errorf("220 objects took %d verdicts and 2040 took %d, which is too many", fewVerdicts, manyVerdicts)
	}
	if many > 50*few+5*time.Second {
		t.Errorf("100 alternatives took %v and 1000 took %v, want about ten times as long", few, many)
	}
}

func TestWhatAnAlternativeCoversIsThereForTheOthers(t *testing.T) {
	off := strings.Replace(configMapOf("flink-config", "orders", ""), ": kubernetes\n", ": none\n", 1)
	options := defaults()
	options.Live = &liveObjects{objects: []string{inTeam(off)}}
	other := strings.ReplaceAll(configMapOf("unlike", "b", ""), "execution.checkpointing.dir", "state.checkpoints.dir")
	inFolder(t, map[string]string{
		"a/flink.yaml": configMapOf("flink-config", "a", "") + "---\n" + configMapOf("unlike", "a", "") + "---\n" + jobManagerOf("a", "flink-config", ""),
		"b/flink.yaml": other + "---\n" + jobManagerOf("b", "flink-config", ""),
	})
	report := run(t, options, nil, ".")
	for folder, want := range map[string]bool{"a": false, "b": true} {
		if got := says(report, folder+"/flink.yaml", "Deployment", "high-availability-off"); got != want {
			t.Errorf("%s: without high availability: %v, want %v: %v", folder, got, want, found(report))
		}
	}
}
