package evidence

import (
	_ "embed"
	"os"
	"path/filepath"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

//go:embed Stores.java
var stores []byte

// jobStores asks Flink's own classes where a JobManager keeps its jobs and the pointers to their checkpoints.
func jobStores(t *testing.T) []trial {
	t.Helper()
	source := filepath.Join(t.TempDir(), "Stores.java")
	if err := os.WriteFile(source, stores, 0o600); err != nil {
		t.Fatal(err)
	}
	// Java compiles a program that is named by its source file; it has no class then.
	ask := func(text string) start {
		return start{program: flink.Program{Class: source, Common: []string{"{conf}", "{kubeconfig}", "{namespace}"}}, text: text}
	}
	kept := func(jobs, checkpoints string) outcome {
		return outcome{exit: 0, says: literally([]string{"jobs: " + jobs + "\n", "checkpoints: " + checkpoints + "\n"})}
	}
	inMemory := kept("StandaloneJobGraphStore", "StandaloneCheckpointRecoveryFactory")
	inKubernetes := kept("DefaultJobGraphStore", "KubernetesCheckpointRecoveryFactory")
	rest := storageDir + clusterID
	const rule = "high-availability-off"
	return []trial{
		{
			rule: rule, release: flink.Release116, what: "stores",
			wrong: ask(kubernetesMode + rest), fails: inMemory,
			right: ask("high-availability: kubernetes\n" + rest), works: inKubernetes,
		},
		{
			rule: rule, release: flink.Release118, what: "stores",
			wrong: ask(rest), fails: inMemory,
			right: ask(kubernetesMode + rest), works: inKubernetes,
		},
		{
			rule: rule, release: flink.Release23, what: "stores",
			wrong: ask(rest), fails: kept("StandaloneExecutionPlanStore", "StandaloneCheckpointRecoveryFactory"),
			right: ask(kubernetesMode + rest), works: kept("DefaultExecutionPlanStore", "KubernetesCheckpointRecoveryFactory"),
		},
	}
}
