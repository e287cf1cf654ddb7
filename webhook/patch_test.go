package webhook

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// mebibyte is as much as a ConfigMap may hold.
const mebibyte = 1 << 20

// wideConfigurations are of that size: as Flink's client writes them, and with bytes that JSON spells longest.
func wideConfigurations() map[string]string {
	return map[string]string{
		"lines":                           strings.Repeat("taskmanager.numberOfTaskSlots: 2\n", mebibyte/33),
		"bytes that JSON spells with six": "a: |\n " + strings.Repeat("<", mebibyte-6),
	}
}

// rewriting is the decision about a ConfigMap whose configuration gets a line.
func rewriting(t testing.TB, text string) admission.Review {
	t.Helper()
	value, err := json.Marshal(text + "kubernetes.service-account: flink\n")
	if err != nil {
		t.Fatal(err)
	}
	return func(request *admissionv1.AdmissionRequest) (admission.Decision, error) {
		return admission.Decision{
			Kind: request.Kind.Kind, Name: request.Name, Recognized: true, Account: admission.Account{Outcome: admission.AccountInjected, Name: "flink"},
			Edits: []mutation.Edit{{Operations: []mutation.Operation{{Op: "replace", Path: "/data/flink-conf.yaml", Value: value}}}},
		}, nil
	}
}

func TestAConfigurationOfAMebibyteIsPatched(t *testing.T) {
	for sentence, text := range wideConfigurations() {
		t.Run(sentence, func(t *testing.T) {
			object := configMapOf("flink-conf.yaml", text)
			handler, _, _ := newStub(t, rewriting(t, text))
			code, answer := post(handler, reviewOf(t, object))
			if code != http.StatusOK {
				t.Fatalf("got %d", code)
			}
			patch, err := jsonpatch.DecodePatch(responseIn(t, answer).Patch)
			if err != nil {
				t.Fatal(err)
			}
			edited, err := patch.Apply([]byte(object))
			if err != nil {
				t.Fatal(err)
			}
			var after struct{ Data map[string]string }
			if err := json.Unmarshal(edited, &after); err != nil {
				t.Fatal(err)
			}
			if after.Data["flink-conf.yaml"] != text+"kubernetes.service-account: flink\n" {
				t.Error("the configuration is not what was decided")
			}
			t.Logf("an object of %d bytes, an answer of %d", len(object), len(answer))
		})
	}
}

// BenchmarkWidePatch measures what an edit of a large configuration costs from the bytes of the request to those of the answer,
// besides the decision.
func BenchmarkWidePatch(b *testing.B) {
	for sentence, text := range wideConfigurations() {
		b.Run(sentence, func(b *testing.B) {
			handler, _, _ := newStub(b, rewriting(b, text))
			body := reviewOf(b, configMapOf("flink-conf.yaml", text))
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if code, _ := post(handler, body); code != http.StatusOK {
					b.Fatalf("got %d", code)
				}
			}
		})
	}
}
