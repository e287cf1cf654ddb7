package validation

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestStorageDirOnPodDisk(t *testing.T) {
	const (
		says = `; it is lost with the pod; needs storage that outlives the pod; fix: `
		args = `jobmanager, -D, high-availability.type=kubernetes, -D, "high-availability.storageDir=file:///data/ha"`
		at   = `spec.template.spec.containers[0].args[4]: high-availability.storageDir is "file:///data/ha" (`
		line = `"-D", "high-availability.storageDir=s3://<bucket>/<path>", or mount a shared volume there`
		tail = `)` + says + line
		rest = `; needs storage that outlives the pod; fix: ` + line

		mount    = `volumeMounts: [{name: d, mountPath: /data}]`
		empty    = `pod.volumes: [{name: d, emptyDir: {}}]`
		host     = `pod.volumes: [{name: d, hostPath: {path: /x}}]`
		claim    = `pod.volumes: [{name: d, persistentVolumeClaim: {claimName: c}}]`
		official = `image: "flink:1.20"`
	)
	of := func(kind string, fields ...string) Subject {
		return manifest(t, flinkWorkload(kind, args, append(fields, official)...))
	}
	custom := func(podTemplate, more string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\n" +
			"spec: {flinkVersion: v1_20, podTemplate: " + podTemplate + ", flinkConfiguration: {high-availability.type: kubernetes, \"high-availability.storageDir\": \"file:///data/ha\"" + more + "}}"
	}
	main := func(volume string) string {
		return "{spec: {containers: [{name: flink-main-container, volumeMounts: [{name: d, mountPath: /data}]}], volumes: [{name: d, " + volume + "}]}}"
	}
	testRule(t, "storage-dir-on-pod-disk", map[string]ruleCase{
		"no volume":          {subject: of("Deployment"), want: []string{at + "no volume is mounted there" + tail}},
		"a volume elsewhere": {subject: of("Deployment", claim, `volumeMounts: [{name: d, mountPath: /database}]`), want: []string{at + "no volume is mounted there" + tail}},
		"an emptyDir":        {subject: of("Deployment", empty, mount), want: []string{at + `the volume "d" goes with the pod` + tail}},
		"an emptyDir below a claim": {
			subject: of("Deployment", `pod.volumes: [{name: d, persistentVolumeClaim: {claimName: c}}, {name: e, emptyDir: {}}]`,
				`volumeMounts: [{name: d, mountPath: /data}, {name: e, mountPath: /data/ha}]`),
			want: []string{at + `the volume "e" goes with the pod` + tail},
		},
		"an emptyDir for just this cluster": {
			subject: of("Deployment", `pod.volumes: [{name: d, persistentVolumeClaim: {claimName: c}}, {name: e, emptyDir: {}}]`,
				`volumeMounts: [{name: d, mountPath: /data}, {name: e, mountPath: /data/ha/default}]`),
			want: []string{at + `the volume "e" goes with the pod` + tail},
		},
		"an emptyDir into which a sidecar mounts": {
			subject: of("Deployment", empty, `volumeMounts: [{name: d, mountPath: /data, mountPropagation: HostToContainer}]`),
		},
		"a container that mounts by itself": {subject: of("Deployment", `securityContext: {privileged: true}`)},
		"one that may mount":                {subject: of("Deployment", `securityContext: {capabilities: {add: [SYS_ADMIN]}}`)},
		"one that may not":                  {subject: of("Deployment", `securityContext: {privileged: false}`), want: []string{at + "no volume is mounted there" + tail}},
		"a custom resource with a variable, which an init container may replace": {
			subject: manifest(t, strings.Replace(custom(`{spec: {initContainers: [{name: i, image: i}]}}`, ""), "file:///data/ha", "${DIR}", 1)),
		},
		"a node's directory":                     {subject: of("Deployment", host, mount), want: []string{at + `the volume "d" is a directory of the node); a JobManager on another node does not find it` + rest}},
		"a claim of each pod of a StatefulSet":   {subject: of("StatefulSet", "spec.replicas: 2", mount), want: []string{at + `each pod has a claim "d" of its own); a JobManager does not find what another one wrote` + rest}},
		"the claim of a StatefulSet's one pod":   {subject: of("StatefulSet", mount)},
		"a claim":                                {subject: of("Deployment", claim, mount)},
		"a claim at the root":                    {subject: of("Deployment", claim, `volumeMounts: [{name: d, mountPath: /}]`)},
		"a mount at the cluster's own directory": {subject: of("Deployment", claim, `volumeMounts: [{name: d, mountPath: /data/ha/default}]`)},
		"a TaskManager":                          {subject: manifest(t, flinkWorkload("Deployment", `taskmanager, -Dhigh-availability.type=kubernetes, "-Dhigh-availability.storageDir=file:///data/ha"`))},
		"an object store":                        {subject: manifest(t, flinkWorkload("Deployment", `jobmanager, -D, high-availability.type=kubernetes, -D, "high-availability.storageDir=s3://b/ha"`))},
		"another default scheme":                 {subject: manifest(t, flinkWorkload("Deployment", `jobmanager, -D, high-availability.type=kubernetes, -D, high-availability.storageDir=/data/ha, -D, "fs.default-scheme=hdfs://nn/"`))},
		"a custom resource with an emptyDir": {
			subject: manifest(t, custom(main("emptyDir: {}"), "")),
			want: []string{`spec.flinkConfiguration["high-availability.storageDir"] is "file:///data/ha" (the volume "d" goes with the pod)` + says +
				`high-availability.storageDir: s3://<bucket>/<path>, or mount a shared volume there`},
		},
		"a custom resource with a claim":       {subject: manifest(t, custom(main("persistentVolumeClaim: {claimName: c}"), ""))},
		"a custom resource that mounts claims": {subject: manifest(t, custom("{}", ", kubernetes.persistent-volume-claims: \"c:/data\""))},
		"a ConfigMap by itself":                {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: /data/ha")},
		"a ConfigMap whose JobManager mounts a claim": {
			subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: /data/ha"), readBy(t, flinkWorkload("Deployment", "jobmanager", claim, mount))),
		},
		"a ConfigMap whose JobManager mounts an emptyDir": {
			subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: /data/ha"), readBy(t, flinkWorkload("Deployment", "jobmanager", empty, mount))),
			want: []string{`data["flink-conf.yaml"]:2:31: high-availability.storageDir is "/data/ha" (the volume "d" goes with the pod)` + says +
				`high-availability.storageDir: s3://<bucket>/<path>, or mount a shared volume there`},
		},
	})
	levels := map[string]struct {
		subject Subject
		want    policy.Level
	}{
		"an emptyDir":        {of("Deployment", empty, mount), policy.LevelBaseline},
		"a node's directory": {of("Deployment", host, mount), policy.LevelStrict},
		"a custom resource whose defaults may add a volume": {manifest(t, custom("{}", "")), policy.LevelStrict},
	}
	for name, tc := range levels {
		for _, finding := range mustEvaluator(t).Evaluate(tc.subject) {
			if finding.Rule == "storage-dir-on-pod-disk" && finding.Level != tc.want {
				t.Errorf("%s: got the level %s, want %s", name, finding.Level, tc.want)
			}
		}
	}
}

func TestStorageDirLocalLeavesVolumesToTheOther(t *testing.T) {
	for _, finding := range mustEvaluator(t).Evaluate(manifest(t, flinkWorkload("Deployment", `jobmanager, -D, high-availability.type=kubernetes, -D, high-availability.storageDir=/data`))) {
		if finding.Rule == "storage-dir-local" {
			t.Errorf("got %s beside storage-dir-on-pod-disk", finding.Message())
		}
	}
}
