package admission

import (
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
)

const (
	goodConfiguration = `
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  config.yaml: |
    jobmanager: {rpc: {address: jm}}
    high-availability: {type: kubernetes, storageDir: "s3://b/ha"}
    kubernetes.cluster-id: demo
    kubernetes.namespace: team
    high-availability.cluster-id: demo
    state.checkpoints.dir: s3://b/cp
`
	noStorage = `
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  config.yaml: |
    jobmanager: {rpc: {address: jm}}
    high-availability: {type: kubernetes}
    kubernetes.cluster-id: demo
    kubernetes.namespace: team
    high-availability.cluster-id: demo
    state.checkpoints.dir: s3://b/cp
`
	noHighAvailability = `
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jm
    jobmanager.memory.process.size: 1600m
`
)

func TestValidateOnCreate(t *testing.T) {
	cases := map[string]struct {
		object    string
		want      Verdict
		wantRules string
	}{
		"high availability done right": {goodConfiguration, VerdictAllow, ""},
		"no storage directory":         {noStorage, VerdictDeny, "storage-dir-missing"},
		"no high availability":         {noHighAvailability, VerdictDeny, "high-availability-off"},
		"no high availability, with an opt-out": {
			strings.Replace(noHighAvailability, "{name: flink-config}", `{name: flink-config, annotations: {flink-ha.dev/high-availability: not-required nightly batch}}`, 1),
			VerdictAllow, "",
		},
		"declared not to be configuration": {
			strings.Replace(noHighAvailability, "{name: flink-config}", `{name: flink-config, annotations: {flink-ha.dev/configuration: "false"}}`, 1),
			VerdictSkip, "",
		},
		"declared to be configuration": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: x, annotations: {flink-ha.dev/configuration: "true"}}
data: {config.yaml: "parallelism: {default: 2}"}
`, VerdictDeny, "high-availability-off"},
		"what the native client makes is only warned about": {
			strings.Replace(noHighAvailability, "{name: flink-config}", "{name: flink-config-x, labels: {app: x, type: flink-native-kubernetes}}", 1),
			VerdictWarn, "high-availability-off",
		},
		"what something else owns is only warned about": {
			strings.Replace(noStorage, "{name: flink-config}", "{name: flink-config, ownerReferences: [{kind: X, name: x, uid: u}]}", 1),
			VerdictWarn, "storage-dir-missing",
		},
		"an object on its way out is not held back": {
			strings.Replace(noStorage, "{name: flink-config}", `{name: flink-config, deletionTimestamp: "2026-01-01T00:00:00Z"}`, 1),
			VerdictSkip, "",
		},
		"a weak storage directory": {
			strings.Replace(goodConfiguration, "s3://b/ha", "/flink/ha", 1), VerdictWarn, "storage-dir-local",
		},
		"a client's configuration": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: client}
data: {flink-conf.yaml: "execution.target: remote\nrest.address: jm"}
`, VerdictAllow, ""},
		"the operator's own": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-operator-config}
data: {flink-conf.yaml: "taskmanager.numberOfTaskSlots: 2", config.yaml: "kubernetes.operator.x: y"}
`, VerdictSkip, ""},
		"a field in another case is another field": {
			strings.Replace(noHighAvailability, "\ndata:", "\nData:", 1), VerdictSkip, "",
		},
		"somebody else's config.yaml": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: adapter}
data: {config.yaml: "rules: [{seriesQuery: flink_taskmanager_job}]"}
`, VerdictSkip, ""},
		"two files of which Flink may read the good one": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: both}
data:
  config.yaml: "{high-availability.type: kubernetes, high-availability.storageDir: 's3://b/ha', kubernetes.cluster-id: x, kubernetes.namespace: team, high-availability.cluster-id: x, state.checkpoints.dir: 's3://b/cp'}"
  flink-conf.yaml: "jobmanager.rpc.port: 6123"
`, VerdictWarn, "high-availability-off"},
		"two files of which one is a client's": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: both}
data:
  config.yaml: "{execution.target: remote, jobmanager.rpc.address: jm}"
  flink-conf.yaml: "jobmanager.rpc.port: 6123"
`, VerdictWarn, "high-availability-off"},
		"a batch job": {
			strings.Replace(noHighAvailability, "jobmanager.rpc.address: jm", "execution.runtime-mode: BATCH", 1), VerdictWarn, "high-availability-off",
		},
		"a template": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: template}
