package flink_test

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// legacyFile and standardFile are of the size that people have: 40 lines, the same options in both.
const legacyFile = `# JobManager
jobmanager.rpc.address: flink-jobmanager
jobmanager.rpc.port: 6123
jobmanager.memory.process.size: 1600m
jobmanager.execution.failover-strategy: region
jobmanager.archive.fs.dir: s3://flink/archive
blob.server.port: 6124
query.server.port: 6125

# TaskManagers
taskmanager.memory.process.size: 1728m
taskmanager.numberOfTaskSlots: 4
taskmanager.network.memory.fraction: 0.1
parallelism.default: 2

# State
state.backend.type: rocksdb
state.backend.incremental: true
state.checkpoints.dir: s3://flink/checkpoints
state.savepoints.dir: s3://flink/savepoints
execution.checkpointing.interval: 60s
execution.checkpointing.mode: EXACTLY_ONCE
execution.checkpointing.timeout: 10min
execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION

# High availability
high-availability.type: kubernetes
high-availability.storageDir: s3://flink/ha
high-availability.cluster-id: orders
kubernetes.cluster-id: orders
kubernetes.namespace: streaming

# Restarts and metrics
restart-strategy.type: exponential-delay
restart-strategy.exponential-delay.initial-backoff: 1s
restart-strategy.exponential-delay.max-backoff: 2min
restart-strategy.exponential-delay.backoff-multiplier: 2.0
metrics.reporters: prom
metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
metrics.reporter.prom.port: 9249
rest.flamegraph.enabled: true
classloader.resolve-order: parent-first
`

const standardFile = `# JobManager
jobmanager:
  rpc:
    address: flink-jobmanager
    port: 6123
  memory.process.size: 1600m
  execution.failover-strategy: region
blob.server.port: 6124

# TaskManagers
taskmanager:
  memory.process.size: 1728m
  numberOfTaskSlots: 4
  network.memory.fraction: 0.1
parallelism.default: 2

# State
state:
  backend.type: rocksdb
  checkpoints.dir: s3://flink/checkpoints
  savepoints.dir: s3://flink/savepoints
execution.checkpointing:
  interval: 60s
  mode: EXACTLY_ONCE
  timeout: 10min

# High availability
high-availability:
  type: kubernetes
  storageDir: "s3://flink/ha"
  cluster-id: orders
kubernetes.cluster-id: orders
kubernetes.namespace: streaming

# Restarts and metrics
restart-strategy:
  type: exponential-delay
  exponential-delay: {initial-backoff: 1s, max-backoff: 2min}
metrics.reporters: [prom, jmx]
rest.flamegraph.enabled: true
classloader.resolve-order: parent-first
`

func BenchmarkLegacy(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if configuration := flink.LoadLegacy(legacyFile, "f"); len(configuration.Settings) != 33 {
				b.Fatal(len(configuration.Settings))
			}
		}
	})
	b.Run("yaml.v3 into a map", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var options map[string]any
			if err := yaml.Unmarshal([]byte(legacyFile), &options); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkStandard(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if configuration := flink.LoadStandard(standardFile, "f"); len(configuration.Settings) != 26 {
				b.Fatal(len(configuration.Settings), configuration.Err)
			}
		}
	})
	b.Run("yaml.v3 into a node", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var document yaml.Node
			if err := yaml.Unmarshal([]byte(standardFile), &document); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestBenchmarkFilesHaveFortyLines(t *testing.T) {
	for name, text := range map[string]string{"legacy": legacyFile, "standard": standardFile} {
		if lines := strings.Count(text, "\n"); lines < 38 || lines > 42 {
			t.Errorf("the %s file has %d lines, want about 40", name, lines)
		}
	}
}
