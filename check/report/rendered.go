package report

import (
	"slices"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// inFiles is a report for programs that show the lines of files: what was rendered is in no file, and so it is at the beginning of the
// file that says how it is rendered.
func inFiles(report *check.Report) *check.Report {
	if len(report.Rendered) == 0 {
		return report
	}
	moved := *report
	moved.Objects = slices.Clone(report.Objects)
	for i := range moved.Objects {
		object := &moved.Objects[i]
		object.Place = inFile(object.Place, report.Rendered)
		object.Findings = slices.Clone(object.Findings)
		for f := range object.Findings {
			object.Findings[f].Place = inFile(object.Findings[f].Place, report.Rendered)
		}
	}
	return &moved
}

func inFile(place manifest.Place, rendered map[string]check.Rendered) manifest.Place {
	if from, ok := rendered[place.File]; ok {
		return manifest.Place{File: from.Root, Line: 1, Column: 1}
	}
	return place
}
