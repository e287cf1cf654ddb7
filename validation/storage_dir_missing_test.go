package validation

import "testing"

func TestStorageDirMissing(t *testing.T) {
	const tail = `Flink does not start; needs a path that JobManagers and TaskManagers reach, on storage that outlives their pods; fix: high-availability.storageDir: s3://<bucket>/<path>`
	testRule(t, "storage-dir-missing", map[string]ruleCase{
		"Kubernetes": {
			subject: cluster("high-availability.type: kubernetes"),
			want:    []string{`data["flink-conf.yaml"]: high-availability.storageDir is not set; ` + tail},
		},
		"ZooKeeper": {
			subject: cluster("high-availability.type: zookeeper"),
			want:    []string{`data["flink-conf.yaml"]: high-availability.storageDir is not set; ` + tail},
		},
		"a misspelt key is named": {
			subject: cluster("high-availability.type: kubernetes", "high-availability.storage-dir: s3://b/ha"),
			want: []string{`data["flink-conf.yaml"]: high-availability.storageDir is not set ` +
				`(Flink does not know the key "high-availability.storage-dir" at data["flink-conf.yaml"]:2:32); ` + tail},
		},
		"blank in YAML": {
			subject: standard("high-availability.type: kubernetes", `high-availability.storageDir: " "`),
			want:    []string{`data["config.yaml"]:2:31: high-availability.storageDir is " "; ` + tail},
		},
		"the old key of ZooKeeper":    {subject: cluster("high-availability.type: zookeeper", "recovery.zookeeper.storageDir: s3://b/ha")},
		"a factory class is opaque":   {subject: cluster("high-availability.type: com.example.Factory")},
		"there may be more elsewhere": {subject: with(cluster("high-availability.type: kubernetes"), incomplete)},
		"no high availability":        {subject: with(cluster("a: b"), notRequired)},
	})
}
