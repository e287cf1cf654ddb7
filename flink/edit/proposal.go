package edit

import (
	"cmp"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
)

// splice is one place of a proposal.
type splice = textedit.Splice

// proposal is a way to make an edit.
type proposal = textedit.Splices

// joined makes one of deletions that overlap.
func joined(deletions []splice) []splice {
	sorted := slices.Clone(deletions)
	slices.SortStableFunc(sorted, func(a, b splice) int { return cmp.Compare(a.Start, b.Start) })
	var apart []splice
	for _, next := range sorted {
		if last := len(apart) - 1; last >= 0 && next.Start < apart[last].End {
			apart[last].End = max(apart[last].End, next.End)
			continue
		}
		apart = append(apart, next)
	}
	return apart
}
