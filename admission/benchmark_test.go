package admission

import (
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// fortyLines is a configuration as a production cluster has it, with high availability done right: forty options.
func fortyLines() string {
	lines := []string{
		"jobmanager.rpc.address: flink-jobmanager", "jobmanager.rpc.port: 6123", "jobmanager.memory.process.size: 2048m",
		"taskmanager.memory.process.size: 4096m", "taskmanager.numberOfTaskSlots: 4", "parallelism.default: 8", "blob.server.port: 6124",
		"query.server.port: 6125", "rest.port: 8081", "high-availability.type: kubernetes", "high-availability.storageDir: s3://my-bucket/flink/ha",
		"high-availability.cluster-id: my-cluster", "kubernetes.cluster-id: my-cluster", "kubernetes.namespace: team",
		"state.backend.type: rocksdb", "state.backend.incremental: true", "execution.checkpointing.dir: s3://my-bucket/flink/checkpoints",
		"execution.checkpointing.savepoint-dir: s3://my-bucket/flink/savepoints", "execution.checkpointing.interval: 60s",
		"execution.checkpointing.mode: EXACTLY_ONCE", "execution.checkpointing.timeout: 10min", "restart-strategy.type: exponential-delay",
		"metrics.reporters: prom", "metrics.reporter.prom.port: 9249", "metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
	}
	for i := len(lines); i < 40; i++ {
		lines = append(lines, fmt.Sprintf("pipeline.global-job-parameters.p%d: value-%d", i, i))
	}
	return strings.Join(lines, "\n") + "\n"
}

func configMapOf(file string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-config}\ndata:\n  " + file + ": |\n    " + strings.ReplaceAll(strings.TrimSpace(fortyLines()), "\n", "\n    ") + "\n"
}

// BenchmarkVerdict takes the whole verdict on a ConfigMap of forty lines: decoding the object, reading the configuration, all rules,
// the policy. "decoded" leaves the decoding of the object out. The bare decoding of the same file by yaml.v3 is the yardstick.
func BenchmarkVerdict(b *testing.B) {
	image := map[string]string{"flink-conf.yaml": "flink:1.20.1", "config.yaml": "flink:2.0.0"}
	for _, file := range []string{"flink-conf.yaml", "config.yaml"} {
		object := configMapOf(file)
		around := map[string]surroundings{
			"alone":               {},
			"with a JobManager":   beside(b, withPlugin(reading("jm", image[file], `jobmanager, $(POD_IP)`))),
			"with both processes": beside(b, withPlugin(reading("jm", image[file], `jobmanager, $(POD_IP)`)), withPlugin(reading("tm", image[file], "taskmanager"))),
		}
		for name, around := range around {
			r := reviewer(b, around)
			b.Run(file+"/"+name, func(b *testing.B) {
				request := create(b, object)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := r.Validate(request); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(file+"/"+name+"/decoded", func(b *testing.B) {
				request := create(b, object)
				var configMap corev1.ConfigMap
				if err := json.Unmarshal(request.Object.Raw, &configMap); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					ruling := r.rule(request.Namespace, request.UserInfo)
					t, _ := r.configuration(&configMap, request.Namespace, ruling)
					r.judge(r.examine(t, nil, ruling), t.exemptions(), ruling, occasion{operation: request.Operation})
				}
			})
		}
	}
}

// withPlugin gives a process the file system of its storage directory, and the address of its pod.
func withPlugin(deployment string) string {
	return strings.Replace(deployment, ", volumeMounts:", `, env: [{name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.jar},`+
		` {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}], volumeMounts:`, 1)
}

func BenchmarkVerdictYardstick(b *testing.B) {
	text := []byte(fortyLines())
	b.ReportAllocs()
	for b.Loop() {
		var node yaml.Node
		if err := yaml.Unmarshal(text, &node); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerdictIrrelevant(b *testing.B) {
	objects := map[string]string{
		"ConfigMap":  "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, labels: {app: web}}, data: {nginx.conf: 'server {}', application.yaml: 'a: b'}}",
		"Deployment": "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, template: {spec: {containers: [{name: web, image: nginx, args: [serve]}]}}}}",
	}
	for name, object := range objects {
		b.Run(name, func(b *testing.B) {
			r := reviewer(b, beside(b, reading("jm", "flink:1.18.2", "jobmanager")))
			request := create(b, object)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Validate(request); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/decoded", func(b *testing.B) {
			r := reviewer(b, beside(b, reading("jm", "flink:1.18.2", "jobmanager")))
			request := create(b, object)
			var configMap corev1.ConfigMap
			var running workloadObject
			_ = json.Unmarshal(request.Object.Raw, &configMap)
			_ = json.Unmarshal(request.Object.Raw, &running)
			b.ReportAllocs()
			for b.Loop() {
				ruling := r.rule(request.Namespace, request.UserInfo)
				if name == "ConfigMap" {
					r.configuration(&configMap, request.Namespace, ruling)
					continue
				}
				workload.Recognize(&running.Spec.Template, "spec.template.spec")
			}
		})
	}
}
