package validation

import (
	"reflect"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

const testSource = `data["flink-conf.yaml"]`

// cluster is the subject of a ConfigMap with a flink-conf.yaml for a cluster of unknown version.
func cluster(lines ...string) Subject {
	return Subject{Role: workload.RoleJobManager, Configuration: flink.LoadLegacy(strings.Join(lines, "\n"), testSource)}
}

// standard is the same with a config.yaml.
func standard(lines ...string) Subject {
	return Subject{Role: workload.RoleJobManager, Configuration: flink.LoadStandard(strings.Join(lines, "\n"), `data["config.yaml"]`)}
}

// with changes a subject.
func with(subject Subject, changes ...func(*Subject)) Subject {
	for _, change := range changes {
		change(&subject)
	}
	return subject
}

func incomplete(s *Subject) { s.Configuration.Gaps = []flink.Gap{{Reason: "there may be more"}} }

// unknownLast makes the value of the last setting unknown.
func unknownLast(s *Subject) {
	s.Configuration.Settings[len(s.Configuration.Settings)-1].Unknown = "it comes from a Secret"
}

func taskManager(s *Subject) { s.Role = workload.RoleTaskManager }
func managed(s *Subject)     { s.Managed = true }
func notRequired(s *Subject) { s.HighAvailabilityNotRequired = true }
func version(major, minor int) func(*Subject) {
	return func(s *Subject) { s.Version = flink.Version{Major: major, Minor: minor} }
}

// ruleCase is a subject and what one rule must say of it, a finding a line, "" for silence.
type ruleCase struct {
	subject Subject
	want    []string
}

// testRule runs one rule of the catalogue alone, and compares its messages with what is wanted up to the remedy.
func testRule(t *testing.T, id string, cases map[string]ruleCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, finding := range mustEvaluator(t).Evaluate(tc.subject) {
				if finding.Rule == id {
					got = append(got, finding.Message())
				}
			}
			if !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tc.want, "\n  "))
			}
		})
	}
}

func mustEvaluator(t *testing.T) *Evaluator {
	t.Helper()
	evaluator, err := NewEvaluator(Rules())
	if err != nil {
		t.Fatal(err)
	}
	return evaluator
}

func TestEveryRuleHasItsFileAndItsTest(t *testing.T) {
	for _, rule := range Rules() {
		for _, suffix := range []string{".go", "_test.go"} {
			if file := strings.ReplaceAll(rule.ID, "-", "_") + suffix; !sourceExists(file) {
				t.Errorf("rule %s has no file %s", rule.ID, file)
			}
		}
	}
}

func TestNewEvaluatorRefusesMalformedRules(t *testing.T) {
	good := Rules()[0]
	cases := map[string]func(*Rule){
		"an id that is not kebab-case": func(r *Rule) { r.ID = "StorageDir" },
		"an unknown level":             func(r *Rule) { r.Level = "severe" },
		"the level off":                func(r *Rule) { r.Level = policy.LevelOff },
		"no remedy":                    func(r *Rule) { r.Remedy = "" },
		"no source":                    func(r *Rule) { r.Source = "" },
		"no check":                     func(r *Rule) { r.Check = nil },
	}
	for name, spoil := range cases {
		rule := good
		spoil(&rule)
		if _, err := NewEvaluator([]Rule{rule}); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if _, err := NewEvaluator([]Rule{good, good}); err == nil {
		t.Error("the same id twice: got no error")
	}
}

func TestGoodConfigurationsHaveNoFindings(t *testing.T) {
	cases := map[string]Subject{
		"Kubernetes": cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "high-availability.cluster-id: demo",
			"kubernetes.cluster-id: demo", "state.checkpoints.dir: s3://b/c"),
		"Kubernetes, nested": standard("high-availability:", "  type: kubernetes", "  storageDir: s3://b/ha", "  cluster-id: demo", "kubernetes:", "  cluster-id: demo",
			"execution.checkpointing.dir: s3://b/c"),
		"ZooKeeper": cluster("high-availability: zookeeper", "high-availability.storageDir: hdfs:///ha", "high-availability.zookeeper.quorum: zk:2181",
			"state.checkpoints.dir: s3://b/c"),
		"a factory class": cluster("high-availability: com.example.Factory"),
		"opted out":       with(cluster("parallelism.default: 2"), notRequired),
		"a TaskManager":   with(cluster("taskmanager.numberOfTaskSlots: 2"), taskManager),
	}
	for name, subject := range cases {
		for _, finding := range mustEvaluator(t).Evaluate(subject) {
			t.Errorf("%s: got [%s] %s", name, finding.Rule, finding.Message())
		}
	}
}

func TestAllFindingsComeAtOnceAndInOrder(t *testing.T) {
	findings := mustEvaluator(t).Evaluate(cluster(`high-availability.type: "kubernetes"`, "high-availability.storageDir: /ha", "kubernetes.cluster-id: My_Cluster"))
	var got []string
	for _, finding := range findings {
		got = append(got, finding.Rule)
	}
	if want := []string{"high-availability-type-invalid", "storage-dir-local", "cluster-id-invalid"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRulesThatDoNotApplyAreNotAsked(t *testing.T) {
	asked := map[string]int{}
	rule := func(id string, change func(*Rule)) Rule {
		rule := Rules()[0]
		rule.ID, rule.On, rule.Modes, rule.Versions = id, configured(), nil, flink.Version{}
		rule.Check = func(*Subject) []Violation { asked[id]++; return nil }
		change(&rule)
		return rule
	}
	evaluator, err := NewEvaluator([]Rule{
		rule("applies", func(*Rule) {}),
		rule("its-mode", func(r *Rule) { r.Modes = []flink.Mode{flink.ModeKubernetes} }),
		rule("another-mode", func(r *Rule) { r.Modes = []flink.Mode{flink.ModeZooKeeper, flink.ModeNone} }),
		rule("another-kind", func(r *Rule) { r.On = []Kind{OfDeletion, OfNamespace} }),
		rule("its-version", func(r *Rule) { r.Versions = flink.VersionFrom(1, 18) }),
		rule("another-version", func(r *Rule) { r.Versions = flink.VersionFrom(2, 0) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	evaluator.Evaluate(with(cluster("high-availability.type: kubernetes"), version(1, 20)))
	if want := map[string]int{"applies": 1, "its-mode": 1, "its-version": 1}; !reflect.DeepEqual(asked, want) {
		t.Errorf("got %v, want %v", asked, want)
	}
}
