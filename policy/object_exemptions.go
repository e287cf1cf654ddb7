package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AnnotationExemptPrefix before the id of a rule makes the annotation that exempts an object from that rule. Its value is the last
// day on which the exemption holds, and why: "2030-01-31 the new bucket comes in January".
const AnnotationExemptPrefix = "exempt.flink-ha.dev/"

// Bounds of what an object's annotations can make the guard report.
const (
	// maxUnknownExemptions is how many exemptions from rules that do not exist are reported. Those from rules that exist are
	// bounded by the catalogue.
	maxUnknownExemptions = 20
	// maxReason is how much of a reason is kept, in bytes.
	maxReason = 200
)

// Exemption is what an annotation says about one rule on one object.
type Exemption struct {
	// Rule that the object wants to be exempt from; empty for the annotation that keeps owner references.
	Rule string
	// Annotation by which it wants that.
	Annotation string
	// Value is what the annotation says, cut to a bounded length.
	Value string
	// LastDay on which it holds, in UTC; the zero time if the annotation names no day.
	LastDay time.Time
	Reason  string
	// Problem says why the exemption does not hold; empty if it does.
	Problem string
	// EndsSoon is true for an exemption that holds and ends within two weeks.
	EndsSoon bool
}

// Holds tells whether the exemption counts.
func (e *Exemption) Holds() bool {
	return e.Problem == ""
}

// problemEnded begins the problem of an exemption whose last day is over.
const problemEnded = "it ended on "

// HasEnded tells whether the exemption does not hold because its last day is over.
func (e *Exemption) HasEnded() bool {
	return strings.HasPrefix(e.Problem, problemEnded)
}

// ObjectExemptions reads the exemptions that an object's annotations claim, sorted by annotation. catalogue tells whether there is
// a rule with an id. An exemption that does not hold is in the result too, with its problem.
func (p *Policy) ObjectExemptions(annotations map[string]string, catalogue func(id string) bool, now time.Time) []Exemption {
	var known, unknown []string
	for annotation := range annotations {
		rule, ok := strings.CutPrefix(annotation, AnnotationExemptPrefix)
		switch {
		case !ok:
		case catalogue(rule):
			known = append(known, annotation)
		default:
			unknown = append(unknown, annotation)
		}
	}
	if len(known)+len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	exemptions := make([]Exemption, 0, len(known)+min(len(unknown), maxUnknownExemptions))
	for _, annotation := range known {
		exemptions = append(exemptions, p.objectExemption(annotation, annotations[annotation], now))
	}
	for _, annotation := range unknown[:min(len(unknown), maxUnknownExemptions)] {
		exemption := p.objectExemption(annotation, annotations[annotation], now)
		exemption.Problem, exemption.EndsSoon = "there is no rule of this name", false
		exemptions = append(exemptions, exemption)
	}
	slices.SortFunc(exemptions, func(a, b Exemption) int { return cmp.Compare(a.Annotation, b.Annotation) })
	return exemptions
}

// objectExemption reads one exemption. How far ahead its last day may lie is counted from now and not from when it was written,
// which nobody knows: one that is too far ahead begins to hold when its end comes near.
func (p *Policy) objectExemption(annotation, value string, now time.Time) Exemption {
	exemption := readExemption(annotation, value, now)
	exemption.Rule = strings.TrimPrefix(annotation, AnnotationExemptPrefix)
	limits := p.Exemptions.Objects
	switch {
	case !limits.Allowed:
		exemption.Problem = "the policy lets no object exempt itself"
	case exemption.Problem == "" && limits.MaxDays > 0 && daysLeft(exemption.LastDay, now) > limits.MaxDays:
		exemption.Problem = fmt.Sprintf("it ends on %s, and the policy allows at most %s ahead", exemption.LastDay.Format(time.DateOnly), days(limits.MaxDays))
	}
	exemption.EndsSoon = exemption.EndsSoon && exemption.Problem == ""
	return exemption
}

// readExemption reads a last day and a reason: "YYYY-MM-DD reason…".
func readExemption(annotation, value string, now time.Time) Exemption {
	exemption := Exemption{Annotation: annotation}
	value = clip(strings.TrimSpace(value), len(time.DateOnly)+maxReason)
	exemption.Value = value
	date := value[:min(len(value), len(time.DateOnly))]
	lastDay, err := time.Parse(time.DateOnly, date)
	reason, separate := reasonAfter(value, date)
	if err != nil || !separate {
		exemption.Problem = "needs the last day on which it holds and a reason: YYYY-MM-DD reason"
		return exemption
	}
	exemption.LastDay, exemption.Reason = lastDay, reason
	left := daysLeft(lastDay, now)
	switch {
	case reason == "":
		exemption.Problem = "needs a reason after the day: YYYY-MM-DD reason"
	case left < 0:
		exemption.Problem = problemEnded + lastDay.Format(time.DateOnly)
	}
	exemption.EndsSoon = exemption.Problem == "" && left <= soonDays
	return exemption
}

// reasonAfter is the text that follows a first word, on one line; separate is false if the value begins with a longer word.
func reasonAfter(value, word string) (reason string, separate bool) {
	const separators = " \t\r\n:;,-"
	rest, ok := strings.CutPrefix(strings.TrimSpace(value), word)
	if !ok || rest != "" && !strings.ContainsRune(separators, rune(rest[0])) {
		return "", false
	}
	return strings.Join(strings.Fields(strings.Trim(rest, separators)), " "), true
}

func days(count int) string {
	if count == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", count)
}
