package differential

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Disagreements joins those of all releases: equal small cases with equal readings are one. The smallest come first.
func Disagreements(tallies []Tally) []Disagreement {
	joined := map[string]*Disagreement{}
	for _, tally := range tallies {
		for _, found := range tally.Found {
			key := fmt.Sprint(found.Verdict, quoted(found.Small), found.Ours, found.Flinks.Settings, found.Flinks.Refusal.Class())
			if same, ok := joined[key]; !ok {
				joined[key] = &found
			} else if !slices.Contains(same.Releases, tally.Release) {
				same.Releases = append(same.Releases, tally.Release)
			}
		}
	}
	var all []Disagreement
	for _, key := range slices.Sorted(maps.Keys(joined)) {
		all = append(all, *joined[key])
	}
	slices.SortStableFunc(all, func(a, b Disagreement) int {
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(len(quoted(a.Small)), len(quoted(b.Small))))
	})
	return all
}

func quoted(files Files) string {
	parts := make([]string, 0, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		parts = append(parts, fmt.Sprintf("%s %q", name, files[name]))
	}
	return strings.Join(parts, ", ")
}

// Report writes the tallies, and the disagreements up to a number of them.
func Report(w io.Writer, tallies []Tally, most int) {
	for i, tally := range tallies {
		tally.report(w)
		if i > 0 && maps.Equal(tally.Unknown, tallies[i-1].Unknown) {
			continue // said already
		}
		for _, reason := range slices.Sorted(maps.Keys(tally.Unknown)) {
			fmt.Fprintf(w, "    unknown: %s: %d\n", reason, tally.Unknown[reason])
		}
	}
	all := Disagreements(tallies)
	for _, found := range all[:min(most, len(all))] {
		fmt.Fprintf(w, "\n%s (Flink %v; first seen in %s)\n  input: %s\n  ours:  %s\n  Flink: %s\n",
			found.Verdict, found.Releases, found.Case.Name, quoted(found.Small), found.Ours, found.Flinks)
	}
	if len(all) > most {
		fmt.Fprintf(w, "\n… and %d more\n", len(all)-most)
	}
}

func (t *Tally) report(w io.Writer) {
	fmt.Fprintf(w, "Flink %s: %d cases in %s, %.0f a second; it loads %d, %d of them with a list; ", t.Release, t.Cases,
		t.Took.Round(time.Millisecond), float64(t.Cases)/t.Took.Seconds(), t.Loaded, t.Lists)
	for i, verdict := range slices.Sorted(maps.Keys(t.Verdicts)) {
		if i > 0 {
			fmt.Fprint(w, ", ")
		}
		fmt.Fprintf(w, "%s: %d", verdict, t.Verdicts[verdict])
	}
	fmt.Fprintln(w)
}
