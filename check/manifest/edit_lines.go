package manifest

import (
	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// splice is one place of a proposal.
type splice = textedit.Splice

// proposal is a way to make an edit.
type proposal = textedit.Splices

// withoutLines drops the lines from one offset to another, both at the beginning of a line or at the end of the text. Where the text
// ends without a line break, it does so afterwards.
func withoutLines(text string, start, end int) []proposal {
	whole := proposal{{Start: start, End: end}}
	if end < len(text) || start == 0 || textedit.FinalLineBreak(text) != "" {
		return []proposal{whole}
	}
	previous := start - len(textedit.FinalLineBreak(text[:start]))
	return []proposal{{{Start: previous, End: end}}, whole}
}
