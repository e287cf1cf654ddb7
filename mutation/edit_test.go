package mutation

import (
	"encoding/json"
	"testing"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	corev1 "k8s.io/api/core/v1"
)

// apply applies edits with the library that the API server uses.
func apply(t *testing.T, object string, edits []Edit) string {
	t.Helper()
	raw, err := json.Marshal(Patch(edits))
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch(raw)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := patch.Apply([]byte(object))
	if err != nil {
		t.Fatalf("applying %s: %v", raw, err)
	}
	return string(edited)
}

func TestPlanServiceAccount(t *testing.T) {
	cases := map[string]struct {
		spec string
		want string // "" for no edit
	}{
		"none":                      {`{"containers":[],"x":1}`, `{"containers":[],"serviceAccountName":"flink","x":1}`},
		"default":                   {`{"serviceAccountName":"default"}`, `{"serviceAccountName":"flink"}`},
		"default in both fields":    {`{"serviceAccount":"default","serviceAccountName":"default"}`, `{"serviceAccount":"flink","serviceAccountName":"flink"}`},
		"default in the old field":  {`{"serviceAccount":"default"}`, `{"serviceAccount":"flink","serviceAccountName":"flink"}`},
		"one of its own":            {`{"serviceAccountName":"mine"}`, ""},
		"its own in the old field":  {`{"serviceAccount":"mine"}`, ""},
		"fields that differ":        {`{"serviceAccount":"mine","serviceAccountName":"default"}`, `{"serviceAccount":"flink","serviceAccountName":"flink"}`},
		"the new field wins":        {`{"serviceAccount":"default","serviceAccountName":"mine"}`, ""},
		"an empty name":             {`{"serviceAccountName":""}`, `{"serviceAccountName":"flink"}`},
		"the one that is to be set": {`{"serviceAccountName":"flink"}`, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			edits := plan(t, tc.spec)
			if tc.want == "" {
				if len(edits) != 0 {
					t.Errorf("got %+v, want no edit", edits)
				}
				return
			}
			got := apply(t, tc.spec, edits)
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if again := plan(t, got); len(again) != 0 {
				t.Errorf("planning again: got %+v, want nothing", again)
			}
		})
	}
}

// plan plans on a pod spec that stands alone, so that its pointer is the root.
func plan(t *testing.T, spec string) []Edit {
	t.Helper()
	var typed corev1.PodSpec
	if err := json.Unmarshal([]byte(spec), &typed); err != nil {
		t.Fatal(err)
	}
	return PlanServiceAccount(&typed, "", "flink")
}

func TestPlanOwnerReferences(t *testing.T) {
	const owned = `{"metadata":{"name":"x","ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"d","uid":"1","unknownField":true}],"labels":{"a":"b"}}}`
	cases := map[string]struct{ object, want string }{
		"owned":     {owned, `{"metadata":{"labels":{"a":"b"},"name":"x"}}`},
		"not owned": {`{"metadata":{"name":"x"}}`, ""},
		"null":      {`{"metadata":{"ownerReferences":null}}`, ""},
		"empty":     {`{"metadata":{"ownerReferences":[]}}`, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			edits, err := PlanOwnerReferences([]byte(tc.object))
			if err != nil {
				t.Fatal(err)
			}
			if tc.want == "" {
				if len(edits) != 0 {
					t.Errorf("got %+v, want no edit", edits)
				}
				return
			}
			got := apply(t, tc.object, edits)
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if again, err := PlanOwnerReferences([]byte(got)); err != nil || len(again) != 0 {
				t.Errorf("planning again: got %+v, %v, want nothing", again, err)
			}
		})
	}
}

func TestPlanOwnerReferencesTestsBeforeItRemoves(t *testing.T) {
	edits, err := PlanOwnerReferences([]byte(`{"metadata":{"ownerReferences":[{"uid":"1"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(Patch(edits))
	want := `[{"op":"test","path":"/metadata/ownerReferences","value":[{"uid":"1"}]},{"op":"remove","path":"/metadata/ownerReferences"}]`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
