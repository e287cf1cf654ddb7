package mutation

import (
	"encoding/json"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestPlanTokenMount(t *testing.T) {
	for spec, want := range map[string]string{
		`{}`:                                     `{"automountServiceAccountToken":true}`,
		`{"automountServiceAccountToken":false}`: `{"automountServiceAccountToken":true}`,
		`{"automountServiceAccountToken":true}`:  `{"automountServiceAccountToken":true}`,
	} {
		var typed corev1.PodSpec
		if err := json.Unmarshal([]byte(spec), &typed); err != nil {
			t.Fatal(err)
		}
		if got := apply(t, spec, PlanTokenMount(&typed, "")); got != want {
			t.Errorf("%s: got %s", spec, got)
		}
	}
}

func TestPlanConfigurationAccount(t *testing.T) {
	cases := map[string]struct {
		file, text, want string
	}{
		"nothing named": {flink.LegacyFile, "a: b\nkubernetes.cluster-id: x\n", "a: b\nkubernetes.cluster-id: x\nkubernetes.service-account: flink\n"},
		"default":       {flink.LegacyFile, "kubernetes.service-account: default\n", "kubernetes.service-account: flink\n"},
		"another":       {flink.LegacyFile, "kubernetes.service-account: mine\n", "kubernetes.service-account: mine\n"},
		"a role's own":  {flink.LegacyFile, "kubernetes.taskmanager.service-account: mine\n", "kubernetes.taskmanager.service-account: mine\nkubernetes.service-account: flink\n"},
		"a role's own says default": {
			flink.StandardFile, "kubernetes:\n  taskmanager: {service-account: 'default'}\n  service-account: mine\n",
			"kubernetes:\n  taskmanager: {service-account: 'flink'}\n  service-account: mine\n",
		},
		"nested": {flink.StandardFile, "kubernetes:\n  cluster-id: x # mine\n", "kubernetes:\n  cluster-id: x # mine\n  service-account: flink\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			loader, _ := flink.LoaderOf(tc.file)
			edits, err := PlanConfigurationAccount(tc.text, tc.file, loader, "flink")
			if err != nil {
				t.Fatal(err)
			}
			object, _ := json.Marshal(map[string]any{"data": map[string]string{tc.file: tc.text}})
			var edited struct{ Data map[string]string }
			if err := json.Unmarshal([]byte(apply(t, string(object), edits)), &edited); err != nil {
				t.Fatal(err)
			}
			if got := edited.Data[tc.file]; got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
			if again, err := PlanConfigurationAccount(edited.Data[tc.file], tc.file, loader, "flink"); err != nil || len(again) > 0 {
				t.Errorf("planning again: got %+v, %v", again, err)
			}
		})
	}
}

func TestPlanConfigurationAccountRefusesWhatItCannotEdit(t *testing.T) {
	edits, err := PlanConfigurationAccount("password: s3cret\npassword: again\n", flink.StandardFile, flink.LoaderStandard, "flink")
	if err == nil || len(edits) > 0 || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %+v, %v", edits, err)
	}
}

func TestPlanResourceTokenMount(t *testing.T) {
	for cluster, want := range map[string]string{
		`{}`:                        `{"podTemplate":{"spec":{"automountServiceAccountToken":true}}}`,
		`{"podTemplate":{"a":"b"}}`: `{"podTemplate":{"a":"b","spec":{"automountServiceAccountToken":true}}}`,
		`{"podTemplate":{"spec":{"automountServiceAccountToken":null}}}`:                 `{"podTemplate":{"spec":{"automountServiceAccountToken":true}}}`,
		`{"podTemplate":{"spec":{"automountServiceAccountToken":true}}}`:                 `{"podTemplate":{"spec":{"automountServiceAccountToken":true}}}`,
		`{"jobManager":{"podTemplate":{"spec":{"automountServiceAccountToken":false}}}}`: `{"jobManager":{"podTemplate":{"spec":{"automountServiceAccountToken":true}}}}`,
	} {
		if got := apply(t, cluster, PlanResourceTokenMount(read(t, cluster), "")); got != want {
			t.Errorf("%s: got %s", cluster, got)
		}
	}
}

func TestPlanResourceAccount(t *testing.T) {
	for cluster, want := range map[string]string{
		`{}`:                           `{"serviceAccount":"flink"}`,
		`{"serviceAccount":"default"}`: `{"serviceAccount":"flink"}`,
		`{"serviceAccount":"mine"}`:    `{"serviceAccount":"mine"}`,
		`{"serviceAccount":7}`:         `{"serviceAccount":7}`,
		`{"serviceAccount":["mine"]}`:  `{"serviceAccount":["mine"]}`,
		`{"serviceAccount":null,"podTemplate":{"spec":{"serviceAccountName":"default"}}}`:                                                          `{"podTemplate":{"spec":{"serviceAccountName":"flink"}},"serviceAccount":"flink"}`,
		`{"flinkConfiguration":{"kubernetes.service-account":"default","kubernetes":{"taskmanager.service-account":"default","a/b~c":"default"}}}`: `{"flinkConfiguration":{"kubernetes":{"a/b~c":"default","taskmanager.service-account":"flink"},"kubernetes.service-account":"flink"},"serviceAccount":"flink"}`,
		`{"podTemplate":7,"jobManager":[],"flinkConfiguration":"x"}`:                                                                               `{"flinkConfiguration":"x","jobManager":[],"podTemplate":7,"serviceAccount":"flink"}`,
	} {
		got := apply(t, cluster, PlanResourceAccount(read(t, cluster), "", "flink"))
		if asMap, wanted := read(t, got), read(t, want); !equal(asMap, wanted) {
			t.Errorf("%s: got %s", cluster, got)
		}
		if again := PlanResourceAccount(read(t, got), "", "flink"); len(again) > 0 {
			t.Errorf("%s: planning again: got %+v", cluster, again)
		}
	}
}

func TestPointersAreEscaped(t *testing.T) {
	if got := below("/data", "a/b~c"); got != "/data/a~1b~0c" {
		t.Errorf("got %s", got)
	}
}

func read(t *testing.T, text string) map[string]any {
	t.Helper()
	var content map[string]any
	if err := json.Unmarshal([]byte(text), &content); err != nil {
		t.Fatal(err)
	}
	return content
}

// equal compares as JSON, in which keys are sorted.
func equal(one, other map[string]any) bool {
	first, _ := json.Marshal(one)
	second, _ := json.Marshal(other)
	return string(first) == string(second)
}
