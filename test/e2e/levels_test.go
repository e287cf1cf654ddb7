package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Rules that the objects of these tests break, and the levels and rule sets that they are of.
const (
	ruleBaseline   = "storage-dir-missing"   // baseline, v0.1
	ruleStrict     = "storage-dir-local"     // strict, v0.1
	ruleStrictLate = "ha-cluster-id-default" // strict, v0.2
)

// outcome of one ConfigMap in a namespace: the rules for which it is refused, those that are warned about, and what the
// audit log has of it.
type outcome struct {
	denied, warned                  string
	decision, rules, wouldDenyRules string
}

// levelCase is a namespace with what becomes of three mistakes in it.
type levelCase struct {
	labels                       []string
	baseline, strict, strictLate outcome
}

func levelCases() map[string]levelCase {
	deny := func(rule string) outcome { return outcome{denied: rule, decision: "deny", rules: rule} }
	warn := func(rule string) outcome { return outcome{warned: rule, decision: "warn", rules: rule} }
	audit := func(rule string) outcome { return outcome{decision: "allow", rules: rule} }
	spared := func(o outcome) outcome {
		o.wouldDenyRules = o.rules
		return o
	}
	nothing := outcome{decision: "allow"}
	return map[string]levelCase{
		"no labels":       {nil, deny(ruleBaseline), warn(ruleStrict), warn(ruleStrictLate)},
		"a trial":         {[]string{"enforce=off"}, spared(warn(ruleBaseline)), warn(ruleStrict), warn(ruleStrictLate)},
		"no warnings":     {[]string{"warn=off"}, deny(ruleBaseline), audit(ruleStrict), audit(ruleStrictLate)},
		"warn: baseline":  {[]string{"enforce=off", "warn=baseline"}, spared(warn(ruleBaseline)), audit(ruleStrict), audit(ruleStrictLate)},
		"audit only":      {[]string{"enforce=off", "warn=off", "audit=baseline"}, spared(audit(ruleBaseline)), nothing, nothing},
		"nothing counts":  {[]string{"enforce=off", "warn=off", "audit=off"}, nothing, nothing, nothing},
		"strict":          {[]string{"enforce=strict"}, deny(ruleBaseline), deny(ruleStrict), deny(ruleStrictLate)},
		"strict, pinned":  {[]string{"enforce=strict", "enforce-version=v0.1"}, deny(ruleBaseline), deny(ruleStrict), warn(ruleStrictLate)},
		"pinned to twice": {[]string{"enforce=strict", "enforce-version=v0.1", "warn-version=v0.1"}, deny(ruleBaseline), deny(ruleStrict), audit(ruleStrictLate)},
	}
}

// TestLevelsAndModes makes the same three mistakes in namespaces of every mode.
func TestLevelsAndModes(t *testing.T) {
	s := shared
	for name, tc := range levelCases() {
		t.Run(name, func(t *testing.T) {
			var labels []string
			for _, label := range tc.labels {
				labels = append(labels, "flink-ha.dev/"+label)
			}
			namespace := s.namespace(t, labels...)
			for object, mistake := range map[string]struct {
				line string
				want outcome
			}{
				"baseline":    {"high-availability.storageDir:", tc.baseline},
				"strict":      {"high-availability.storageDir: /flink/ha", tc.strict},
				"strict-late": {"high-availability.cluster-id:", tc.strictLate},
			} {
				got := s.outcomeOf(t, namespace, object, configuration(namespace, mistake.line))
				if diff := cmp.Diff(mistake.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
					t.Errorf("%s (-want +got):\n%s", object, diff)
				}
			}
		})
	}
}

// outcomeOf creates a ConfigMap once the guard knows the namespace.
func (s *suite) outcomeOf(t *testing.T, namespace, name, text string) outcome {
	t.Helper()
	s.awaitNamespace(t, namespace)
	caller := s.caller(t, "")
	v := caller.verdict(t, func() error {
		_, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap(name, "flink-conf.yaml", text), metav1.CreateOptions{})
		return err
	})
	noted := s.audited(t, namespace, name)
	const webhook = "validate.flink-ha.dev/"
	return outcome{
		denied: strings.Join(v.denied, ","), warned: strings.Join(v.warned, ","),
		decision: noted[webhook+"decision"], rules: noted[webhook+"rules"], wouldDenyRules: noted[webhook+"would-deny"],
	}
}

// TestTheLabelsOfANamespaceCountAtOnce changes a namespace under the eyes of the guard.
func TestTheLabelsOfANamespaceCountAtOnce(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	caller := s.caller(t, "")
	attempt := func() verdict {
		return caller.verdict(t, func() error {
			object := configMap("attempt", "flink-conf.yaml", configuration(namespace, "high-availability.storageDir: /flink/ha"))
			_, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
			return err
		})
	}
	if got := attempt(); !got.is(nil, []string{ruleStrict}) {
		t.Fatalf("got %+v, want a warning", got)
	}
	s.label(t, namespace, "flink-ha.dev/enforce=strict")
	eventually(t, "the label to count", func() bool { return attempt().is([]string{ruleStrict}, nil) })
	s.label(t, namespace, "flink-ha.dev/enforce-")
	eventually(t, "the label not to count any more", func() bool { return attempt().is(nil, []string{ruleStrict}) })
}
