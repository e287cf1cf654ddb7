package edit

import (
	"cmp"
	"slices"
	"strings"
)

// splice replaces the bytes of a text from start up to end.
type splice struct {
	start, end int
	with       string
}

// proposal is a way to make an edit. Its splices may come in any order.
type proposal []splice

// apply returns false where the splices do not fit the text or each other.
func (p proposal) apply(text string) (string, bool) {
	sorted := slices.Clone(p)
	slices.SortStableFunc(sorted, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	var edited strings.Builder
	at := 0
	for _, next := range sorted {
		if next.start < at || next.end < next.start || next.end > len(text) {
			return "", false
		}
		edited.WriteString(text[at:next.start])
		edited.WriteString(next.with)
		at = next.end
	}
	edited.WriteString(text[at:])
	return edited.String(), true
}

// joined makes one of deletions that overlap.
func joined(deletions []splice) []splice {
	sorted := slices.Clone(deletions)
	slices.SortStableFunc(sorted, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	var apart []splice
	for _, next := range sorted {
		if last := len(apart) - 1; last >= 0 && next.start < apart[last].end {
			apart[last].end = max(apart[last].end, next.end)
			continue
		}
		apart = append(apart, next)
	}
	return apart
}
