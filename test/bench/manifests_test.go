package bench

import (
	"reflect"
	"strings"
	"testing"
)

const registration = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard, labels: {a: b}}
webhooks:
- name: one.example.com
  clientConfig:
    service: {namespace: guard, name: guard, path: /validate, port: 443}
  failurePolicy: Fail
  matchConditions: [{name: x, expression: "true"}]
- name: two.example.com
  clientConfig:
    caBundle: Q0E=
    service: {namespace: guard, name: guard, path: /other}
`

func TestRewriteClientConfigsChangesNothingElse(t *testing.T) {
	objects, err := decode([]byte(registration))
	if err != nil || len(objects) != 1 {
		t.Fatal(objects, err)
	}
	want := strings.NewReplacer(
		"service: {namespace: guard, name: guard, path: /validate, port: 443}", "url: https://localhost:9443/validate",
		"service: {namespace: guard, name: guard, path: /other}", "url: https://localhost:9443/other",
	).Replace(registration)
	wanted, err := decode([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	got, err := RewriteClientConfigs(&objects[0], "https://localhost:9443")
	if err != nil || !reflect.DeepEqual(got.Object, wanted[0].Object) {
		t.Errorf("got %v, %v, want %v", got, err, wanted[0])
	}
	unchanged, _ := decode([]byte(registration))
	if !reflect.DeepEqual(objects, unchanged) {
		t.Error("the original has changed")
	}
}

func TestRewriteClientConfigsSaysWhatIsMissing(t *testing.T) {
	for _, text := range []string{
		"{apiVersion: v1, kind: X, metadata: {name: x}}",
		"{apiVersion: v1, kind: X, metadata: {name: x}, webhooks: [{name: a}]}",
		"{apiVersion: v1, kind: X, metadata: {name: x}, webhooks: [{name: a, clientConfig: {url: 'https://x'}}]}",
	} {
		objects, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := RewriteClientConfigs(&objects[0], "https://localhost"); err == nil {
			t.Errorf("%s: got no error", text)
		}
	}
}

func TestListeningAddresses(t *testing.T) {
	log := `{"msg":"listening","server":"https","address":"127.0.0.1:1"}
not JSON
{"msg":"other","server":"health","address":"127.0.0.1:2"}
{"msg":"listening","server":"metrics","address":"127.0.0.1:3"}
`
	got := listeningAddresses([]byte(log))
	if want := map[string]string{"https": "127.0.0.1:1", "metrics": "127.0.0.1:3"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
