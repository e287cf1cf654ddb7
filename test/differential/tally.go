package differential

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// keptAlike is how many disagreements of one kind are made small, and keptAll how many of all kinds, of each release.
	keptAlike = 4
	keptAll   = 60
	// maxUnknown is how many of a hundred generated cases may be unknown to us.
	maxUnknown = 1
)

// Tally is what came out for one release.
type Tally struct {
	Release Release
	// Cases, and how many of them Flink loads, and loads with a list in it.
	Cases, Loaded, Lists int
	// Generated is how many cases were generated, and NotClaimed how many of those are unknown to us.
	Generated, NotClaimed int
	Verdicts              map[Verdict]int
	// Unknown counts why something is unknown to us.
	Unknown map[string]int
	// Took is the time for asking and comparing.
	Took time.Duration
	// Found are disagreements, of many alike only a few.
	Found []Disagreement

	alike map[string]int
}

// Disagreement is a case that we and Flink read differently.
type Disagreement struct {
	Verdict Verdict
	Case    Case
	// Small is what is left of the case's files when everything is gone that it does not take.
	Small    Files
	Ours     Reading
	Flinks   Answer
	Releases []Release
}

func newTally(release Release) Tally {
	return Tally{Release: release, Verdicts: map[Verdict]int{}, Unknown: map[string]int{}, alike: map[string]int{}}
}

func (t *Tally) count(tried Case, ours Reading, flinks Answer) {
	verdict := Compare(ours, flinks)
	t.Cases++
	t.Verdicts[verdict]++
	if tried.Generated {
		t.Generated++
	}
	if flinks.Settings != nil {
		t.Loaded++
	}
	if slices.ContainsFunc(slices.Collect(maps.Values(flinks.Settings)), isList) {
		t.Lists++
	}
	switch {
	case verdict == NotClaimed:
		if tried.Generated {
			t.NotClaimed++
		}
		for _, reason := range ours.reasons() {
			t.Unknown[reason]++
		}
	case verdict.IsDisagreement():
		t.keep(Disagreement{Verdict: verdict, Case: tried, Small: tried.Files, Ours: ours, Flinks: flinks, Releases: []Release{t.Release}})
	}
}

func isList(value string) bool { return strings.HasPrefix(value, "[") }

// keep holds on to the first few disagreements of a kind.
func (t *Tally) keep(found Disagreement) {
	kind := found.kind()
	if t.alike[kind]++; t.alike[kind] <= keptAlike && len(t.Found) < keptAll {
		t.Found = append(t.Found, found)
	}
}

// TooMuchUnknown is an error if we leave more open than a check may.
func (t *Tally) TooMuchUnknown() error {
	if t.NotClaimed*100 <= maxUnknown*t.Generated {
		return nil
	}
	return fmt.Errorf("flink %s: %d of %d generated cases are unknown to us, more than %d %%", t.Release, t.NotClaimed, t.Generated, maxUnknown)
}

// Disagreed is how many cases we and Flink read differently.
func (t *Tally) Disagreed() int {
	disagreed := 0
	for verdict, count := range t.Verdicts {
		if verdict.IsDisagreement() {
			disagreed += count
		}
	}
	return disagreed
}

// variablePart is what differs in messages for one and the same reason.
var variablePart = regexp.MustCompile(`[0-9]+|'[^']*'|\([^)]*\)`)

// kind puts disagreements together that probably have one cause.
func (d Disagreement) kind() string {
	if d.Verdict != OtherSettings {
		return string(d.Verdict) + variablePart.ReplaceAllString(d.Flinks.Refusal.String()+d.Ours.Refused, "")
	}
	for _, key := range slices.Sorted(maps.Keys(d.Flinks.Settings)) {
		if value, ok := d.Ours.Settings[key]; !ok || value != d.Flinks.Settings[key] {
			return string(d.Verdict) + shape(d.Flinks.Settings[key]) + "/" + shape(value)
		}
	}
	return string(d.Verdict)
}

var (
	letters = regexp.MustCompile(`\pL+`)
	digits  = regexp.MustCompile(`[0-9]+`)
)

// maxShape is how much of a value tells kinds apart.
const maxShape = 12

// shape is the beginning of a text with what makes it long cut down.
func shape(text string) string {
	text = digits.ReplaceAllString(letters.ReplaceAllString(text, "a"), "1")
	return text[:min(len(text), maxShape)]
}
