package validation

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/edit"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// TestFixes applies the fix of one rule's finding to manifests, and looks whether the finding is gone and nothing else came up. What is
// wanted is a part of the object then; "" is for findings that must have no fix.
func TestFixes(t *testing.T) {
	ha := func(lines ...string) string { return flinkConfig(lines...) + "\n" }
	application := func(args string) string {
		return together(strings.Replace(flinkWorkload("Job", args, mountsConfig("image: registry.example.com/flink:2.1", "spec.backoffLimit: 1000000",
			podIP)...), "kind", "apiVersion: batch/v1\nkind", 1), ha(goodLines("state.checkpoints.dir: s3://b/c")...))
	}
	old := func(lines ...string) string {
		return flinkWorkload("Deployment", "jobmanager", "image: flink:1.16.3", "env: [{name: FLINK_PROPERTIES, value: \""+strings.Join(lines, `\n`)+"\"}]")
	}
	resource := func(version string, lines ...string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: orders, namespace: team}\nspec:\n  image: flink:" + version +
			"\n  flinkVersion: v" + strings.Replace(version, ".", "_", 1) + "\n  serviceAccount: flink\n  flinkConfiguration:\n    " + strings.Join(lines, "\n    ") + "\n"
	}
	for sentence, tc := range map[string]struct{ rule, manifest, want string }{
		"quotes around a mode":                              {"high-availability-type-invalid", ha(`high-availability.type: "kubernetes"`, "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x", "kubernetes.namespace: team"), "high-availability.type: kubernetes\n"},
		"a misspelt mode":                                   {"high-availability-type-invalid", ha("high-availability.type: kubernets", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x", "kubernetes.namespace: team"), "high-availability.type: kubernetes\n"},
		"another misspelt mode":                             {"high-availability-type-invalid", ha("high-availability.type: zoo-keeper", "high-availability.storageDir: s3://b/ha", "high-availability.zookeeper.quorum: x"), "high-availability.type: zookeeper\n"},
		"no mode at all":                                    {"high-availability-type-invalid", ha("high-availability.type: etcd", "high-availability.storageDir: s3://b/ha"), ""},
		"no mode in quotes":                                 {"high-availability-type-invalid", ha("high-availability.type: 'none'"), ""},
		"a mode in an argument":                             {"high-availability-type-invalid", flinkWorkload("Deployment", "taskmanager, -D, high-availability.type=kubernets"), "- high-availability.type=kubernetes"},
		"a mode in one word":                                {"high-availability-type-invalid", flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=kubernets"), "- -Dhigh-availability.type=kubernetes"},
		"a mode in a shell":                                 {"high-availability-type-invalid", flinkWorkload("Deployment", "bash, -c, '/docker-entrypoint.sh taskmanager -Dhigh-availability.type=kubernets'"), ""},
		"a mode in a resource":                              {"high-availability-type-invalid", resource("1.20", "high-availability.type: kubernets", "high-availability.storageDir: s3://b/ha"), "high-availability.type: kubernetes"},
		"nested in a resource":                              {"high-availability-type-invalid", resource("1.20", "high-availability: {type: kubernets, storageDir: s3://b/ha}"), "kubernetes"},
		"a mode before its time":                            {"high-availability-type-invalid", resource("1.15", "high-availability: kubernetes", "high-availability.storageDir: s3://b/ha"), operatorsFactory},
		"quotes around a directory":                         {"storage-dir-invalid", ha("high-availability.type: kubernetes", "high-availability.storageDir: 's3://b/ha'", "kubernetes.cluster-id: x"), "storageDir: s3://b/ha\n"},
		"quotes around nothing good":                        {"storage-dir-invalid", ha("high-availability.type: kubernetes", "high-availability.storageDir: '<bucket>'", "kubernetes.cluster-id: x"), ""},
		"no directory":                                      {"storage-dir-missing", ha("high-availability.type: kubernetes", "kubernetes.cluster-id: x"), ""},
		"a misspelt directory":                              {"storage-dir-missing", ha("high-availability.type: kubernetes", "high-availability.storage-dir: s3://b/ha", "kubernetes.cluster-id: x"), "high-availability.storageDir: s3://b/ha\n"},
		"a misspelt directory that is none":                 {"storage-dir-missing", ha("high-availability.type: kubernetes", "high-availability.storage-dir: '<x>'", "kubernetes.cluster-id: x"), ""},
		"a misspelt mode key":                               {"high-availability-off", ha("high-availability.Type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), "high-availability.type: kubernetes\n"},
		"a misspelt mode key and nothing else":              {"high-availability-off", ha("high-availability.Type: kubernetes"), ""},
		"high availability off":                             {"high-availability-off", ha("jobmanager.rpc.address: x"), ""},
		"a mode for later versions":                         {"high-availability-type-unread", old("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), "high-availability: kubernetes\n"},
		"a mode for later versions without a directory":     {"high-availability-type-unread", old("high-availability.type: kubernetes", "kubernetes.cluster-id: x"), ""},
		"a second mode":                                     {"high-availability-type-contradictory", resource("1.20", "high-availability.type: kubernetes", "recovery.mode: zookeeper", "high-availability.storageDir: s3://b/ha"), "!recovery.mode"},
		"a second mode, the version is not known":           {"high-availability-type-contradictory", ha(goodLines("high-availability: zookeeper")...), ""},
		"an old key before others":                          {"high-availability-key-overlap", resource("2.0", "high-availability: kubernetes", "high-availability.storageDir: s3://b/ha"), "high-availability.type: kubernetes"},
		"an old key beside the new one":                     {"high-availability-key-overlap", resource("2.0", "high-availability: kubernetes", "high-availability.type: KUBERNETES", "high-availability.storageDir: s3://b/ha"), "!high-availability: "},
		"an id that the operator gives":                     {"custom-resource-forbidden-key", resource("1.20", "kubernetes.cluster-id: orders", "high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha"), "!cluster-id"},
		"an id that it does not give":                       {"custom-resource-forbidden-key", resource("1.20", "kubernetes.cluster-id: prod", "high-availability.type: kubernetes"), ""},
		"no namespace":                                      {"namespace-mismatch", ha("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), ""},
		"another namespace":                                 {"namespace-mismatch", ha("high-availability.type: kubernetes", "kubernetes.cluster-id: x", "kubernetes.namespace: other"), ""},
		"no id of its own":                                  {"ha-cluster-id-default", ha("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), ""},
		"quotes around an id of ZooKeeper":                  {"configuration-line-misread", ha("high-availability.type: zookeeper", `high-availability.cluster-id: "orders"`, "high-availability.storageDir: s3://b/ha", "high-availability.zookeeper.quorum: x"), ""},
		"quotes around a root of ZooKeeper":                 {"configuration-line-misread", ha("high-availability.type: zookeeper", "high-availability.zookeeper.path.root: '/flink2'", "high-availability.storageDir: s3://b/ha", "high-availability.zookeeper.quorum: x"), ""},
		"quotes around an id":                               {"cluster-id-invalid", ha(`kubernetes.cluster-id: "orders"`, "high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "kubernetes.namespace: team"), "kubernetes.cluster-id: orders\n"},
		"an id with capitals":                               {"cluster-id-invalid", ha("kubernetes.cluster-id: Orders", "high-availability.type: kubernetes"), ""},
		"no token":                                          {"service-account-token-not-mounted", flinkWorkload("Deployment", "taskmanager, -D, high-availability.type=kubernetes", "image: flink:1.20.5", "pod.automountServiceAccountToken: false", "pod.serviceAccountName: flink"), "automountServiceAccountToken: true"},
		"a removed option":                                  {"host-option-removed", application(`standalone-job, --host, $(POD_IP), --job-classname, x.Main`), "- -D\n        - jobmanager.rpc.address=$(POD_IP)"},
		"a removed option in one word":                      {"host-option-removed", application(`standalone-job, --host=$(POD_IP), --job-classname, x.Main`), "- -Djobmanager.rpc.address=$(POD_IP)"},
		"one that may be the program's":                     {"host-option-removed", application(`standalone-job, --host, db`), ""},
		"a property in one word":                            {"dynamic-property-lost", flinkWorkload("Deployment", "jobmanager, -Dblob.server.port=1, -Drest.port=1"), "- jobmanager\n        - -D\n        - blob.server.port=1\n        - -D\n        - rest.port=1"},
		"one of them with a blank before the key":           {"dynamic-property-lost", flinkWorkload("Deployment", "jobmanager, '-D rest.port=1', -Dblob.server.port=1"), ""},
		"one that would move the state":                     {"dynamic-property-lost", flinkWorkload("Deployment", "jobmanager, -Dblob.server.port=1, -Dhigh-availability.cluster-id=orders", "image: flink:1.20.5", "env: [{name: FLINK_PROPERTIES, value: 'high-availability.type: zookeeper'}]"), ""},
		"one that cannot move any":                          {"dynamic-property-lost", flinkWorkload("Deployment", "jobmanager, -Dblob.server.port=1, -Dhigh-availability.cluster-id=orders", "image: flink:1.20.5"), "- high-availability.cluster-id=orders"},
		"a property with a colon that would move the state": {"dynamic-property-lost", flinkWorkload("Deployment", "taskmanager, '-Dhigh-availability.cluster-id:orders'", "image: flink:1.20.5", "env: [{name: FLINK_PROPERTIES, value: 'high-availability.type: zookeeper'}]"), ""},
		"a property with a colon":                           {"dynamic-property-lost", flinkWorkload("Deployment", "taskmanager, '-Dhigh-availability.storageDir:s3://b/ha'"), "- -Dhigh-availability.storageDir=s3://b/ha"},
		"a property like a line of a file":                  {"arguments-refused", flinkWorkload("Deployment", "taskmanager, -D, 'high-availability.type: NONE'"), "- high-availability.type=NONE"},
		"quotes around a duration":                          {"leader-election-timing", ha(goodLines(`high-availability.kubernetes.leader-election.lease-duration: "15 s"`)...), "lease-duration: 15 s\n"},
		"a duration that is none":                           {"leader-election-timing", ha(goodLines("high-availability.kubernetes.leader-election.lease-duration: soon")...), ""},
		"a misspelt option":                                 {"high-availability-key-misspelt", ha(goodLines("high-availability.kubernetes.leader_election.lease-duration: 30 s")...), "high-availability.kubernetes.leader-election.lease-duration: 30 s"},
		"a misspelt option that is set":                     {"high-availability-key-misspelt", ha(goodLines("high-availability.storage-dir: s3://other/ha")...), ""},
		"a misspelt option that is set alike":               {"high-availability-key-misspelt", ha(goodLines("high-availability.storage-dir: s3://b/ha")...), "!storage-dir"},
		"quotes around another value":                       {"configuration-line-misread", ha(goodLines(`state.savepoints.dir: "s3://b/s"`)...), "state.savepoints.dir: s3://b/s"},
		"a value before a #":                                {"configuration-line-misread", ha(goodLines("state.checkpoints.dir: s3://b/s#x")...), ""},
		"a deprecated key":                                  {"deprecated-key", ha(goodLines("high-availability.zookeeper.path.root: /x", "recovery.zookeeper.quorum: zk")...), "high-availability.zookeeper.quorum: zk"},
		"a deprecated key in a resource":                    {"deprecated-key", resource("1.20", "high-availability: kubernetes", "high-availability.storageDir: s3://b/ha"), "high-availability.type: kubernetes"},
		"a deprecated key that does not count":              {"deprecated-key", resource("1.20", "high-availability: kubernetes", "high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha"), ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			before := mustEvaluator(t).Evaluate(manifest(t, tc.manifest))
			finding := firstOf(before, tc.rule)
			switch {
			case finding == nil:
				t.Fatalf("there is no finding of %s, but %v, in\n%s", tc.rule, rulesIn(before), tc.manifest)
			case (tc.want == "") != (len(finding.Fix) == 0):
				t.Fatalf("the fix is %v, want %q", finding.Fix, tc.want)
			case tc.want == "":
				return
			}
			fixed := changed(t, tc.manifest, finding.Fix)
			unwanted, isUnwanted := strings.CutPrefix(tc.want, "!")
			if strings.Contains(fixed, unwanted) == isUnwanted {
				t.Errorf("got\n%s\nwant %q in it", fixed, tc.want)
			}
			isFixed(t, finding, before, mustEvaluator(t).Evaluate(manifest(t, fixed)), fixed)
		})
	}
}

// TestFixesOfExamples holds that no rule's example has a fix that does not mend it.
func TestFixesOfExamples(t *testing.T) {
	evaluator := mustEvaluator(t)
	fixed := 0
	for _, rule := range Rules() {
		for _, finding := range exampleFindings(t, evaluator, rule) {
			if len(finding.Fix) == 0 {
				continue
			}
			fixed++
			read := manifest
			if rule.On[0] == OfHAState {
				read = byItsLabels
			}
			text := changed(t, rule.Example.Wrong, finding.Fix)
			isFixed(t, &finding, evaluator.Evaluate(read(t, rule.Example.Wrong)), evaluator.Evaluate(read(t, text)), text)
		}
	}
	if fixed < 12 {
		t.Errorf("%d examples have a fix, want 12", fixed)
	}
}

func TestFixesOfAnnotationsAndLabels(t *testing.T) {
	exempt := func(rule string, change func(*policy.Exemption)) policy.Exemption {
		exemption := policy.Exemption{Rule: rule, Annotation: policy.AnnotationExemptPrefix + rule, Value: "2030-01-31 x", LastDay: longAgo(), Reason: "x"}
		change(&exemption)
		return exemption
	}
	path := func(rule string) string { return `metadata.annotations["exempt.flink-ha.dev/` + rule + `"]` }
	for sentence, tc := range map[string]struct {
		exemption policy.Exemption
		want      []Change
	}{
		"a misspelt rule": {
			exempt("storage-dir-locale", func(e *policy.Exemption) { e.Problem = "there is no rule of this name" }),
			[]Change{{Path: path("storage-dir-locale")}, {Path: path("storage-dir-local"), Value: "2030-01-31 x"}},
		},
		"no such rule": {exempt("nothing", func(e *policy.Exemption) { e.Problem = "there is no rule of this name" }), nil},
		"ended":        {exempt("storage-dir-local", func(e *policy.Exemption) { e.Problem = "it ended on 2029-01-01" }), []Change{{Path: path("storage-dir-local")}}},
		"no reason":    {exempt("storage-dir-local", func(e *policy.Exemption) { e.Problem, e.Reason = "needs a reason", "" }), nil},
		"not allowed":  {exempt("storage-dir-local", func(e *policy.Exemption) { e.Problem = "the policy lets no object exempt itself" }), nil},
		"it ends soon": {exempt("storage-dir-local", func(e *policy.Exemption) { e.EndsSoon = true }), nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			subject := cluster(goodLines()...)
			subject.Exemptions = []policy.Exemption{tc.exemption}
			for _, finding := range mustEvaluator(t).Evaluate(subject) {
				if strings.HasPrefix(finding.Rule, "exemption-") && !reflect.DeepEqual(finding.Fix, tc.want) {
					t.Errorf("%s: got %v, want %v", finding.Rule, finding.Fix, tc.want)
				}
			}
		})
	}
	for value, want := range map[string][]Change{
		"Strict": {{Path: `metadata.labels["flink-ha.dev/enforce"]`, Value: "strict"}}, "OFF": {{Path: `metadata.labels["flink-ha.dev/enforce"]`, Value: "off"}}, "tight": nil,
	} {
		findings := mustEvaluator(t).Evaluate(Subject{Kind: OfNamespace, Labels: map[string]string{policy.LabelEnforce: value}})
		if len(findings) != 1 || !reflect.DeepEqual(findings[0].Fix, want) {
			t.Errorf("%s: got %+v, want %v", value, findings, want)
		}
	}
}

func firstOf(findings []Finding, rule string) *Finding {
	for i := range findings {
		if findings[i].Rule == rule {
			return &findings[i]
		}
	}
	return nil
}

func rulesIn(findings []Finding) (rules []string) {
	for i := range findings {
		rules = append(rules, findings[i].Rule)
	}
	return rules
}

// isFixed tells whether a finding is gone, and whether something came up that would be refused.
func isFixed(t *testing.T, fixed *Finding, before, after []Finding, text string) {
	t.Helper()
	for i := range after {
		is := &after[i]
		if is.Rule == fixed.Rule && is.Option == fixed.Option && is.Setting == fixed.Setting {
			t.Errorf("[%s] %s is still there in\n%s", is.Rule, is.Message(), text)
		}
		if is.Level == policy.LevelBaseline && firstOf(before, is.Rule) == nil {
			t.Errorf("[%s] %s came up in\n%s", is.Rule, is.Message(), text)
		}
	}
}

// changed makes changes to the object of some YAML documents, or to a ConfigMap beside it.
func changed(t *testing.T, documents string, changes []Change) string {
	t.Helper()
	texts := strings.Split(documents, "\n---\n")
	for _, change := range changes {
		index := 0
		if rest, ok := strings.CutPrefix(change.Path, "configMap "); ok {
			name, path, _ := strings.Cut(rest, " ")
			for i, text := range texts {
				if strings.Contains(text, "kind: ConfigMap") && strings.Contains(text, "name: "+name) {
					index, change.Path = i, path
				}
			}
		}
		texts[index] = changedObject(t, texts[index], change)
	}
	return strings.Join(texts, "\n---\n")
}

var pathPart = regexp.MustCompile(`\["([^"]*)"\]|\[([0-9]+)\]|([^.\[]+)`)

func changedObject(t *testing.T, document string, change Change) string {
	t.Helper()
	var root any
	if err := yaml.Unmarshal([]byte(document), &root); err != nil {
		t.Fatal(err)
	}
	var set func(node any, parts [][]string) any
	set = func(node any, parts [][]string) any {
		if len(parts) == 0 {
			return changedValue(t, node, change)
		}
		if list, ok := node.([]any); ok {
			index, err := strconv.Atoi(parts[0][2])
			if err != nil || index >= len(list) {
				t.Fatalf("%s leads nowhere", change.Path)
			}
			list[index] = set(list[index], parts[1:])
			return list
		}
		fields, _ := node.(map[string]any)
		if fields == nil {
			fields = map[string]any{}
		}
		name := parts[0][1] + parts[0][3]
		if fields[name] = set(fields[name], parts[1:]); fields[name] == nil {
			delete(fields, name)
		}
		return fields
	}
	text, err := json.Marshal(set(root, pathPart.FindAllStringSubmatch(change.Path, -1)))
	if err != nil {
		t.Fatal(err)
	}
	return yamlOf(t, text)
}

// changedValue is a field with a change in it: an option of its text or map, or the field itself.
func changedValue(t *testing.T, node any, change Change) any {
	t.Helper()
	if change.Key == "" {
		return change.Value
	}
	if text, ok := node.(string); ok {
		loader := flink.LoaderLegacy
		if strings.Contains(change.Path, flink.StandardFile) {
			loader = flink.LoaderStandard
		}
		edited, err := edit.Remove(text, loader, change.Key)
		if change.Value != nil {
			edited, err = edit.Set(text, loader, change.Key, change.Value.(string))
		}
		if err != nil {
			t.Fatal(err)
		}
		return edited
	}
	options := node.(map[string]any)
	within, key := options, change.Key
	for head := range options {
		if below, ok := options[head].(map[string]any); ok && strings.HasPrefix(key, head+".") {
			within, key = below, strings.TrimPrefix(key, head+".")
		}
	}
	if within[key] = change.Value; change.Value == nil {
		delete(within, key)
	}
	return options
}

// yamlOf writes JSON as YAML that people could have written.
func yamlOf(t *testing.T, text []byte) string {
	t.Helper()
	written, err := sigsyaml.JSONToYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}
