package matchconditions

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// recordedWrite is a write of a real Flink (test/cmd/record-flink).
type recordedWrite struct {
	Operation         admissionv1.Operation
	Verb              string
	User, Manager     string
	Object, OldObject *corev1.ConfigMap
}

// versionsRecorded are the versions of Flink whose writes were recorded.
func versionsRecorded() []string { return []string{"1.18.1", "1.20.5", "2.3.0"} }

// recordings are those, and what the operator writes, made by hand.
func recordings() []string { return append(versionsRecorded(), "operator-by-hand") }

func recorded(t testing.TB, recording string) []recordedWrite {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "recorded", recording+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var writes []recordedWrite
	if err := json.Unmarshal(text, &writes); err != nil {
		t.Fatal(err)
	}
	return writes
}

// request is the write as the API server was asked to admit it, with what a test does to the objects.
func (w recordedWrite) request(t testing.TB, edit func(now, before *corev1.ConfigMap)) Request {
	t.Helper()
	now, before := w.Object.DeepCopy(), w.OldObject.DeepCopy()
	objects := map[*corev1.ConfigMap]runtime.Object{nil: nil}
	for _, object := range []*corev1.ConfigMap{now, before} {
		if object != nil {
			objects[object] = object
		}
	}
	if edit != nil {
		edit(now, before)
	}
	request := change(t, w.Operation, objects[now], objects[before])
	request.User, request.Manager = w.User, w.Manager
	return request
}

