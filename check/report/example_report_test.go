package report

import (
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// deployReport is what a check says of testdata/deploy.
func deployReport(t *testing.T) *check.Report {
	t.Helper()
	preset := policy.Default()
	found, err := check.Run(t.Context(), manifest.Find([]string{"testdata/deploy"}), nil, check.Options{
		Policy: &preset, Now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), WithSkipped: true, WithObjects: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
