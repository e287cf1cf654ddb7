package flink

import (
	"strings"
	"testing"
)

func TestZooKeeperPath(t *testing.T) {
	cases := []struct{ root, id, want string }{
		{"/flink", "/default", "/flink/default"},
		{"flink/", "demo", "/flink/demo"},
		{"/", "demo", "/demo"},
		{"", "", "/"},
		{"/a//b/", "//c//", "/a//b/c"},
	}
	for _, tc := range cases {
		if got := ZooKeeperPath(tc.root, tc.id); got != tc.want {
			t.Errorf("%q, %q: got %q, want %q", tc.root, tc.id, got, tc.want)
		}
	}
}

func TestApplicationJobID(t *testing.T) {
	cases := map[string]struct {
		id      string
		version Version
		want    string // "" for unknown
	}{
		"all zeros up to 1.15":     {"/default", exact(1, 15), "00000000000000000000000000000000"},
		"the default id":           {"/default", exact(1, 16), "000000006e6b13320000000000000000"},
		"a hash with a sign":       {"polygenelubricants", exact(2, 2), "ffffffff800000000000000000000000"},
		"letters of two units":     {"😀", exact(1, 20), "00000000001b0d630000000000000000"},
		"2.3, which does more":     {"/default", exact(2, 3), ""},
		"an unknown version":       {"/default", Version{}, ""},
		"a range up to its change": {"/default", VersionBefore(1, 16), "00000000000000000000000000000000"},
	}
	for name, tc := range cases {
		got, known := ApplicationJobID(tc.id, tc.version)
		if got != tc.want || known != (tc.want != "") {
			t.Errorf("%s: got %q, %t, want %q", name, got, known, tc.want)
		}
	}
}

func TestNamesOfHAConfigMaps(t *testing.T) {
	const job = "000000006e6b13320000000000000000"
	cases := map[string]struct {
		version Version
		old     bool
		leaders string
		job     string
	}{
		"up to 1.14":                   {exact(1, 14), false, "x-dispatcher-leader x-resourcemanager-leader x-restserver-leader", "x-" + job + "-jobmanager-leader"},
		"1.15":                         {exact(1, 15), false, "x-cluster-config-map", "x-" + job + "-config-map"},
		"1.15 with the old services":   {exact(1, 15), true, "x-dispatcher-leader x-resourcemanager-leader x-restserver-leader", "x-" + job + "-jobmanager-leader"},
		"the old services are gone":    {exact(1, 16), true, "x-cluster-config-map", "x-" + job + "-config-map"},
		"2.3":                          {exact(2, 3), false, "x-cluster-config-map", "x-" + job + "-config-map"},
		"unknown":                      {Version{}, false, "", ""},
		"a range without a difference": {VersionFrom(1, 15), false, "x-cluster-config-map", "x-" + job + "-config-map"},
		"a range with a difference":    {VersionFrom(1, 15), true, "", ""},
	}
	for name, tc := range cases {
		if got := strings.Join(LeaderConfigMaps("x", tc.version, tc.old), " "); got != tc.leaders {
			t.Errorf("%s: got %q, want %q", name, got, tc.leaders)
		}
		if got := JobConfigMap("x", job, tc.version, tc.old); got != tc.job {
			t.Errorf("%s: got %q, want %q", name, got, tc.job)
		}
	}
}
