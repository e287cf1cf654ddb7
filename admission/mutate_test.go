package admission

import (
	"encoding/json"
	"strings"
	"testing"
)

const taskManager = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: tm}
spec: {template: {spec: {containers: [{name: tm, image: "flink:2.0", args: [taskmanager], volumeMounts: [{name: c, mountPath: /opt/flink/conf}]}], volumes: [{name: c, configMap: {name: flink-config}}]}}}
`

func TestMutate(t *testing.T) {
	const added = `[{"op":"add","path":"/spec/template/spec/serviceAccountName","value":"flink"}]`
	own := strings.Replace(taskManager, "args: [taskmanager]", "args: [taskmanager, -Dhigh-availability.type=kubernetes]", 1)
	cases := map[string]struct {
		object    string
		around    surroundings
		want      string
		wantNotes int
	}{
		"high availability in the mounted ConfigMap": {object: taskManager, around: beside(t, goodConfiguration), want: added},
		"high availability in its own arguments":     {object: own, want: added},
		"a ConfigMap that is not known":              {object: taskManager},
		"a ConfigMap without high availability":      {object: taskManager, around: beside(t, noHighAvailability)},
		"its own arguments switch it off": {
			object: strings.Replace(taskManager, "args: [taskmanager]", "args: [taskmanager, -Dhigh-availability.type=NONE]", 1),
			around: beside(t, goodConfiguration),
		},
		"ZooKeeper": {object: strings.Replace(own, "=kubernetes", "=zookeeper", 1)},
		"the default account, written out": {
			object: strings.Replace(own, "spec: {containers", "spec: {serviceAccountName: default, containers", 1),
			want:   `[{"op":"replace","path":"/spec/template/spec/serviceAccountName","value":"flink"}]`,
		},
		"an account of its own":               {object: strings.Replace(own, "spec: {containers", "spec: {serviceAccountName: mine, containers", 1)},
		"a workload that something else owns": {object: strings.Replace(own, "{name: tm}", "{name: tm, ownerReferences: [{kind: FlinkDeployment, name: x, uid: u}]}", 1)},
		"an account that is there":            {object: own, around: surroundings{accounts: map[string]bool{"flink": true}}, want: added},
		"an account that nobody has made":     {object: own, around: surroundings{accounts: map[string]bool{}}, wantNotes: 1},
		"a pod that is not Flink's":           {object: strings.Replace(own, "args: [taskmanager", "args: [serve", 1)},
		"an object on its way out":            {object: strings.Replace(own, "{name: tm}", `{name: tm, deletionTimestamp: "2026-01-01T00:00:00Z"}`, 1)},
		"a Job":                               {object: strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job", "taskmanager", "standalone-job").Replace(own), want: added},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := create(t, tc.object)
			decision, err := reviewer(t, tc.around).Mutate(request)
			if err != nil {
				t.Fatal(err)
			}
			if got := patchOf(t, decision); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if len(decision.Notes) != tc.wantNotes {
				t.Errorf("got the notes %q, want %d", decision.Notes, tc.wantNotes)
			}
			if tc.want == "" {
				return
			}
			request.Object.Raw = applied(t, request.Object.Raw, decision)
			if again, err := reviewer(t, tc.around).Mutate(request); err != nil || len(again.Edits) > 0 {
				t.Errorf("a second pass: got %+v, %v, want nothing", again.Edits, err)
			}
		})
	}
}

func TestMutateRestartsNothing(t *testing.T) {
	around := beside(t, goodConfiguration)
	scaled := strings.Replace(taskManager, "spec: {template", "spec: {replicas: 3, template", 1)
	decision, err := reviewer(t, around).Mutate(update(t, taskManager, scaled))
	if err != nil || len(decision.Edits) > 0 {
		t.Errorf("the template stays: got %+v, %v, want no edit", decision.Edits, err)
	}
	if len(decision.Notes) != 1 || !strings.Contains(decision.Notes[0], "kubectl -n team set serviceaccount deployments tm flink") {
		t.Errorf("got the notes %q, want the command to run", decision.Notes)
	}
	upgraded := strings.Replace(taskManager, "flink:2.0", "flink:2.1", 1)
	decision, err = reviewer(t, around).Mutate(update(t, taskManager, upgraded))
	if err != nil || len(decision.Edits) != 1 {
		t.Errorf("the template changes anyway: got %+v, %v, want one edit", decision.Edits, err)
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

func TestValidateDeletionWarns(t *testing.T) {
	const state = `{apiVersion: v1, kind: ConfigMap, metadata: {name: demo-cluster-config-map}, data: {org.apache.flink.k8s.leader.dispatcher: x}}`
	decision, err := reviewer(t, surroundings{}).ValidateDeletion(deletion(t, state))
	if err != nil || decision.Verdict() != VerdictWarn || !strings.Contains(decision.Warnings()[0], `cluster "demo"`) {
		t.Errorf("got %+v, %v, want a warning that names the cluster", decision, err)
	}
	decision, err = reviewer(t, surroundings{}).ValidateDeletion(deletion(t, goodConfiguration))
	if err != nil || decision.Verdict() != VerdictSkip {
		t.Errorf("got %+v, %v, want other ConfigMaps left alone", decision, err)
	}
}