data:
  config.yaml: |
    jobmanager.rpc.address: {{ .host }}
    high-availability.type: kubernetes
`, VerdictAllow, ""},
		"two files that are both wrong": {`
apiVersion: v1
kind: ConfigMap
metadata: {name: both}
data:
  config.yaml: "jobmanager.rpc.port: 6123"
  flink-conf.yaml: "jobmanager.rpc.port: 6123"
`, VerdictDeny, "high-availability-off"},
		"a Deployment whose arguments settle it wrongly": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: jm}
spec: {template: {spec: {containers: [{name: jm, image: "flink:2.0", args: [standalone-job, -Dhigh-availability.type=kubernetes]}]}}}
`, VerdictDeny, "storage-dir-missing,cluster-id-missing"},
		"a Deployment whose environment settles it wrongly": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: jm}
spec: {template: {spec: {containers: [{name: jm, image: "flink:2.0", args: [jobmanager], env: [{name: FLINK_PROPERTIES, value: "high-availability.type: kubernets"}]}]}}}
`, VerdictDeny, "high-availability-type-invalid,storage-dir-missing"},
		"a Deployment that reads a ConfigMap is judged by that": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: jm}
spec: {template: {spec: {containers: [{name: jm, image: "flink:2.0", args: [jobmanager], volumeMounts: [{name: c, mountPath: /opt/flink/conf}]}], volumes: [{name: c, configMap: {name: flink-config}}]}}}
`, VerdictAllow, ""},
		"a StatefulSet too": {`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: jm}
spec: {template: {spec: {containers: [{name: jm, image: "flink:2.0", args: [standalone-job, -Dhigh-availability.type=NONE]}]}}}
`, VerdictDeny, "high-availability-off"},
		"a Deployment that is not Flink's": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}
`, VerdictSkip, ""},
		"a kind that nobody knows": {"{apiVersion: example.com/v1, kind: Thing, metadata: {name: x}}", VerdictSkip, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			decision, err := reviewer(t, surroundings{}).Validate(create(t, tc.object))
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %s", got, tc.want, decision.Message())
			}
			if got := strings.Join(gravest(decision), ","); got != tc.wantRules {
				t.Errorf("got the rules %q, want %q", got, tc.wantRules)
			}
		})
	}
}

// gravest are the rules for which an object is refused or, if it is not, those that say anything of it.
func gravest(decision Decision) []string {
	if decision.Verdict() == VerdictDeny {
		return ruleIDs(decision.Denied())
	}
	return decision.Rules()
}

// bareJobManager has nothing but its image's configuration.
const bareJobManager = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: jm}
spec: {template: {spec: {containers: [{name: jm, image: "@IMAGE@", args: [jobmanager]}]}}}
`

func TestValidateOnUpdateRefusesOnlyWhatIsNew(t *testing.T) {
	cases := map[string]struct {
		previous, object string
		want             Verdict
	}{
		"the mistake was there before":      {noStorage, strings.Replace(noStorage, "cluster-id: demo", "cluster-id: other", 1), VerdictWarn},
		"the mistake is new":                {goodConfiguration, noStorage, VerdictDeny},
		"one was there, another is new":     {noStorage, strings.Replace(noStorage, "    kubernetes.cluster-id: demo\n", "", 1), VerdictDeny},
		"the mistake is mended":             {noStorage, goodConfiguration, VerdictAllow},
		"high availability is switched off": {goodConfiguration, noHighAvailability, VerdictDeny},
		"an opt-out ends":                   {strings.Replace(noHighAvailability, "{name: flink-config}", `{name: flink-config, annotations: {flink-ha.dev/high-availability: not-required batch}}`, 1), noHighAvailability, VerdictDeny},
		"another mistake is mended": {
			strings.Replace(noStorage, "{rpc: {address: jm}}", "{rpc: {address: }}", 1), noStorage, VerdictWarn,
		},
		"a file stays unreadable": {
			strings.Replace(goodConfiguration, "{rpc: {address: jm}}", "{rpc: {address: }}", 1),
			strings.Replace(goodConfiguration, "{rpc: {address: jm}}", "{rpc: {port: }}", 1), VerdictWarn,
		},
		"a file becomes unreadable": {goodConfiguration, strings.Replace(goodConfiguration, "{rpc: {address: jm}}", "{rpc: {address: }}", 1), VerdictDeny},
		"a client's file becomes a cluster's": {
			strings.Replace(noHighAvailability, "jobmanager", "rest", 2), noHighAvailability, VerdictWarn,
		},
		"the same mistake under another key": {
			strings.Replace(noHighAvailability, "jobmanager.rpc.address: jm", `high-availability: "kubernetes"`, 1),
			strings.Replace(noHighAvailability, "jobmanager.rpc.address: jm", `high-availability.type: "kubernetes"`, 1), VerdictWarn,
		},
		"an image of another version":              {strings.Replace(bareJobManager, "@IMAGE@", "flink:1.16", 1), strings.Replace(bareJobManager, "@IMAGE@", "flink:1.17", 1), VerdictWarn},
		"an image whose configuration was unknown": {strings.Replace(bareJobManager, "@IMAGE@", "mine:1", 1), strings.Replace(bareJobManager, "@IMAGE@", "flink:1.20", 1), VerdictWarn},
		"a label changes on what was wrong before": {noHighAvailability, strings.Replace(noHighAvailability, "{name: flink-config}", "{name: flink-config, labels: {a: b}}", 1), VerdictWarn},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			decision, err := reviewer(t, surroundings{}).Validate(update(t, tc.previous, tc.object))
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %v", got, tc.want, decision.Rules())
			}
		})
	}
}

