package report

import (
	"errors"
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// GitHub writes the findings as workflow commands of GitHub Actions.
func GitHub(_ io.Writer, _ *check.Report, _ Options) error { return errors.New("not written yet") }
