package policy

import (
	"fmt"
	"slices"
	"time"
)

// Exemptions say for whom and what nothing is refused.
type Exemptions struct {
	// Namespaces and Usernames are matched exactly.
	Namespaces []ExemptionEntry `file:"namespaces"`
	Usernames  []ExemptionEntry `file:"usernames"`
	// Objects says what authors of objects may exempt by annotation.
	Objects ObjectExemptionRules `file:"objects"`
}

// ExemptionEntry exempts a namespace or a user, for good or until a day.
type ExemptionEntry struct {
	Name   string `file:"name"`
	Reason string `file:"reason"`
	// Until is the last day on which the entry holds, in UTC; the zero time if it holds for good.
	Until time.Time `file:"until"`
}

// ObjectExemptionRules say what authors of objects may exempt by annotation.
type ObjectExemptionRules struct {
	Allowed bool `file:"allowed"`
	// MaxDays is how far ahead the last day of an exemption may lie; 0 if any day is right.
	MaxDays int `file:"maxDays"`
}

// soonDays is how many days before its end an exemption is warned about: time enough for somebody on holiday.
const soonDays = 14

// ExemptNamespace finds the entry by which a namespace is exempt at a time.
func (p *Policy) ExemptNamespace(name string, now time.Time) (ExemptionEntry, bool) {
	return find(p.Exemptions.Namespaces, name, now)
}

// ExemptUser finds the entry by which a user is exempt at a time.
func (p *Policy) ExemptUser(username string, now time.Time) (ExemptionEntry, bool) {
	return find(p.Exemptions.Usernames, username, now)
}

// RestoreUser tells whether a user is a backup tool, whose writes are warned about and never refused.
func (p *Policy) RestoreUser(username string) bool {
	return slices.Contains(p.RestoreUsers, username)
}

// Problems says what of a policy that is right does nothing, or soon will: exemptions that have ended or end within the next two weeks,
// and settings that cancel each other. The sentences name entries of the policy and nothing else.
func (p *Policy) Problems(now time.Time) []string {
	problems := endings(nil, "exemptions.namespaces", p.Exemptions.Namespaces, now)
	problems = endings(problems, "exemptions.usernames", p.Exemptions.Usernames, now)
	if p.HAConfigMaps.Undelete == UndeleteAuto && p.HAConfigMaps.KeepDeletedDays == 0 {
		problems = append(problems, "haConfigMaps.undelete is auto and haConfigMaps.keepDeletedDays is 0: what is not kept is not brought back; keep it for a day or more")
	}
	return problems
}

func endings(problems []string, field string, entries []ExemptionEntry, now time.Time) []string {
	for _, entry := range entries {
		if entry.Until.IsZero() {
			continue
		}
		name, day, left := quote(entry.Name), entry.Until.Format(time.DateOnly), daysLeft(entry.Until, now)
		switch {
		case left < 0:
			problems = append(problems, fmt.Sprintf("%s: the entry %s ended on %s and no longer holds; remove it, or give it a later day", field, name, day))
		case left <= soonDays:
			problems = append(problems, fmt.Sprintf("%s: the entry %s ends %s, on %s", field, name, inDays(left), day))
		}
	}
	return problems
}

// find looks through all entries, since a name may have one that ended and one that holds.
func find(entries []ExemptionEntry, name string, now time.Time) (ExemptionEntry, bool) {
	for i := range entries {
		if entries[i].Name == name && (entries[i].Until.IsZero() || daysLeft(entries[i].Until, now) >= 0) {
			return entries[i], true
		}
	}
	return ExemptionEntry{}, false
}

// daysLeft counts the days from today to a last day, which still holds: 0 on the day itself, negative after it. Days are UTC's,
// so that an exemption ends everywhere at once.
func daysLeft(lastDay, now time.Time) int {
	return int(day(lastDay).Sub(day(now)) / (24 * time.Hour))
}

// day is midnight in UTC, from which Truncate counts wherever the time was taken.
func day(at time.Time) time.Time {
	return at.Truncate(24 * time.Hour)
}

func inDays(days int) string {
	switch days {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	}
	return fmt.Sprintf("in %d days", days)
}
