package inventory

import "testing"

func TestReplaces(t *testing.T) {
	jobManager := Key{Kind: "Deployment", Namespace: "team", Name: "flink-jobmanager"}
	cases := map[string]struct {
		one, other Key
		want       bool
	}{
		"itself":                    {jobManager, jobManager, true},
		"the same as a StatefulSet": {jobManager, Key{Kind: "StatefulSet", Namespace: "team", Name: "flink-jobmanager"}, true},
		"a Job made again": {
			Key{Kind: "Job", Namespace: "team", Name: "flink-jobmanager-x7k2p"}, Key{Kind: "Job", Namespace: "team", Name: "flink-jobmanager-b4v9q"}, true,
		},
		"another name":      {jobManager, Key{Kind: "Deployment", Namespace: "team", Name: "flink-taskmanager"}, false},
		"another namespace": {jobManager, Key{Kind: "Deployment", Namespace: "other", Name: "flink-jobmanager"}, false},
	}
	for name, tc := range cases {
		if tc.one.Replaces(tc.other) != tc.want || tc.other.Replaces(tc.one) != tc.want {
			t.Errorf("%s: got %t", name, !tc.want)
		}
	}
}
