package check_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

func verdicts(report *check.Report) map[string]admission.Verdict {
	verdicts := map[string]admission.Verdict{}
	for i := range report.Objects {
		verdicts[report.Objects[i].Namespace+"/"+report.Objects[i].Name] = report.Objects[i].Verdict
	}
	return verdicts
}

func TestLabelsOfNamespacesThatAreNotInTheInput(t *testing.T) {
	var text strings.Builder
	for _, namespace := range []string{"one", "two", "three"} {
		text.WriteString(strings.ReplaceAll(faultyConfigMap, "team", namespace) + "---\n")
	}
	text.WriteString("apiVersion: v1\nkind: Namespace\nmetadata: {name: three, labels: {flink-ha.dev/enforce: baseline}}\n")
	inFolder(t, map[string]string{"f.yaml": text.String()})
	options := defaults()
	options.NamespaceLabels = check.NamespaceLabels{
		Everywhere: map[string]string{"flink-ha.dev/enforce": "off"},
		In:         map[string]map[string]string{"two": {"flink-ha.dev/guard": "disabled"}},
	}
	want := map[string]admission.Verdict{"one/flink-config": "warn", "three/flink-config": "deny", "/three": "allow"}
	if diff := cmp.Diff(want, verdicts(run(t, options, nil, "."))); diff != "" {
		t.Errorf("verdicts differ (-want +got):\n%s", diff)
	}
	options.NamespaceLabels.In["two"] = map[string]string{"flink-ha.dev/enforce": "baseline"}
	want["two/flink-config"] = "deny"
	if diff := cmp.Diff(want, verdicts(run(t, options, nil, "."))); diff != "" {
		t.Errorf("with another label in one namespace verdicts differ (-want +got):\n%s", diff)
	}
}

func TestTheVersionThatWasNamedDecidesWhichFileIsRead(t *testing.T) {
	legacy := strings.Replace(configMapOf("flink-config", "orders", ""), "config.yaml", "flink-conf.yaml", 1)
	inFolder(t, map[string]string{"f.yaml": legacy + "---\n" + strings.NewReplacer("2.1.0", "1.20.1").Replace(jobManagerOf("jobmanager", "flink-config", ""))})
	for version, unread := range map[string]bool{"": false, "1.20": false, "2.1": true} {
		options := defaults()
		if version != "" {
			options.Version, _ = flink.ParseVersion(version)
		}
		report := run(t, options, nil, ".")
		if got := says(report, "f.yaml", "Deployment", "configuration-file-unread"); got != unread {
			t.Errorf("version %q: flink-conf.yaml is said to be unread: %v, want %v: %v", version, got, unread, found(report))
		}
	}
}

func TestTheVersionThatWasNamedHoldsForWhatOthersSee(t *testing.T) {
	// The ConfigMap is judged as the Deployment reads it: with 2.1 it reads config.yaml, whatever its image says.
	configMap := configMapOf("flink-config", "orders", "") + "  flink-conf.yaml: |\n    high-availability.type: kubernets\n"
	inFolder(t, map[string]string{"f.yaml": configMap + "---\n" + strings.NewReplacer("2.1.0", "1.20.1").Replace(jobManagerOf("jobmanager", "flink-config", ""))})
	for version, invalid := range map[string]bool{"1.20": true, "2.1": false} {
		options := defaults()
		options.Version, _ = flink.ParseVersion(version)
		report := run(t, options, nil, ".")
		if got := says(report, "f.yaml", "ConfigMap", typeInvalid); got != invalid {
			t.Errorf("version %s: %s in flink-conf.yaml: %v, want %v: %v", version, typeInvalid, got, invalid, found(report))
		}
	}
}

const flinkDeployment = `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  image: flink:1.20.1
  flinkVersion: v1_20
  serviceAccount: flink
  jobManager: {replicas: 2}
`

func TestTheOperatorsDefaults(t *testing.T) {
	const bad, good = "high-availability.type: kubernets\n", "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://flink/ha\n"
	manifestOf := func(name, text string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: operators}\ndata:\n  flink-conf.yaml: |\n    " +
			strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") + "\n"
	}
	inFolder(t, map[string]string{
		"in/orders.yaml": flinkDeployment, "operator.yaml": manifestOf(flink.OperatorConfigMap, bad),
		"named.yaml": manifestOf("its-configuration", bad), "right.yaml": manifestOf(flink.OperatorConfigMap, good), "flink-conf.yaml": bad,
	})
	for name, tc := range map[string]struct {
		files   []string
		file    string
		named   []string
		invalid bool
	}{
		"unknown":                       {[]string{"in"}, "", nil, false},
		"in the input":                  {[]string{"in", "operator.yaml"}, "", nil, true},
		"by a name that the policy has": {[]string{"in", "named.yaml"}, "", []string{"operators/its-configuration"}, true},
		"by a name that nobody knows":   {[]string{"in", "named.yaml"}, "", nil, false},
		"in a file":                     {[]string{"in"}, "operator.yaml", nil, true},
		"in a file under another name":  {[]string{"in"}, "named.yaml", nil, true},
		"in a file of the operator's":   {[]string{"in"}, "flink-conf.yaml", nil, true},
		"a file before the input":       {[]string{"in", "operator.yaml"}, "right.yaml", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			options := defaults()
			options.Policy.Clusters.OperatorDefaults = tc.named
			if tc.file != "" {
				var err error
				if options.OperatorConfig, err = check.ReadOperatorConfig(tc.file); err != nil {
					t.Fatal(err)
				}
			}
			report := run(t, options, nil, tc.files...)
			if got := says(report, "in/orders.yaml", "FlinkDeployment", typeInvalid); got != tc.invalid {
				t.Errorf("got %v, want %s: %v", found(report), typeInvalid, tc.invalid)
			}
		})
	}
}

