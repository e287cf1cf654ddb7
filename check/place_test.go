package check

import (
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// checked is the report about one file, in the namespace team; "" for one of any name.
func checked(t *testing.T, file, text string, prefixes ...string) *Report {
	t.Helper()
	if file == "" {
		file = "f.yaml"
	}
	preset := policy.Default()
	preset.Storage.AllowedPrefixes = prefixes
	source := manifest.Source{Name: file, Given: true}.Holding(text)
	options := Options{Policy: &preset, Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Namespace: "team"}
	report, err := Run(t.Context(), []manifest.Source{source}, nil, options)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Problems) > 0 {
		t.Fatalf("got the problems %v in\n%s", report.Problems, text)
	}
	return report
}

// offsetOf is where a place is in a text. Lines end with LF or CR LF.
func offsetOf(text string, place manifest.Place) int {
	offset := 0
	for range place.Line - 1 {
		offset += strings.IndexByte(text[offset:], '\n') + 1
	}
	for range place.Column - 1 {
		offset += len(string([]rune(text[offset:])[:1]))
	}
	return offset
}

// flinkConfigMap is a ConfigMap with a flink-conf.yaml in which one line is wrong, and one is missing.
func flinkConfigMap(data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-config, namespace: team}\ndata:\n  " + data
}

func jobManagerWith(container string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager, namespace: team}
spec:
  template:
    metadata: {labels: {app: flink}}
    spec:
      containers:
      - name: main
        image: registry.example.com/flink:1.20
` + container
}

const flinkDeployment = `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  flinkVersion: v1_20
  serviceAccount: flink
`

// TestPlacesOfFindings marks the place of each finding with ‸.
func TestPlacesOfFindings(t *testing.T) {
	for sentence, tc := range map[string]struct {
		rule, text  string
		wantMissing bool
	}{
		"a value in a block": {"high-availability-type-invalid", flinkConfigMap(`flink-conf.yaml: |
    # é
    high-availability.type: ‸"kubernetes"
    high-availability.storageDir: s3://b/ha
`), false},
		"a value in quotes": {"high-availability-type-invalid", flinkConfigMap(
			`flink-conf.yaml: "high-availability.type: ‸kubernets\nhigh-availability.storageDir: s3://b/ha"`), false},
		"a missing option goes beside the one that is most like it": {"storage-dir-missing", flinkConfigMap(`flink-conf.yaml: |2-
      # the next line is deeper than the block
     jobmanager.rpc.address: x
     ‸high-availability.type: kubernetes
     kubernetes.cluster-id: x
`), true},
		"in nested YAML beside the section": {"storage-dir-missing", flinkConfigMap(`config.yaml: |
    jobmanager: {rpc.address: x}
    ‸high-availability:
      type: kubernetes
    kubernetes.cluster-id: x
`), true},
		"in a file with nothing like it": {"high-availability-off", flinkConfigMap(`flink-conf.yaml: |
    # comment
    taskmanager.numberOfTaskSlots: 2
    ‸jobmanager.rpc.address: x
    # more
`), true},
		"in folded text": {"storage-dir-missing", flinkConfigMap(`config.yaml: >

    jobmanager.rpc.address: x

    ‸high-availability.type: kubernetes

    kubernetes.cluster-id: x
`), true},
		"in JSON": {"storage-dir-missing", `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"},
  "data": {"flink-conf.yaml": "# \ud83d\ude00\n‸high-availability.type: kubernetes\nkubernetes.cluster-id: x"}}`, true},
		"a misspelt key": {"storage-dir-missing", flinkConfigMap(`config.yaml: |
    high-availability:
      type: kubernetes
      ‸storage-dir: s3://b/ha
    kubernetes.cluster-id: x
`), false},
		"a line that is ignored": {"storage-dir-missing", flinkConfigMap(`flink-conf.yaml: |
    high-availability.type: kubernetes
    ‸high-availability.storageDir:s3://b/ha
    kubernetes.cluster-id: x
`), false},
		"an argument": {"high-availability-type-invalid", jobManagerWith(
			`        args: ["jobmanager", "-D", "high-availability.type=‸k8s"]
`), false},
		"an argument in one word": {"high-availability-type-invalid", jobManagerWith(
			`        args:
        - taskmanager
        - -Dhigh-availability.type=‸k8s
`), false},
		"an argument among those of a shell": {"high-availability-type-invalid", jobManagerWith(`        command:
        - bash
        - -c
        - |
          echo hello
          exec /docker-entrypoint.sh taskmanager -Dhigh-availability.type=‸k8s
`), false},
		"a variable": {"high-availability-type-invalid", strings.Replace(jobManagerWith(`        args: [jobmanager]
        env:
        - name: FLINK_PROPERTIES
          value: |
            jobmanager.rpc.address: x
            high-availability.type:   ‸k8s
`), "registry.example.com/", "", 1), false},
		"an option of a custom resource": {"storage-dir-invalid", flinkDeployment + `  flinkConfiguration:
    high-availability: {type: kubernetes, storageDir: ‸'<bucket>'}
  jobManager: {resource: {memory: 2048m, cpu: 1}}
