package parity

import (
	"slices"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// TestCheckIsStricterWhereItSaysSo holds what is documented to be otherwise: that check refuses what the server warns of, for no other
// reason than the one that is given, and that the reason is needed.
func TestCheckIsStricterWhereItSaysSo(t *testing.T) {
	const mistake = `
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config-%, namespace: team}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    kubernetes.cluster-id: orders
    kubernetes.namespace: team
    state.checkpoints.dir: s3://flink/checkpoints
`
	for name, tc := range map[string]struct{ objects, rule, reason string }{
		"what the files say of rights is all that there will be": {rule: "jobmanager-rights-missing", reason: "the rights are settled", objects: `
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: team}
spec:
  template:
    spec:
      serviceAccountName: mine
      containers:
      - name: jobmanager
        image: flink:1.20
        args: [standalone-job, -Djobmanager.rpc.address=$(POD_IP), -Dhigh-availability.type=kubernetes, "-Dhigh-availability.storageDir=s3://flink/ha", -Dkubernetes.cluster-id=orders, -Dkubernetes.namespace=team]
        env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: mine, namespace: team}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: mine, namespace: team}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
`},
		"what is there excuses nothing": {
			rule: "storage-dir-missing", reason: "there is a predecessor",
			objects: strings.Replace(mistake, "%", "abc12def34", 1) + "---" + strings.Replace(mistake, "%", "42fed21cba", 1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			objects, err := objectsIn(tc.objects)
			if err != nil {
				t.Fatal(err)
			}
			under := policies()[0]
			s := &scene{name: name, objects: objects, policy: under.policy(), policyName: under.name, now: anHourFromNow(), namespace: "team"}
			api, counted := newAPIServer(t), newTally()
			api.asked = counted.asked
			report(t, api, s, counted)
			if counted.reasons[tc.reason] == 0 {
				t.Errorf("nothing is different since %s: %v", tc.reason, counted.reasons)
			}
			around, err := surroundingsOf(s, 0)
			if err != nil {
				t.Fatal(err)
			}
			api.guard.around.Store(around)
			online, err := api.create(s, 0, false)
			if err != nil {
				t.Fatal(err)
			}
			reported, err := s.checked()
			if err != nil {
				t.Fatal(err)
			}
			offline, err := outcomeOf(&reported[0])
			if err != nil {
				t.Fatal(err)
			}
			isRefused := slices.ContainsFunc(offline.Causes, func(cause string) bool { return strings.HasPrefix(cause, tc.rule+" ") })
			if offline.Verdict != admission.VerdictDeny || !isRefused || online.Verdict != admission.VerdictWarn || !strings.Contains(online.Rules, tc.rule) {
				t.Errorf("check: %s for %v, server: %s for %s; want %s refused by check and warned of by the server",
					offline.Verdict, offline.Causes, online.Verdict, online.Rules, tc.rule)
			}
		})
	}
}
