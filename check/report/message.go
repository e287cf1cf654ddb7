package report

import (
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/configuration"
)

// messageOf is what a finding says, in the words of admission, as everybody may read it who can read a build's log: admission answers
// whoever wrote the value.
func messageOf(finding *check.Finding) string {
	shown := finding.Finding
	shown.Found = shownValue(finding)
	if shown.Found == nil || *shown.Found != configuration.Hidden {
		return shown.Message()
	}
	// What is hidden may be repeated in other words.
	for _, part := range []*string{&shown.Detail, &shown.Fault, &shown.Effect, &shown.Needed, &shown.Remedy} {
		if secretInside.MatchString(*part) {
			*part = ""
		}
	}
	return shown.Message()
}