`, false},
		"a key of a custom resource": {"custom-resource-forbidden-key", flinkDeployment + `  flinkConfiguration:
    ‸kubernetes.cluster-id: orders
    high-availability.type: kubernetes
`, false},
		"an option that a custom resource lacks": {"high-availability-key-overlap", strings.Replace(flinkDeployment, "v1_20", "v2_0", 1) + `  flinkConfiguration:
    ‸high-availability: kubernetes
    high-availability.storageDir: s3://b/ha
`, false},
		"an account that is missing": {"service-account-default", strings.Replace(jobManagerWith(`        args: [jobmanager, -D, high-availability.type=kubernetes]
`), "containers", "‸containers", 1), true},
		"an annotation": {"exemption-invalid", `apiVersion: v1
kind: ConfigMap
metadata:
  name: c
  annotations:
    ‸exempt.flink-ha.dev/storage-dir: 2030-01-31 tests
data: {flink-conf.yaml: "high-availability.type: kubernetes"}
`, false},
		"a label": {"namespace-label-invalid", `{apiVersion: v1, kind: Namespace, metadata: {name: x, labels: {flink-ha.dev/enforce: ‸Strict}}}`, false},
		"a limit that is not written": {"jobmanager-job-gives-up", strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job", "  template", "  ‸template").
			Replace(jobManagerWith("        args: [standalone-job, -D, high-availability.type=kubernetes]\n")), true},
		"a file that is mounted under a name": {"configuration-file-unread", strings.Replace(jobManagerWith(`        args: [taskmanager]
        volumeMounts: [{name: c, mountPath: /opt/flink/conf}]
      volumes:
      - name: c
        configMap: {name: flink-config, items: [{key: flink-conf.yaml, path: ‸flink-conf.yaml}]}
`), "1.20", "2.0.0", 1), false},
		"a file that is mounted by its key": {"configuration-file-unread", strings.Replace(jobManagerWith(`        args: [taskmanager]
        volumeMounts: [{name: c, mountPath: /opt/flink/conf}]
      volumes:
      - name: c
        configMap: {name: flink-config}
---
`), "1.20", "2.0.0", 1) + flinkConfigMap("‸flink-conf.yaml: 'rest.port: 1'\n"), false},
		"a file that is mounted by itself": {"configuration-file-unread", strings.Replace(jobManagerWith(`        args: [taskmanager]
        volumeMounts: [{name: c, mountPath: ‸/opt/flink/conf/flink-conf.yaml, subPath: x}]
      volumes: [{name: c, configMap: {name: flink-config, items: [{key: flink-conf.yaml, path: x}]}}]
`), "1.20", "2.0.0", 1), false},
		"what a workload reads": {"storage-dir-on-pod-disk", strings.ReplaceAll(jobManagerWith(`        args: [jobmanager]
        volumeMounts: [{name: c, mountPath: /opt/flink/conf}]
      volumes:
      - {name: c, configMap: {name: flink-config}}
---
`), "\n", "\r\n") + flinkConfigMap(`config.yaml: |
    high-availability: {type: kubernetes, storageDir: ‸/tmp/ha}
`), false},
		"a variable that belongs to a container": {"storage-plugin-missing", strings.Replace(jobManagerWith(`        args: [taskmanager, -D, high-availability.type=kubernetes, -D, "high-availability.storageDir=s3://b/ha"]
        env:
        ‸- {name: A, value: b}
`), "registry.example.com/flink:1.20", "flink:1.20.1", 1), false},
		"words that a container has none of": {"storage-plugin-missing", strings.Replace(strings.Replace(jobManagerWith(`        args: [taskmanager, -D, high-availability.type=kubernetes, -D, "high-availability.storageDir=s3://b/ha"]
`), "registry.example.com/flink:1.20", "flink:1.20.1", 1), "- name", "- ‸name", 1), true},
		"a property with a colon": {"arguments-refused", jobManagerWith(
			`        args: [taskmanager, -D, ‸"high-availability.type: kubernetes"]
`), false},
		"a property behind the words of a session": {"high-availability-off", strings.Replace(jobManagerWith(`        args: [jobmanager, $(POD_IP)‸]
        env: [{name: FLINK_PROPERTIES, value: ""}, {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
`), "registry.example.com/flink:1.20", "flink:1.20.1", 1), true},
	} {
		t.Run(sentence, func(t *testing.T) {
			text := strings.Replace(tc.text, "‸", "", 1)
			for _, object := range checked(t, "", text).Objects {
				for _, finding := range object.Findings {
					if finding.Rule != tc.rule {
						continue
					}
					at := offsetOf(text, finding.Place)
					if got := text[:at] + "‸" + text[at:]; got != tc.text || finding.Missing != tc.wantMissing {
						t.Errorf("got %s, missing %t:\n%s\nwant missing %t:\n%s", finding.Place, finding.Missing, got, tc.wantMissing, tc.text)
					}
					return
				}
			}
			t.Errorf("there is no finding of %s in\n%s", tc.rule, text)
		})
	}
}
