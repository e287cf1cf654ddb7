package flink

import "testing"

func TestStorageProblem(t *testing.T) {
	cases := map[string]bool{ // value -> is a problem
		"s3://bucket/flink/ha":                        false,
		"abfss://container@account/x":                 false,
		"hdfs:///flink/ha":                            false,
		"file:///flink-data/ha":                       false,
		"file:/flink-data/ha":                         false,
		"/flink/ha":                                   false,
		"relative/path:with-colon":                    false,
		"${S3_PATH}":                                  false,
		"file://flink-data/ha":                        true,
		`"s3://bucket/ha"`:                            true,
		"'s3://bucket/ha'":                            true,
		"s3a://<<S3_Bucket>>/recovery":                true,
		"s3://<your-bucket>/ha":                       true,
		"s 3://bucket/ha":                             true,
		"://bucket/ha":                                true,
		"s3://bucket/a-path-with-<one-sided brackets": false,
	}
	for value, want := range cases {
		if got := StorageProblem(value); (got != "") != want {
			t.Errorf("%q: got %q, want a problem: %t", value, got, want)
		}
	}
}

func TestStorageScheme(t *testing.T) {
	cases := map[string]struct{ value, defaults, want string }{
		"its own scheme":            {"S3://b/x", "", "s3"},
		"no scheme and no default":  {"/flink/ha", "", "file"},
		"no scheme with a default":  {"/flink/ha", "fs.default-scheme: hdfs://nn:8020", "hdfs"},
		"a default without a colon": {"/flink/ha", "fs.default-scheme: hdfs", "file"},
	}
	for name, tc := range cases {
		if got := StorageScheme(LoadLegacy(tc.defaults, "f"), tc.value); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}

func TestRedactURI(t *testing.T) {
	cases := map[string]string{
		"s3://key:secret@bucket/x":    "s3://***@bucket/x",
		"abfss://container@account/x": "abfss://container@account/x",
		"s3://key:se/cr@et@bucket/x":  "s3://***@bucket/x",
		"s3://bucket/a@b":             "s3://bucket/a@b",
	}
	for value, want := range cases {
		if got := RedactURI(value); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}