// kinds are what a write is, by what it changes.
func (w recordedWrite) kinds() []string {
	switch w.Operation {
	case admissionv1.Create:
		return []string{"creation"}
	case admissionv1.Delete:
		return []string{"deletion"}
	}
	kinds := map[string]bool{}
	if w.Object.Annotations[hastate.LeaderAnnotation] != w.OldObject.Annotations[hastate.LeaderAnnotation] {
		kinds["renewal by "+w.Verb] = true
	}
	for _, data := range []map[string]string{w.Object.Data, w.OldObject.Data} {
		for key := range data {
			if w.Object.Data[key] != w.OldObject.Data[key] {
				kind, _, _ := strings.Cut(key, "-") // before the id of a job or checkpoint, and the name of a component
				kinds[strings.TrimSuffix(kind, filepath.Ext(kind))] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

// TestRecordingsHoldWhatFlinkDoes would fail on a recording that is empty, or that lacks a kind of write.
func TestRecordingsHoldWhatFlinkDoes(t *testing.T) {
	for _, version := range versionsRecorded() {
		graph := "executionPlan"
		if strings.HasPrefix(version, "1.") {
			graph = "jobGraph"
		}
		counts := map[string]int{}
		for _, write := range recorded(t, version) {
			for _, kind := range write.kinds() {
				counts[kind]++
			}
		}
		t.Log(version, counts)
		for kind, want := range map[string]int{
			"creation": 2, "renewal by patch": 2, "org.apache.flink.k8s.leader": 4, graph: 2, "counter": 2, "checkpointID": 3, "deletion": 1,
		} {
			if counts[kind] < want {
				t.Errorf("%s: %d writes of the kind %s were recorded, want at least %d", version, counts[kind], kind, want)
			}
		}
	}
}

// recordedEdits are what else may be true of HA state while Flink writes it.
func recordedEdits() map[string]func(now, before *corev1.ConfigMap) {
	both := func(edit func(configMap *corev1.ConfigMap)) func(now, before *corev1.ConfigMap) {
		return func(now, before *corev1.ConfigMap) {
			for _, configMap := range []*corev1.ConfigMap{now, before} {
				if configMap != nil {
					edit(configMap)
				}
			}
		}
	}
	return map[string]func(now, before *corev1.ConfigMap){
		"while nothing else is there to be seen":   both(func(*corev1.ConfigMap) {}),
		"while it has an owner":                    both(own),
		"while it has a mark":                      both(mark),
		"while it has Flink's configuration in it": both(configure),
		"while it is declared to be configuration": both(declare),
	}
}

func configure(configMap *corev1.ConfigMap) { add(&configMap.Data, "flink-conf.yaml", "a: b") }

func declare(configMap *corev1.ConfigMap) {
	add(&configMap.Annotations, "flink-ha.dev/configuration", "true")
}

func add(to *map[string]string, key, value string) {
	if *to == nil {
		*to = map[string]string{}
	}
	(*to)[key] = value
}

func own(configMap *corev1.ConfigMap) {
	configMap.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "demo", UID: "u"}}
}

func mark(configMap *corev1.ConfigMap) { add(&configMap.Labels, "app.kubernetes.io/instance", "shop") }

// TestFlinksOwnWritesReachNobody is what the guard must never break: a renewal that waits for somebody costs the leadership. A
// creation with an owner or a mark is none of Flink's.
func TestFlinksOwnWritesReachNobody(t *testing.T) {
	for _, problem := range reached(t, shipped(t)) {
		t.Error(problem)
	}
}

// reached are the writes that reach a webhook, deletions apart, which reach the one for deletions.
func reached(t testing.TB, configuration Configuration) []string {
	t.Helper()
	selector, err := NewSelector(configuration)
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for _, recording := range recordings() {
		for i, write := range recorded(t, recording) {
			for sentence, edit := range recordedEdits() {
				if write.Operation == admissionv1.Create && (strings.HasSuffix(sentence, "an owner") || strings.HasSuffix(sentence, "a mark")) {
					continue
				}
				want := nobody
				if write.Operation == admissionv1.Delete {
					want = deleted
				}
				if got := selected(t, selector, write.request(t, edit)); got != want {
					problems = append(problems, fmt.Sprintf("%s, write %d (%s %v), %s: selected by %q, want %q", recording, i, write.Verb, write.kinds(), sentence, got, want))
				}
			}
		}
	}
	return problems
}

// TestFlinksWritesAreNoticedWithoutTheConditions takes away the conditions that keep Flink's writes out, one at a time.
func TestFlinksWritesAreNoticedWithoutTheConditions(t *testing.T) {
	for _, missing := range []struct{ hook, condition string }{
		{"strip.flink-ha.dev", "new-owner-references"},
		{"validate.flink-ha.dev", "not-ha-state"},
		{"validate-owned.flink-ha.dev", "configmaps"},
		{"mutate.flink-ha.dev", "not-ha-state"},
	} {
		configuration := shipped(t)
		without := func(conditions *[]admissionregistrationv1.MatchCondition) {
			before := len(*conditions)
			*conditions = slices.DeleteFunc(*conditions, func(c admissionregistrationv1.MatchCondition) bool { return c.Name == missing.condition })
			if len(*conditions) == before {
				t.Fatalf("%s has no condition %s", missing.hook, missing.condition)
			}
		}
		for i := range configuration.Validating.Webhooks {
			if hook := &configuration.Validating.Webhooks[i]; hook.Name == missing.hook {
				without(&hook.MatchConditions)
			}
		}
		for i := range configuration.Mutating.Webhooks {
			if hook := &configuration.Mutating.Webhooks[i]; hook.Name == missing.hook {
				without(&hook.MatchConditions)
			}
		}
		if len(reached(t, configuration)) == 0 {
			t.Errorf("no write reaches %s without its condition %s", missing.hook, missing.condition)
		}
	}
}

// TestFlinksWritesAreNoticedWithOwnersAndMarks is the control: what others add to such a write does lead to the webhooks.
func TestFlinksWritesAreNoticedWithOwnersAndMarks(t *testing.T) {
	selector := shippedSelector(t)
	for _, recording := range recordings() {
		for i, write := range recorded(t, recording) {
			if write.Operation == admissionv1.Delete {
				continue
			}
			if got := selected(t, selector, write.request(t, func(now, _ *corev1.ConfigMap) { own(now) })); got != stripped {
				t.Errorf("%s, write %d, with an owner: selected by %q", recording, i, got)
			}
			want := judged
			if write.Object.Labels["type"] == "" {
				want = nobody // before the first addresses come, up to Flink 1.18
			}
			if got := selected(t, selector, write.request(t, func(now, _ *corev1.ConfigMap) { mark(now) })); got != want {
				t.Errorf("%s, write %d, with a mark: selected by %q, want %q", recording, i, got, want)
			}
		}
	}
}

// TestFlinksOwnWritesAreNoForeignEdits asks the policy, also as if Flink ran in another namespace; and, as the control, as if
// somebody else had made the same writes.
func TestFlinksOwnWritesAreNoForeignEdits(t *testing.T) {
	policy := shippedPolicy(t)
	for _, recording := range recordings() {
		for i, write := range recorded(t, recording) {
			for user, foreign := range map[string]bool{
				write.User: false, "system:serviceaccount:elsewhere:flink": false, "system:serviceaccount:flink-system:flink-operator": false,
				"alice": write.Operation == admissionv1.Update && len(write.kinds()) > 0,
			} {
				request := write.request(t, nil)
				request.User = user
				if got := warned(t, policy, request); (got != "") != foreign {
					t.Errorf("%s, write %d (%s %v) by %s: got %q, want a warning: %t", recording, i, write.Verb, write.kinds(), user, got, foreign)
				}
			}
			if write.Manager != "" {
				t.Errorf("%s, write %d names the field manager %q, by which the policy tells others from Flink", recording, i, write.Manager)
			}
		}
	}
}
