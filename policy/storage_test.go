package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPrefixesFor(t *testing.T) {
	storage := Storage{AllowedPrefixes: []string{"s3://flink-ha/{namespace}/", "hdfs:///ha/{namespace}/{namespace}", "gs://all/"}}
	want := []string{"s3://flink-ha/team/", "hdfs:///ha/team/team", "gs://all/"}
	if diff := cmp.Diff(want, storage.PrefixesFor("team")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
