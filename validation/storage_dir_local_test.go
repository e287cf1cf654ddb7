package validation

import "testing"

func TestStorageDirLocal(t *testing.T) {
	const tail = `it is lost with the pod, unless a shared volume is mounted there; needs storage that outlives the pod; fix: high-availability.storageDir: s3://<bucket>/<path>`
	testRule(t, "storage-dir-local", map[string]ruleCase{
		"no scheme": {
			subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: /flink/ha"),
			want:    []string{`data["flink-conf.yaml"]:2:31: high-availability.storageDir is "/flink/ha"; ` + tail},
		},
		"the scheme file": {
			subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: file:///flink/ha"),
			want:    []string{`data["flink-conf.yaml"]:2:31: high-availability.storageDir is "file:///flink/ha"; ` + tail},
		},
		"no scheme with a default": {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: /flink/ha", "fs.default-scheme: hdfs://nn/")},
		"something may replace it": {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: ${DIR}")},
		"its value is not known":   {subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: /flink/ha"), unknownLast)},
		"no high availability":     {subject: with(cluster("high-availability.storageDir: /flink/ha"), notRequired)},
		"a default that is not known": {
			subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: /flink/ha", "fs.default-scheme: hdfs://nn/"), unknownLast),
		},
		"an object store": {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha")},
		"an invalid path": {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: file://flink/ha")},
	})
}
