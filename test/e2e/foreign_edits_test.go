package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// editPolicy is the name of the admission policy and of its binding.
const editPolicy = "foreign-edits.flink-ha.dev"

// TestThePolicyOfForeignEditsIsUnderstood asks Kubernetes itself: the API server compiles it, and a controller holds its expressions
// against the schema of ConfigMaps.
func TestThePolicyOfForeignEditsIsUnderstood(t *testing.T) {
	policies := shared.client.AdmissionregistrationV1().ValidatingAdmissionPolicies()
	eventually(t, "the policy to be checked", func() bool {
		policy, err := policies.Get(t.Context(), editPolicy, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if policy.Status.TypeChecking == nil || policy.Status.ObservedGeneration != policy.Generation {
			return false
		}
		for _, warning := range policy.Status.TypeChecking.ExpressionWarnings {
			t.Errorf("%s: %s", warning.FieldRef, warning.Warning)
		}
		return true
	})
}

// TestForeignEditsOfHAState has a person edit what only Flink writes. They are told, and so is the audit log; nothing is refused, and
// no webhook is asked.
func TestForeignEditsOfHAState(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=strict")
	state := leaderState("demo", nil)
	state.Data["executionPlan-a"] = "rO0A"
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), state, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	calls := s.webhookCalls(t)
	for edit, want := range map[string]string{
		`{"data":{"executionPlan-a":"rO0B"}}`:                                               "executionPlan-a;",
		`{"data":{"counter":"1"}}`:                                                          "counter;",
		`{"data":{"org.apache.flink.k8s.leader.dispatcher":null}}`:                          "org.apache.flink.k8s.leader.dispatcher;",
		`{"metadata":{"annotations":{"control-plane.alpha.kubernetes.io/leader":"taken"}}}`: "control-plane.alpha.kubernetes.io/leader;",
		`{"data":{"notes":"mine"}}`:                                                         "",
	} {
		output, err := s.kubectl(t, "", "patch", "configmap", "-n", namespace, state.Name, "--type=merge", "-p", edit)
		if err != nil {
			t.Errorf("%s: %v: %s", edit, err, output)
		}
		if warned := strings.Contains(output, "HA state of Flink is edited: "+want); warned != (want != "") {
			t.Errorf("%s: kubectl prints\n%s", edit, output)
		}
	}
	if after := s.webhookCalls(t); after != calls {
		t.Errorf("the API server asked webhooks %v times", after-calls)
	}
	eventually(t, "the audit log to have each edit", func() bool { return len(s.auditedEdits(t, namespace)) == 4 })
}

// auditedEdits are the foreign edits of a namespace in the audit log.
func (s *suite) auditedEdits(t *testing.T, namespace string) []string {
	t.Helper()
	text, err := os.ReadFile(s.audit.path("audit.log"))
	if err != nil {
		t.Fatal(err)
	}
	var edits []string
	for line := range bytes.Lines(text) {
		var event auditEvent
		if !bytes.Contains(line, []byte(editPolicy)) || json.Unmarshal(line, &event) != nil || event.ObjectRef.Namespace != namespace {
			continue
		}
		if failure := event.Annotations["validation.policy.admission.k8s.io/validation_failure"]; failure != "" {
			edits = append(edits, failure)
		}
	}
	return edits
}

// TestFlinksOwnEditsAreSilent renews a lock and moves a pointer as JobManagers and the operator do, with a Go client in place of theirs.
func TestFlinksOwnEditsAreSilent(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	for _, user := range []string{
		"system:serviceaccount:" + namespace + ":flink", "system:serviceaccount:elsewhere:flink", "system:serviceaccount:flink-system:flink-operator",
	} {
		flink := s.caller(t, user)
		configMaps := flink.CoreV1().ConfigMaps(namespace)
		state, err := configMaps.Create(t.Context(), leaderState("demo", nil), metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		state.Data["executionPlan-a"] = "rO0A"
		if _, err := configMaps.Update(t.Context(), state, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
		renewal := []byte(`{"metadata":{"annotations":{"control-plane.alpha.kubernetes.io/leader":"{}"}}}`)
		if _, err := configMaps.Patch(t.Context(), state.Name, types.MergePatchType, renewal, metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
		if warnings := flink.recorder.take(); len(warnings) > 0 {
			t.Errorf("%s is told %q", user, warnings)
		}
		// The very same with a name of a field manager is somebody else's.
		named := metav1.PatchOptions{FieldManager: "kubectl-edit"}
		taken := []byte(`{"metadata":{"annotations":{"control-plane.alpha.kubernetes.io/leader":"taken"}}}`)
		if _, err := configMaps.Patch(t.Context(), state.Name, types.MergePatchType, taken, named); err != nil {
			t.Fatal(err)
		}
		if warnings := flink.recorder.take(); (len(warnings) > 0) == strings.HasSuffix(user, ":flink-operator") {
			t.Errorf("%s with kubectl is told %q", user, warnings)
		}
		if err := configMaps.Delete(t.Context(), state.Name, metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMarksOfToolsOnHAState has tools take HA state for theirs, and somebody's ConfigMap be taken for HA state.
func TestMarksOfToolsOnHAState(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=strict")
	s.awaitNamespace(t, namespace)
	for _, object := range []*corev1.ConfigMap{leaderState("demo", nil), {ObjectMeta: metav1.ObjectMeta{Name: "settings"}}} {
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		what string
		args []string
		rule string
	}{
		{"a label of Argo CD", []string{"label", "configmap", "demo-cluster-config-map", "app.kubernetes.io/instance=shop"}, "ha-state-tracked"},
		{"an annotation of Helm", []string{"annotate", "configmap", "demo-cluster-config-map", "meta.helm.sh/release-name=shop"}, "ha-state-tracked"},
		{"another annotation", []string{"annotate", "configmap", "demo-cluster-config-map", "note=mine"}, ""},
		{"the labels of Flink", []string{"label", "configmap", "settings", "app=demo", "type=flink-native-kubernetes"}, "configmap-taken-for-ha-state"},
		{"another label beside them", []string{"label", "configmap", "settings", "a=b"}, ""},
	} {
		output, err := s.kubectl(t, "", append(tc.args, "-n", namespace)...)
		if err != nil {
			t.Errorf("%s: %v: %s", tc.what, err, output)
		}
		warned := strings.Contains(output, "Warning:")
		if warned != (tc.rule != "") || warned && !strings.Contains(output, "Warning: ["+tc.rule+"]") {
			t.Errorf("%s: kubectl prints\n%s", tc.what, output)
		}
	}
	// The labels are there now, and renewals pass by the guard all the same.
	calls := s.webhookCalls(t)
	renewal := []byte(`{"metadata":{"annotations":{"control-plane.alpha.kubernetes.io/leader":"{}"}}}`)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Patch(t.Context(), "demo-cluster-config-map", types.MergePatchType, renewal, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	if after := s.webhookCalls(t); after != calls {
		t.Errorf("the API server asked webhooks %v times about a renewal", after-calls)
	}
}
