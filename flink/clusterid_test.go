package flink

import (
	"strings"
	"testing"
)

func TestClusterIDProblem(t *testing.T) {
	cases := map[string]bool{
		"my-cluster":            false,
		"a":                     false,
		"123":                   false,
		"team.cluster":          false,
		strings.Repeat("a", 63): false,
		strings.Repeat("a", 64): true,
		"My-Cluster":            true,
		"my_cluster":            true,
		"-cluster":              true,
		"cluster-":              true,
		"<name>":                true,
		`"quoted"`:              true,
		"two words":             true,
		"a..b":                  true,
		"$(CLUSTER_ID)":         false, // not known here
		"${CLUSTER_ID}":         false,
	}
	for id, want := range cases {
		if got := ClusterIDProblem(id); (got != "") != want {
			t.Errorf("%q: got %q, want a problem: %t", id, got, want)
		}
	}
}
