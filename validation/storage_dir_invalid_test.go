package validation

import "testing"

func TestStorageDirInvalid(t *testing.T) {
	testRule(t, "storage-dir-invalid", map[string]ruleCase{
		"two slashes after file:": {
			subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: file://flink/ha"),
			want: []string{`data["flink-conf.yaml"]:2:31: high-availability.storageDir is "file://flink/ha" (a file URI takes three slashes; with two, its first folder is taken for a host); ` +
				`Flink does not start; needs a URI that Flink can resolve; fix: high-availability.storageDir: s3://<bucket>/<path>`},
		},
		"secrets are not shown": {
			subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://user:hunter2@<bucket>/ha"),
			want: []string{`data["flink-conf.yaml"]:2:31: high-availability.storageDir is "s3://***@<bucket>/ha" (it still holds a placeholder); ` +
				`Flink does not start; needs a URI that Flink can resolve; fix: high-availability.storageDir: s3://<bucket>/<path>`},
		},
		"a placeholder behind the bucket, where it is possible": {
			subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/<path>"),
			want: []string{`data["flink-conf.yaml"]:2:31: high-availability.storageDir is "s3://b/<path>" (it still holds a placeholder); ` +
				`Flink takes it literally; needs a URI that Flink can resolve; fix: high-availability.storageDir: s3://<bucket>/<path>`},
		},
		"a value that something replaces": {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: file://${DIR}")},
		"a value that is not known": {
			subject: with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: file://flink/ha"), unknownLast),
		},
		"a good path":              {subject: cluster("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha")},
		"high availability is off": {subject: cluster("high-availability.storageDir: file://flink/ha")},
	})
}
