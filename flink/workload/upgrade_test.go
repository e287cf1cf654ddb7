package workload

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

const upgraded = `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: demo, namespace: team}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  serviceAccount: mine
  restartNonce: 1
  podTemplate: {spec: {containers: [{name: flink-main-container, resources: {limits: {cpu: "1"}}}]}}
  jobManager: {replicas: 1, resource: {memory: 2048m, cpu: 1}}
  taskManager: {replicas: 2, resource: {memory: 2048m, cpu: 1}, resources: {limits: {cpu: "1"}}}
  job: {jarURI: local:///a.jar, parallelism: 2, upgradeMode: savepoint, state: running, args: [a]}
  flinkConfiguration: {taskmanager.numberOfTaskSlots: "2", kubernetes.operator.savepoint.history.max.count: "5"}
`

// TestUpgrades: each case is one edit of the object above, after SpecDiff and its Config in the operator's API.
func TestUpgrades(t *testing.T) {
	cases := map[string]struct {
		from, to string
		want     bool
	}{
		"nothing":                              {"image: flink:1.20", "image: flink:1.20", false},
		"metadata":                             {"namespace: team", "namespace: team, labels: {a: b}", false},
		"the image":                            {"image: flink:1.20", "image: flink:1.20.5", true},
		"the version":                          {"v1_20", "v2_0", true},
		"the account":                          {"serviceAccount: mine", "serviceAccount: yours", true},
		"the account is left out":              {"  serviceAccount: mine\n", "", true},
		"the restart nonce":                    {"restartNonce: 1", "restartNonce: 2", false},
		"the restart nonce is left out":        {"  restartNonce: 1\n", "", false},
		"the pod template":                     {"cpu: \"1\"}}}]}}\n  job", "cpu: \"2\"}}}]}}\n  job", true},
		"the same quantity in another way":     {"limits: {cpu: \"1\"}", "limits: {cpu: 1000m}", false},
		"JobManagers":                          {"jobManager: {replicas: 1", "jobManager: {replicas: 3", true},
		"one JobManager, which is the default": {"jobManager: {replicas: 1, ", "jobManager: {", false},
		"memory of the JobManager":             {"jobManager: {replicas: 1, resource: {memory: 2048m", "jobManager: {replicas: 1, resource: {memory: 4096m", true},
		"CPUs, as a fraction of none":          {"memory: 2048m, cpu: 1}", "memory: 2048m, cpu: 1.0}", false},
		"TaskManagers":                         {"taskManager: {replicas: 2", "taskManager: {replicas: 4", false},
		"memory of the TaskManagers":           {"taskManager: {replicas: 2, resource: {memory: 2048m", "taskManager: {replicas: 2, resource: {memory: 4096m", true},
		"the parallelism":                      {"parallelism: 2", "parallelism: 4", false},
		"the upgrade mode":                     {"upgradeMode: savepoint", "upgradeMode: last-state", false},
		"a savepoint nonce":                    {"parallelism: 2", "parallelism: 2, savepointTriggerNonce: 1", false},
		"a nonce for a start from a savepoint": {"parallelism: 2", "parallelism: 2, savepointRedeployNonce: 1, initialSavepointPath: s3://a", false},
		"a nonce of the autoscaler":            {"parallelism: 2", "parallelism: 2, autoscalerResetNonce: 1", false},
		"the job's arguments":                  {"args: [a]", "args: [a, b]", true},
		"the job's jar":                        {"a.jar", "b.jar", true},
		"the job is suspended":                 {"state: running", "state: suspended", true},
		"the job runs, which is the default":   {", state: running", "", false},
		"an option of Flink":                   {`taskmanager.numberOfTaskSlots: "2"`, `taskmanager.numberOfTaskSlots: "4"`, true},
		"the same number without quotes":       {`taskmanager.numberOfTaskSlots: "2"`, `taskmanager.numberOfTaskSlots: 2`, false},
		"the same option in nested form":       {`taskmanager.numberOfTaskSlots: "2"`, `taskmanager: {numberOfTaskSlots: "2"}`, false},
		"an option of Flink less":              {`taskmanager.numberOfTaskSlots: "2", `, ``, true},
		"an option of Flink more":              {`taskmanager.numberOfTaskSlots: "2"`, `taskmanager.numberOfTaskSlots: "2", a: b`, true},
		"an option of the operator":            {`max.count: "5"`, `max.count: "7"`, false},
		"an option of the autoscaler":          {`max.count: "5"`, `max.count: "5", job.autoscaler.enabled: "true"`, false},
		"the default parallelism":              {`max.count: "5"`, `max.count: "5", parallelism.default: "7"`, false},
		"what the autoscaler writes":           {`max.count: "5"`, `max.count: "5", pipeline.jobvertex-parallelism-overrides: "a:1"`, false},
		"an ingress":                           {"  image:", "  ingress: {template: a}\n  image:", true},
		"a field that is not known":            {"  image:", "  novelty: 1\n  image:", false},
		"empty fields":                         {"  image:", "  ingress: {}\n  logConfiguration: {}\n  image:", false},
		"a pod template of the wrong form":     {"podTemplate: {spec: {containers: [", "podTemplate: {spec: {containers: [7, ", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(upgraded, tc.from) {
				t.Fatalf("%q is not in the manifest", tc.from)
			}
			changed := strings.ReplaceAll(upgraded, tc.from, tc.to)
			if got := Upgrades(object(t, upgraded), object(t, changed)); got != tc.want {
				t.Errorf("got %t, want %t", got, tc.want)
			}
			blueGreen := func(manifest string) map[string]any {
				content := object(t, manifest)
				content["kind"] = string(KindBlueGreenDeployment)
				content["spec"] = map[string]any{"configuration": tc.from, "template": map[string]any{"spec": content["spec"]}}
				return content
			}
			if got := Upgrades(blueGreen(upgraded), blueGreen(changed)); got != tc.want {
				t.Errorf("in a FlinkBlueGreenDeployment: got %t, want %t", got, tc.want)
			}
		})
	}
}

func TestWhatIsNoClusterIsNotUpgraded(t *testing.T) {
	for _, manifest := range []string{
		`{kind: FlinkSessionJob, spec: {job: {jarURI: a}}}`, `{kind: FlinkDeployment, spec: []}`, `{kind: FlinkBlueGreenDeployment, spec: {template: 7}}`, `{}`,
	} {
		changed := strings.ReplaceAll(manifest, "spec: {", "spec: {image: b, ")
		if Upgrades(object(t, manifest), object(t, changed)) {
			t.Errorf("%s: it is no cluster", manifest)
		}
	}
}

func object(t *testing.T, manifest string) map[string]any {
	t.Helper()
	var content map[string]any
	if err := yaml.Unmarshal([]byte(manifest), &content); err != nil {
		t.Fatal(err)
	}
	return content
}
