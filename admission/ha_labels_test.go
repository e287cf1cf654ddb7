package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestLabelsOfHAStateAreWarnedOf, whatever is enforced, whether the object is made or changed, and whatever is known around it.
func TestLabelsOfHAStateAreWarnedOf(t *testing.T) {
	const (
		plain    = "{apiVersion: v1, kind: ConfigMap, metadata: {name: orders-cluster-config-map, labels: {app: orders, type: flink-native-kubernetes}}}"
		settings = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, labels: {app: orders, type: flink-native-kubernetes}}}"
	)
	with := func(object, metadata string) string {
		return strings.Replace(object, "metadata: {", "metadata: {"+metadata+", ", 1)
	}
	tracked := with(plain, "annotations: {argocd.argoproj.io/tracking-id: x}")
	strict := policy.Default()
	strict.Defaults.Enforce.Level = policy.LevelStrict
	cases := map[string]struct {
		before, now string
		want        Verdict
		wantRules   string
	}{
		"HA state":                            {"", plain, VerdictAllow, ""},
		"HA state with a mark":                {"", tracked, VerdictWarn, "ha-state-tracked"},
		"HA state that is given a mark":       {plain, tracked, VerdictWarn, "ha-state-tracked"},
		"HA state with a mark it had":         {tracked, with(plain, "annotations: {argocd.argoproj.io/tracking-id: x, a: b}"), VerdictWarn, "ha-state-tracked"},
		"a mark with an exemption":            {plain, with(plain, `annotations: {argocd.argoproj.io/tracking-id: x, exempt.flink-ha.dev/ha-state-tracked: "2026-12-01 a trial"}`), VerdictAllow, "ha-state-tracked"},
		"HA state on its way out":             {"", with(tracked, `deletionTimestamp: "2026-01-01T00:00:00Z"`), VerdictSkip, ""},
		"taken for HA state":                  {"", settings, VerdictWarn, "configmap-taken-for-ha-state"},
		"given the labels":                    {strings.Replace(settings, "app: orders, ", "", 1), settings, VerdictWarn, "configmap-taken-for-ha-state"},
		"owned":                               {"", with(settings, "ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u}]"), VerdictSkip, ""},
		"a configuration that turns into one": {noHighAvailability, strings.Replace(settings, "name: settings", "name: flink-config", 1), VerdictWarn, "configmap-taken-for-ha-state"},
	}
	for name, tc := range cases {
		for what, around := range map[string]validation.Surroundings{"alone": surroundings{}, "beside others": beside(t)} {
			t.Run(name+", "+what, func(t *testing.T) {
				request := create(t, tc.now)
				if tc.before != "" {
					request = update(t, tc.before, tc.now)
				}
				decision, after, err := reviewerUnder(t, strict, around).Decide(request)
				if err != nil || string(after) != string(request.Object.Raw) {
					t.Fatalf("got %v, and the object %s", err, after)
				}
				if got := strings.Join(decision.Rules(), " "); decision.Verdict() != tc.want || got != tc.wantRules {
					t.Errorf("got %s by %q, want %s by %q", decision.Verdict(), got, tc.want, tc.wantRules)
				}
			})
		}
	}
}
