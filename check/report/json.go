package report

import (
	"errors"
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// JSON writes the report as one document of JSON.
func JSON(_ io.Writer, _ *check.Report, _ Options) error { return errors.New("not written yet") }
