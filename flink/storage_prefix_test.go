package flink

import "testing"

func TestStorageBelow(t *testing.T) {
	plain := Configuration{}
	cases := map[string]struct {
		configuration Configuration
		path, prefix  string
		below, known  bool
	}{
		"below":                       {plain, "s3://b/team/ha", "s3://b/team/", true, true},
		"the prefix itself":           {plain, "s3://b/team", "s3://b/team/", true, true},
		"a bucket":                    {plain, "s3://b/x", "s3://b", true, true},
		"a longer name":               {plain, "s3://b/teams/ha", "s3://b/team", false, true},
		"a shorter name":              {plain, "s3://b", "s3://b/team", false, true},
		"another bucket":              {plain, "s3://c/team/ha", "s3://b/team", false, true},
		"another scheme":              {plain, "s3a://b/team/ha", "s3://b/team", false, true},
		"dots that lead out":          {plain, "s3://b/team/../other", "s3://b/team", false, true},
		"dots that stay in":           {plain, "s3://b/team/x/../ha", "s3://b/team", true, true},
		"dots above the root":         {plain, "s3://b/../team/ha", "s3://b", false, true},
		"slashes that Flink drops":    {plain, "s3://b//team//ha", "s3://b/team", true, true},
		"local without a scheme":      {plain, "/data/ha", "file:///data", true, true},
		"local with one slash":        {plain, "file:/data/ha", "/data", true, true},
		"relative":                    {plain, "data/ha", "file:///team", false, true},
		"on the default file system":  {LoadLegacy("fs.default-scheme: s3://b", "f"), "/team/ha", "s3://b/team", true, true},
		"with a slash":                {LoadLegacy("fs.default-scheme: hdfs://nn:9000/", "f"), "/team/ha", "hdfs://nn:9000/team", true, true},
		"on another file system":      {LoadLegacy("fs.default-scheme: s3://c", "f"), "/team/ha", "s3://b/team", false, true},
		"on one that is not known":    {LoadLegacy("fs.default-scheme: ${DEFAULT}", "f"), "/team/ha", "s3://b/team", false, false},
		"a path that Flink refuses":   {plain, "s3:", "s3://b/team", false, false},
		"a prefix that Flink refuses": {plain, "s3://b/team", "s3:", false, true},
	}
	for name, tc := range cases {
		if below, known := StorageBelow(tc.configuration, tc.path, tc.prefix); below != tc.below || known != tc.known {
			t.Errorf("%s: got %t, %t", name, below, known)
		}
	}
}