// TestADefaultIsOverriddenInTheResource has the defaults in a file that is none of the input, so that nothing there can be pointed at.
func TestADefaultIsOverriddenInTheResource(t *testing.T) {
	inFolder(t, map[string]string{
		"flink-conf.yaml": "high-availability.type: kubernets\n",
		"with.yaml":       flinkDeployment + "  flinkConfiguration:\n    taskmanager.numberOfTaskSlots: \"2\"\n",
		"without.yaml":    flinkDeployment,
	})
	options := defaults()
	var err error
	if options.OperatorConfig, err = check.ReadOperatorConfig("flink-conf.yaml"); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"with.yaml": `    taskmanager.numberOfTaskSlots: "2"`, "without.yaml": "  image: flink:1.20.1"} {
		for _, finding := range run(t, options, nil, file).Objects[0].Findings {
			if finding.Rule == typeInvalid && (finding.Line != want || !finding.Missing) {
				t.Errorf("%s: got line %d %q, missing %v, want %q and missing", file, finding.Place.Line, finding.Line, finding.Missing, want)
			} else if finding.Rule == typeInvalid {
				want = ""
			}
		}
		if want != "" {
			t.Errorf("%s: %s is not found at %q", file, typeInvalid, want)
		}
	}
}

func TestAFileWithoutTheOperatorsConfigurationIsRefused(t *testing.T) {
	two := faultyConfigMap + "---\n" + strings.Replace(faultyConfigMap, "flink-config", "other", 1)
	inFolder(t, map[string]string{"none.yaml": flinkDeployment, "two.yaml": two, "broken.yaml": "apiVersion: v1\nkind: [\n"})
	for file, want := range map[string]string{
		"none.yaml":   "none.yaml has 0 ConfigMaps with a flink-conf.yaml or config.yaml and none is called flink-operator-config, needs one that is, or a single one",
		"two.yaml":    "two.yaml has 2 ConfigMaps with a flink-conf.yaml or config.yaml and none is called flink-operator-config, needs one that is, or a single one",
		"broken.yaml": "broken.yaml:3:1: this is not YAML: there is no value where one must be; check quotes, brackets and indentation",
		"missing":     "missing: no such file or directory",
	} {
		if _, err := check.ReadOperatorConfig(file); err == nil || err.Error() != want {
			t.Errorf("%s: got the error %v, want %q", file, err, want)
		}
	}
}

func TestWhatTheInputDoesNotAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		text   string
		change func(*check.Options)
		want   []string
	}{
		"a workload by itself": {
			text: strings.Replace(jobManagerOf("jobmanager", "flink-config", ""), "flink:2.1.0", "registry/flink-of-ours:7", 1),
			want: []string{
				`the ConfigMap "flink-config" that it reads is not among the files, or has no Flink configuration: add it`,
				`its version of Flink is not known: name it with --flink-version`,
				`its configuration is not known in full: `,
				`the labels of the namespace "team" are not known and taken for absent: add the Namespace, or name them with --namespace-labels`,
			},
		},
		"nothing but the namespace": {
			text: configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager", "flink-config", "") +
				"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n",
			change: func(o *check.Options) { o.Namespace = "" },
			want:   []string{`its namespace is not known: name it with --namespace, or in the object`},
		},
		"accounts": {
			text: configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager", "flink-config", "") +
				"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n",
			want: []string{`what its account "flink" may do is not known, since no Role and no binding for the account's namespace is among the objects given`},
		},
		"the operator's defaults": {
			text: flinkDeployment,
			want: []string{`the default configuration of the Flink Kubernetes Operator is not known: add its ConfigMap, or name it with --operator-config`},
		},
		"a ConfigMap by itself": {
			text: faultyConfigMap,
			want: []string{`its version of Flink is not known exactly (before 2.0): name it with --flink-version`},
		},
		"an image that starts by itself": {
			text: strings.NewReplacer("args: [jobmanager, $(POD_IP)]", "workingDir: /", "flink:2.1.0", "registry/flink-job:1").Replace(jobManagerOf("job", "flink-config", "")),
			want: []string{"it has Flink's image or files, and what it starts does not show: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := defaults()
			options.WithUnknown = true
			if tc.change != nil {
				tc.change(&options)
			}
			report := run(t, options, strings.NewReader(tc.text), "-")
			var got []string
			for i := range report.Objects {
				got = append(got, report.Objects[i].Unknown...)
			}
			for _, want := range tc.want {
				found := false
				for _, sentence := range got {
					found = found || sentence == want || strings.HasSuffix(want, ": ") && strings.HasPrefix(sentence, want)
				}
				if !found {
					t.Errorf("got %q, want %q among them", got, want)
				}
			}
			options.WithUnknown = false
			report = run(t, options, strings.NewReader(tc.text), "-")
			for i := range report.Objects {
				if report.Objects[i].Unknown != nil {
					t.Errorf("without WithUnknown: got %q", report.Objects[i].Unknown)
				}
			}
		})
	}
}

func TestWhatIsAllKnownHasNoQuestions(t *testing.T) {
	options := defaults()
	options.WithUnknown = true
	text := configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager", "flink-config", "") + `---
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: flink, namespace: team}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: flink, namespace: team}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: flink, namespace: team}]
`
	report := run(t, options, strings.NewReader(text), "-")
	for i := range report.Objects {
		if len(report.Objects[i].Unknown) > 0 {
			t.Errorf("%s %s: got %q, want no question", report.Objects[i].Kind, report.Objects[i].Name, report.Objects[i].Unknown)
		}
	}
}
