package flink

import (
	"strings"
	"testing"
)

func TestStorageProblem(t *testing.T) {
	cases := map[string]bool{ // value -> is a problem
		"s3://bucket/flink/ha":             false,
		"abfss://container@account/x":      false,
		"hdfs:///flink/ha":                 false,
		"file:///flink-data/ha":            false,
		"file:/flink-data/ha":              false,
		"/flink/ha":                        false,
		"relative/path:with-colon":         false,
		"file:///with blanks/100%/[x]?y#z": false,
		"s3:bucket/ha":                     true,
		"s3:":                              true,
		"s3://[bucket]/ha":                 true,
		"s3://[::1]:9000/ha":               false,
		"":                                 true,
		"${S3_PATH}":                       false,
		"file://flink-data/ha":             true,
		`"s3://bucket/ha"`:                 true,
		"'s3://bucket/ha'":                 true,
		"s3a://<<S3_Bucket>>/recovery":     true,
		"s3://<your-bucket>/ha":            true,
		"s 3://bucket/ha":                  true,
		"://bucket/ha":                     true,
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
		"its own scheme":            {"s3://b/x", "", "s3"},
		"a scheme has a case":       {"FILE:///x", "", "FILE"},
		"a drive is no scheme":      {"s:/x", "", "file"},
		"no scheme and no default":  {"/flink/ha", "", "file"},
		"no scheme with a default":  {"/flink/ha", "fs.default-scheme: hdfs://nn:8020", "hdfs"},
		"a default without a colon": {"/flink/ha", "fs.default-scheme: hdfs", ""}, // not the local disk: Flink exits
		"a default with a variable": {"/flink/ha", "fs.default-scheme: ${FS}", ""},
		"a path that is refused":    {"s3:bucket", "", ""},
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

		"https://account/x?sig=secret": "https://account/x?***",
		"oss://bucket/x;key=secret y":  "oss://bucket/x;*** y",
		"a?b":                          "a?b",
	}
	for value, want := range cases {
		if got := RedactURI(value); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

// TestResolveStorage holds effective directories against what Flink 1.12 to 2.3 logged for them.
func TestResolveStorage(t *testing.T) {
	cases := map[string]struct {
		dir, id string
		want    string // the path
		problem string // part of the reason why it is refused
		unknown string
		doubt   bool
	}{
		"the default id":                          {dir: "s3://bucket/flink/ha", want: "s3://bucket/flink/ha/default"},
		"an id":                                   {dir: "s3://bucket/flink/ha/", id: "demo", want: "s3://bucket/flink/ha/demo"},
		"an id with slashes":                      {dir: "/flink", id: "/a//b/", want: "/flink/a/b"},
		"a bucket alone":                          {dir: "s3://bucket", id: "demo", want: "s3://bucket/demo", doubt: true},
		"a bucket with a slash":                   {dir: "s3://bucket/", id: "demo", want: "s3://bucket/demo"},
		"slashes and dots are put in order":       {dir: "s3://bucket//a/./b/../c\\d", id: "demo", want: "s3://bucket/a/c/d/demo"},
		"three slashes and one are the same":      {dir: "hdfs:///flink", id: "demo", want: "hdfs:/flink/demo"},
		"a relative directory":                    {dir: "flink", id: "demo", want: "flink/demo"},
		"blanks and signs are part of it":         {dir: "file:///my disk/100%?#", id: "demo", want: "file:/my disk/100%?#/demo"},
		"up and out of it":                        {dir: "s3://bucket/a", id: "../b", want: "s3://bucket/b"},
		"an id that is a URI":                     {dir: "s3://bucket/a", id: "s3://other/b", problem: "high-availability.cluster-id"},
		"a host alone, without a scheme":          {dir: "//host", id: "a]", want: "//hosta]"},
		"dots that uncover a colon":               {dir: "x/../a:b", id: "demo", want: "./a:b/demo"},
		"more dots than there are directories":    {dir: "/flink", id: "../..", want: "/.."},
		"user and password":                       {dir: "s3://u:p@bucket/a", id: "demo", want: "s3://u:p@bucket/a/demo"},
		"an address":                              {dir: "hdfs://[::1]:8020/a", id: "demo", want: "hdfs://[::1]:8020/a/demo"},
		"not an address":                          {dir: "hdfs://[namenode]/a", id: "demo", problem: "host"},
		"unset":                                   {problem: "not set"},
		"blank":                                   {dir: " \u2003 ", problem: "not set"},
		"a no-break space is a directory to Java": {dir: "\u00a0", id: "demo", want: "\u00a0/demo"},
		"no slash after the scheme":               {dir: "s3:bucket/a", problem: "no slash"},
		"nothing after the scheme":                {dir: "s3:", problem: "nothing"},
		"quotes before the scheme":                {dir: `"s3://bucket/a"`, problem: "scheme"},
		"an empty id":                             {dir: "s3://bucket/a", id: "/", problem: "high-availability.cluster-id"},
		"an id with a scheme of its own":          {dir: "s3://bucket/a", id: "team:demo", problem: "high-availability.cluster-id"},
		"a variable":                              {dir: "s3://${BUCKET}/a", unknown: "high-availability.storageDir"},
		"a variable in the id":                    {dir: "s3://bucket/a", id: "$(POD_NAMESPACE)", unknown: "high-availability.cluster-id"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var configuration Configuration
			for key, value := range map[string]string{KeyStorageDir: tc.dir, KeyHAClusterID: tc.id} {
				if value != "" {
					configuration.Settings = append(configuration.Settings, Setting{Key: key, Value: value})
				}
			}
			got := ResolveStorage(configuration, exact(1, 20))
			if got.Path != tc.want || (got.Doubt != "") != tc.doubt {
				t.Errorf("got %q, doubt %q, want %q", got.Path, got.Doubt, tc.want)
			}
			if (got.Problem == "") != (tc.problem == "") || !strings.Contains(got.Problem, tc.problem) {
				t.Errorf("problem: got %q, want %q", got.Problem, tc.problem)
			}
			if (got.Unknown == "") != (tc.unknown == "") || !strings.Contains(got.Unknown, tc.unknown) {
				t.Errorf("unknown: got %q, want %q", got.Unknown, tc.unknown)
			}
		})
	}
}

// TestPathsAreReadInLinearTime would take minutes if a long path were read in quadratic time.
func TestPathsAreReadInLinearTime(t *testing.T) {
	for _, part := range []string{"//", "../", "a/../", "\\", "./", ":", "a/", "[", "%"} {
		text := "s3://bucket/" + strings.Repeat(part, 1<<19)
		ResolveStorage(Configuration{Settings: []Setting{{Key: KeyStorageDir, Value: text}, {Key: KeyHAClusterID, Value: text}}}, Version{})
	}
}
