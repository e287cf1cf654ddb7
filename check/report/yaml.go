package report

import (
	"errors"
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// YAML writes the objects after mutation.
func YAML(_ io.Writer, _ *check.Report, _ Options) error { return errors.New("not written yet") }