func TestValidateLeavesOtherOperationsAlone(t *testing.T) {
	request := create(t, noStorage)
	for _, operation := range []admissionv1.Operation{admissionv1.Delete, admissionv1.Connect, ""} {
		request.Operation = operation
		if decision, err := reviewer(t, surroundings{}).Validate(request); err != nil || decision.Recognized {
			t.Errorf("%q: got %+v, %v, want the object left alone", operation, decision, err)
		}
	}
	request.Operation, request.SubResource = admissionv1.Update, "status"
	if decision, err := reviewer(t, surroundings{}).Validate(request); err != nil || decision.Recognized {
		t.Errorf("a subresource: got %+v, %v, want it left alone", decision, err)
	}
}

func TestValidateSaysWhatIsWrongWithARequest(t *testing.T) {
	missing := create(t, noStorage)
	missing.Object.Raw = nil
	garbage := create(t, noStorage)
	garbage.Object.Raw = []byte(`{"data":["hunter2"]}`)
	cases := map[string]struct {
		request *admissionv1.AdmissionRequest
		want    string
	}{
		"no object":                  {missing, "request.object is missing"},
		"an object of another shape": {garbage, "request.object is not an object of its kind"},
	}
	for name, tc := range cases {
		_, err := reviewer(t, surroundings{}).Validate(tc.request)
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestMessage(t *testing.T) {
	decision, err := reviewer(t, surroundings{}).Validate(create(t, noHighAvailability))
	if err != nil {
		t.Fatal(err)
	}
	want := `ConfigMap "flink-config": 3 violations of Flink high availability
* [high-availability-off] data["flink-conf.yaml"]: high-availability.type is not set; the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes
* [high-availability-off] data["flink-conf.yaml"]: high-availability.storageDir is not set; high availability cannot do without it; needs a path that JobManagers and TaskManagers reach, on storage that outlives their pods; fix: high-availability.storageDir: s3://<bucket>/<path>
* [high-availability-off] data["flink-conf.yaml"]: kubernetes.cluster-id is not set; high availability cannot do without it; needs a name of its own for this cluster, such as the name of its JobManager; fix: kubernetes.cluster-id: <name>
see https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/high-availability-off.md`
	if got := decision.Message(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWarningsAreShortAndWhole(t *testing.T) {
	long := strings.Replace(goodConfiguration, "s3://b/ha", "/"+strings.Repeat("ü", 300), 1)
	decision, err := reviewer(t, surroundings{}).Validate(create(t, long))
	if err != nil {
		t.Fatal(err)
	}
	warnings := decision.Warnings()
	if len(warnings) != 1 || len(warnings[0]) > 256 || !strings.HasSuffix(warnings[0], "; fix: high-availability.storageDir: s3://<bucket>/<path>") {
		t.Errorf("got %q, want one warning of at most 256 bytes, with the fix", warnings)
	}
	cut := Decision{Notes: []string{strings.Repeat("ü", 300)}}
	warnings = cut.Warnings()
	if len(warnings) != 1 || len(warnings[0]) > 256 || !strings.HasSuffix(warnings[0], "ü…") {
		t.Errorf("got %q, want one note of at most 256 bytes that splits no character", warnings)
	}
}
