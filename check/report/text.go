package report

import (
	"fmt"
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// Text writes a report for people.
func Text(out io.Writer, report *check.Report, _ Options) error {
	for i := range report.Objects {
		object := &report.Objects[i]
		for _, finding := range object.Findings {
			if _, err := fmt.Fprintf(out, "%s: %s: [%s] %s\n", finding.Place, finding.Action, finding.Rule, finding.Message()); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(out, "%d objects: %d deny, %d warn, %d allow, %d skip\n", report.Summary.Objects, report.Summary.Deny, report.Summary.Warn, report.Summary.Allow, report.Summary.Skip)
	return err
}
