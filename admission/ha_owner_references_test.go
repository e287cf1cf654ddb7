package admission

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// ownedState is HA state that a Deployment owns, with annotations.
func ownedState(annotations ...string) string {
	return "{apiVersion: v1, kind: ConfigMap, metadata: {name: demo-cluster-config-map, uid: c1, labels: {type: flink-native-kubernetes}, annotations: {" +
		strings.Join(annotations, ", ") + "}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: jm, uid: d1}]}}"
}

func TestWhoeverAddsOwnerReferencesIsToldWhatBecameOfThem(t *testing.T) {
	const (
		annotation = "flink-ha.dev/keep-owner-references"
		stripped   = `owner references of the HA state of Flink cluster "demo" were removed: deleting Deployment "jm" would have the garbage collector ` +
			"delete it, and with it the pointers to its jobs"
		left  = `the HA state of Flink cluster "demo" has owner references, which stay, since `
		after = `: deleting Deployment "jm" has the garbage collector delete the pointers to its jobs`
		howTo = "to keep the owner references until the end of a day, annotate the ConfigMap " + annotation + `: "YYYY-MM-DD why"`
	)
	held := annotation + `: "2026-12-31 ours cleans up"`
	under := func(change func(*policy.Policy)) policy.Policy {
		p := policy.Default()
		change(&p)
		return p
	}
	none := func(*policy.Policy) {}
	for name, tc := range map[string]struct {
		policy  policy.Policy
		labels  string
		user    string
		object  string
		outcome OwnersOutcome
		notes   []string
	}{
		"by default": {under(none), "", "me", ownedState(), OwnersStripped, []string{stripped, howTo}},
		"on request": {under(none), "", "me", ownedState(held), OwnersKept, []string{
			`the HA state of Flink cluster "demo" keeps its owner references until the end of 2026-12-31: deleting Deployment "jm" deletes the pointers to ` +
				"its jobs. After that day they are removed (" + annotation + ")",
		}},
		"on a request that has ended": {under(none), "", "me", ownedState(annotation + `: "2026-10-31 ours cleans up"`), OwnersStripped, []string{
			stripped, "annotation " + annotation + " does not hold: it ended on 2026-10-31",
		}},
		"on a request without a day": {under(none), "", "me", ownedState(annotation + `: "true"`), OwnersStripped, []string{
			stripped, "annotation " + annotation + " does not hold: needs the last day on which it holds and a reason: YYYY-MM-DD reason",
		}},
		"on a request that the policy does not allow": {under(func(p *policy.Policy) { p.OptOut.OwnerReferences = false }), "", "me", ownedState(held), OwnersStripped, []string{
			stripped, "annotation " + annotation + " does not hold: the policy lets no object keep its owner references",
		}},
		"where requests are not allowed": {under(func(p *policy.Policy) { p.OptOut.OwnerReferences = false }), "", "me", ownedState(), OwnersStripped, []string{stripped}},
		"by policy": {under(func(p *policy.Policy) { p.HAConfigMaps.StripOwnerReferences = false }), "", "me", ownedState(), OwnersLeft, []string{
			left + "haConfigMaps.stripOwnerReferences of the policy is false" + after,
		}},
		"where nothing is enforced": {under(none), "off", "me", ownedState(), OwnersLeft, []string{left + "nothing is enforced in this namespace" + after}},
		"by somebody exempt": {
			under(func(p *policy.Policy) { p.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "me"}} }), "", "me", ownedState(), OwnersLeft,
			[]string{left + "the policy exempts who writes, until the guard looks after the ConfigMap" + after},
		},
		"in a namespace that is exempt": {
			under(func(p *policy.Policy) { p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team"}} }), "", "me", ownedState(), OwnersLeft,
			[]string{left + "the policy exempts this namespace" + after},
		},
		"by the garbage collector, which orphans": {under(none), "", userGarbageCollector, ownedState(), OwnersLeft, nil},
		"of several owners": {
			under(func(p *policy.Policy) { p.OptOut.OwnerReferences = false }), "", "me",
			strings.Replace(ownedState(), "uid: d1}", "uid: d1}, {apiVersion: v1, kind: X, name: x, uid: x1}", 1), OwnersStripped,
			[]string{strings.Replace(stripped, `"jm"`, `"jm" and 1 more`, 1)},
		},
		"that there are none of": {under(none), "", "me", strings.Replace(ownedState(), "[{apiVersion: apps/v1, kind: Deployment, name: jm, uid: d1}]", "null", 1), "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			around := surroundings{}
			if tc.labels != "" {
				around = beside(t, enforcing(tc.labels))
			}
			request := create(t, tc.object)
			request.UserInfo.Username = tc.user
			decision, err := reviewerUnder(t, tc.policy, around).StripOwnerReferences(request)
			if err != nil {
				t.Fatal(err)
			}
			if decision.HAState.Outcome != tc.outcome || (len(decision.Edits) > 0) != (tc.outcome == OwnersStripped) {
				t.Errorf("got %q and %d edits, want %q", decision.HAState.Outcome, len(decision.Edits), tc.outcome)
			}
			if diff := cmp.Diff(tc.notes, decision.Notes); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, note := range decision.Notes {
				if len(note) > maxWarning {
					t.Errorf("%d bytes: %s", len(note), note)
				}
			}
		})
	}
}

