package workload

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// line writes an account as tables do: its name, where it is named or not, and "?" where the pods may get another.
func (a Account) line() string {
	text := a.Name + " " + a.Setting
	if !a.Named {
		text += " not named"
	}
	if a.Unknown != "" {
		text += " ?"
	}
	return text + " at " + a.Position.Path
}

func TestAccountOfPods(t *testing.T) {
	for want, spec := range map[string]corev1.PodSpec{
		"default serviceAccountName not named at p.serviceAccountName": {},
		"a serviceAccountName at p.serviceAccountName":                 {ServiceAccountName: "a"},
		"b serviceAccount at p.serviceAccount":                         {DeprecatedServiceAccount: "b"},
		"c serviceAccountName at p.serviceAccountName":                 {ServiceAccountName: "c", DeprecatedServiceAccount: "b"},
		"default serviceAccountName at p.serviceAccountName":           {ServiceAccountName: "default"},
	} {
		if got := AccountOfPods(&spec, "p").line(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAccountOfNative(t *testing.T) {
	version := flink.Version{Major: 1, Minor: 20}
	for lines, want := range map[string]string{
		"a: b":                          "default kubernetes.service-account not named at f",
		"kubernetes.service-account: a": "a kubernetes.service-account at f",
		"kubernetes.service-account: a\nkubernetes.taskmanager.service-account: b":          "b kubernetes.taskmanager.service-account at f",
		"kubernetes.service-account: a\nkubernetes.jobmanager.service-account: b":           "a kubernetes.service-account at f",
		"kubernetes.service-account: a$X":                                                   " kubernetes.service-account ? at f",
		"kubernetes.pod-template-file: /x":                                                  "default kubernetes.service-account not named ? at f",
		"kubernetes.pod-template-file.default: /x":                                          "default kubernetes.service-account not named ? at f",
		"kubernetes.pod-template-file.taskmanager: /x":                                      "default kubernetes.service-account not named ? at f",
		"kubernetes.pod-template-file.jobmanager: /x":                                       "default kubernetes.service-account not named at f",
		"kubernetes.pod-template-file: /x\nkubernetes.service-account: default":             "default kubernetes.service-account at f",
		"kubernetes.pod-template-file: /x\nkubernetes.taskmanager.service-account: default": "default kubernetes.taskmanager.service-account at f",
	} {
		if got := AccountOfNative(RoleTaskManager, flink.LoadLegacy(lines, "f"), version).line(); got != want {
			t.Errorf("%q: got %q, want %q", lines, got, want)
		}
	}
	hidden := flink.LoadLegacy("kubernetes.service-account: a", "f")
	hidden.Gaps = []flink.Gap{{Reason: "it cannot be read"}}
	if got := AccountOfNative(RoleJobManager, hidden, version).line(); got != "a kubernetes.service-account ? at f" {
		t.Errorf("got %q where the option of the role may be set out of sight", got)
	}
	if got := AccountOfNative(RoleJobManager, flink.LoadLegacy("kubernetes.jobmanager.service-account: j", "f"), version); got.Name != "j" {
		t.Errorf("got %+v for JobManagers", got)
	}
	secret := flink.LoadLegacy("kubernetes.service-account: a", "f")
	secret.Settings[0].Unknown = "it comes from a Secret"
	if got := AccountOfNative(RoleJobManager, secret, version); got.Name != "" || got.Unknown == "" {
		t.Errorf("got %+v of a value that is not known", got)
	}
}

func TestAccountOfAResource(t *testing.T) {
	defaults := func(lines string) *OperatorDefaults {
		loaded, _ := LoadOperatorDefaults(&corev1.ConfigMap{Data: map[string]string{flink.LegacyFile: lines}})
		return &loaded
	}
	const field = "spec.serviceAccount"
	for name, tc := range map[string]struct {
		old, now string
		defaults *OperatorDefaults
		want     string
	}{
		"named":                      {"", "", defaults("a: b"), "flink serviceAccount at " + field},
		"defaults are not known":     {"", "", nil, "flink serviceAccount ? at " + field},
		"none":                       {"  serviceAccount: flink\n", "", defaults("a: b"), "default serviceAccount not named ? at " + field},
		"blank":                      {"serviceAccount: flink", "serviceAccount: ' '", defaults("a: b"), "default serviceAccount not named ? at " + field},
		"the defaults are beaten":    {"", "", defaults("kubernetes.service-account: other"), "flink serviceAccount at " + field},
		"the defaults say it for it": {"", "", defaults("kubernetes.taskmanager.service-account: tm"), "tm kubernetes.taskmanager.service-account"},
		"the configuration says it for the role": {
			"  flinkConfiguration:\n", "  flinkConfiguration:\n    kubernetes.taskmanager.service-account: tm\n", nil,
			`tm kubernetes.taskmanager.service-account at spec.flinkConfiguration["kubernetes.taskmanager.service-account"]`,
		},
		"the general option in the configuration": {
			"  flinkConfiguration:\n", "  flinkConfiguration:\n    kubernetes.service-account: other\n", defaults("a: b"), "flink serviceAccount at " + field,
		},
	} {
		manifest := deployment
		if tc.old != "" {
			manifest = strings.Replace(deployment, tc.old, tc.now, 1)
		}
		described := resource(t, manifest, tc.defaults)
		if got := described.Account(RoleTaskManager, described.Configuration).line(); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
