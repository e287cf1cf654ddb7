package validation

import (
	"strings"
	"testing"
)

// mountedVolume is a JobManager with one more volume.
func mountedVolume(mountPath, volume string) string {
	text := strings.Replace(jobManagerExample("orders", "orders", "orders"), "          env:\n",
		"          volumeMounts: [{name: data, mountPath: "+mountPath+"}]\n          env:\n", 1)
	return text + "      volumes: [{name: data, " + volume + "}]\n"
}

// resourceOnVolume is a FlinkDeployment that keeps its checkpoints on a volume of its pod template.
func resourceOnVolume(volume string) string {
	return `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: team}
spec:
  flinkVersion: v1_20
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    execution.checkpointing.dir: file:///data/checkpoints
  podTemplate:
    spec:
      containers: [{name: flink-main-container, volumeMounts: [{name: data, mountPath: /data}]}]
      volumes: [{name: data, ` + volume + `}]
`
}

const aClaim, anEmptyDir = "persistentVolumeClaim: {claimName: data}", "emptyDir: {}"

func TestCheckpointDirMissing(t *testing.T) {
	const (
		memory = "; checkpoints live in the JobManager's memory, at most 5 MiB a state; fix: "
		local  = "; checkpoints are lost with the pod; needs storage that all processes reach and that outlives them; fix: "
	)
	with1 := func(lines ...string) Subject {
		return cluster(append([]string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha"}, lines...)...)
	}
	onVolume := func(mountPath, volume string) Subject {
		return manifest(t, strings.Replace(mountedVolume(mountPath, volume), "execution.checkpointing.dir=s3://my-bucket/checkpoints",
			"execution.checkpointing.dir=file:///data/checkpoints", 1))
	}
	onPod := []string{`spec.template.spec.containers[0].args[13]: execution.checkpointing.dir is "file:///data/checkpoints"` + local + `"-D", "execution.checkpointing.dir=s3://<bucket>/<path>"`}
	testRule(t, "checkpoint-dir-missing", map[string]ruleCase{
		"unset":         {subject: with1(), want: []string{`data["flink-conf.yaml"]: state.checkpoints.dir is not set` + memory + "state.checkpoints.dir: s3://<bucket>/<path>"}},
		"unset in 1.20": {subject: with(with1(), version(1, 20)), want: []string{`data["flink-conf.yaml"]: execution.checkpointing.dir is not set` + memory + "execution.checkpointing.dir: s3://<bucket>/<path>"}},
		"the newer key in 1.18": {
			subject: with(with1("execution.checkpointing.dir: s3://b/c"), version(1, 18)),
			want:    []string{`data["flink-conf.yaml"]: state.checkpoints.dir is not set` + memory + "state.checkpoints.dir: s3://<bucket>/<path>"},
		},
		"ZooKeeper": {
			subject: cluster("high-availability.type: zookeeper"),
			want:    []string{`data["flink-conf.yaml"]: state.checkpoints.dir is not set` + memory + "state.checkpoints.dir: s3://<bucket>/<path>"},
		},
		"local, as far as the configuration shows": {
			subject: with1("state.checkpoints.dir: /data/checkpoints"),
			want: []string{`data["flink-conf.yaml"]:3:24: state.checkpoints.dir is "/data/checkpoints"` + strings.Replace(local, "the pod;", "the pod, unless a shared volume is mounted there;", 1) +
				"state.checkpoints.dir: s3://<bucket>/<path>"},
		},
		"blank in YAML, under the older key": {
			subject: standard("high-availability.type: kubernetes", `state.checkpoints.dir: ""`),
			want:    []string{`data["config.yaml"]:2:24: state.checkpoints.dir is ""` + memory + "state.checkpoints.dir: s3://<bucket>/<path>"},
		},
		"blank in YAML, under the newer key": {
			subject: standard("high-availability.type: kubernetes", `execution.checkpointing.dir: ""`),
			want:    []string{`data["config.yaml"]:2:30: execution.checkpointing.dir is ""` + memory + "execution.checkpointing.dir: s3://<bucket>/<path>"},
		},
		"one that Flink refuses":       {subject: with1("state.checkpoints.dir: file://data/checkpoints")},
		"local, without a volume":      {subject: onVolume("/other", aClaim), want: onPod},
		"local, on an emptyDir":        {subject: onVolume("/data", anEmptyDir), want: onPod},
		"local, beside a volume":       {subject: onVolume("/data/checkpoint", aClaim), want: onPod},
		"local, on a claim":            {subject: onVolume("/data", aClaim)},
		"local, on a claim of its own": {subject: onVolume("/data/checkpoints/", aClaim)},
		"local, on the claim of a custom resource": {
			subject: manifest(t, resourceOnVolume(aClaim)),
		},
		"local, on the emptyDir of a custom resource": {
			subject: manifest(t, resourceOnVolume(anEmptyDir)),
			want:    []string{`spec.flinkConfiguration["execution.checkpointing.dir"] is "file:///data/checkpoints"` + local + "execution.checkpointing.dir: s3://<bucket>/<path>"},
		},
		"set":                        {subject: with1("state.checkpoints.dir: s3://b/c")},
		"on the default file system": {subject: with1("state.checkpoints.dir: /c", "fs.default-scheme: s3://b")},
		"batch":                      {subject: with1("execution.runtime-mode: BATCH")},
		"a file that does not load":  {subject: with(with1(), refused)},
		"a TaskManager":              {subject: with(with1(), taskManager)},
		"it may be set elsewhere":    {subject: with(with1(), incomplete)},
		"no high availability":       {subject: with(cluster("a: b"), notRequired)},
	})
}