func TestWhoWritesHAStateIsNoted(t *testing.T) {
	for operation, options := range map[string]string{
		"create": `{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"flink-operator","fieldValidation":"Ignore"}`,
		"update": `{"kind":"UpdateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"flink-operator"}`,
		"patch":  `{"kind":"PatchOptions","apiVersion":"meta.k8s.io/v1","force":true,"fieldManager":"flink-operator"}`,
		"none":   ``,
	} {
		request := create(t, ownedState())
		request.UserInfo.Username, request.UserInfo.Groups = "system:serviceaccount:ops:operator", []string{"system:serviceaccounts"}
		request.Options.Raw = []byte(options)
		decision, err := reviewer(t, surroundings{}).StripOwnerReferences(request)
		if err != nil {
			t.Fatal(err)
		}
		state, want := decision.HAState, "flink-operator"
		if operation == "none" {
			want = ""
		}
		if state.Writer.Manager != want || state.Writer.Username != request.UserInfo.Username || len(state.Writer.Groups) != 1 {
			t.Errorf("%s: got %+v", operation, state.Writer)
		}
		if state.Namespace != "team" || state.Name != "demo-cluster-config-map" || state.UID != "c1" || state.State.Cluster != "demo" || len(state.Owners) != 1 {
			t.Errorf("%s: got %+v", operation, state)
		}
	}
}

func TestStripOwnerReferences(t *testing.T) {
	const owned = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: demo-cluster-config-map
  labels: {app: demo, type: flink-native-kubernetes}
  annotations: {control-plane.alpha.kubernetes.io/leader: "{}"}
  finalizers: [example.com/keep]
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: jm, uid: "1"}]
`
	const want = `[{"op":"test","path":"/metadata/ownerReferences","value":[{"apiVersion":"apps/v1","kind":"Deployment","name":"jm","uid":"1"}]},{"op":"remove","path":"/metadata/ownerReferences"}]`
	cases := map[string]struct{ object, want string }{
		"HA state that is owned":                {owned, want},
		"HA state that is on its way out":       {strings.Replace(owned, "  name:", "  deletionTimestamp: \"2026-01-01T00:00:00Z\"\n  name:", 1), ""},
		"the configuration of a native cluster": {strings.Replace(owned, "demo-cluster-config-map", "flink-config-demo", 1), ""},
		"its pod template":                      {strings.Replace(owned, "demo-cluster-config-map", "pod-template-demo", 1), ""},
		"HA state that nobody owns":             {strings.Replace(owned, `[{apiVersion: apps/v1, kind: Deployment, name: jm, uid: "1"}]`, "[]", 1), ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := create(t, tc.object)
			decision, err := reviewer(t, surroundings{}).StripOwnerReferences(request)
			if err != nil {
				t.Fatal(err)
			}
			if got := patchOf(t, decision); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if tc.want == "" {
				return
			}
			var edited map[string]map[string]any
			stripped := applied(t, request.Object.Raw, decision)
			_ = json.Unmarshal(stripped, &edited)
			if _, ok := edited["metadata"]["ownerReferences"]; ok || edited["metadata"]["finalizers"] == nil {
				t.Errorf("got %s, want the owner references gone and all else kept", stripped)
			}
		})
	}
}
