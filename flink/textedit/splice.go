package textedit

import (
	"cmp"
	"slices"
	"strings"
)

// Splice replaces the bytes of a text from Start up to End.
type Splice struct {
	Start, End int
	With       string
}

// Splices change a text in several places. They may come in any order.
type Splices []Splice

// Apply returns false where the splices do not fit the text or each other.
func (s Splices) Apply(text string) (string, bool) {
	sorted := slices.Clone(s)
	slices.SortStableFunc(sorted, func(a, b Splice) int { return cmp.Compare(a.Start, b.Start) })
	var edited strings.Builder
	at := 0
	for _, next := range sorted {
		if next.Start < at || next.End < next.Start || next.End > len(text) {
			return "", false
		}
		edited.WriteString(text[at:next.Start])
		edited.WriteString(next.With)
		at = next.End
	}
	edited.WriteString(text[at:])
	return edited.String(), true
}
