package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version names a rule set: "vX.Y", or "latest". A mode that is pinned to a version counts no rule that came later, so that a
// new release of the guard refuses nothing that the one before let through. The zero value is the latest.
type Version string

// VersionLatest counts every rule that there is.
const VersionLatest Version = "latest"

// CurrentRuleSet is the newest rule set that this build knows.
const CurrentRuleSet = "v0.2"

// RuleSets are all rule sets that a mode can be pinned to, the oldest first.
func RuleSets() []string {
	return []string{"v0.1", CurrentRuleSet}
}

// ParseVersion reads a version as a label has it. A rule set later than the current one is no error: a namespace may have been
// labelled for a newer guard (see Later).
func ParseVersion(text string) (Version, error) {
	version := Version(text)
	if version == VersionLatest || slices.Contains(RuleSets(), text) || version.Later() {
		return version, nil
	}
	return "", fmt.Errorf("found %s, needs %s", quote(text), oneOf(versions()))
}

// Later tells whether a version is newer than what this build knows. It then counts as the latest.
func (v Version) Later() bool {
	number, ok := parseRuleSet(string(v))
	current, _ := parseRuleSet(CurrentRuleSet)
	return ok && current.before(number)
}

// Admits tells whether a rule that was introduced in a rule set counts under this version. A rule that does not say when it was
// introduced has been there from the beginning.
func (v Version) Admits(introduced string) bool {
	if v == "" || v == VersionLatest || introduced == "" {
		return true
	}
	pinned, ok := parseRuleSet(string(v))
	since, known := parseRuleSet(introduced)
	return !ok || !known || !pinned.before(since)
}

// versions are the words that a version in the policy file may be.
func versions() []string {
	return append([]string{string(VersionLatest)}, RuleSets()...)
}

// ruleSet is a version taken apart.
type ruleSet struct{ major, minor int }

func (s ruleSet) before(other ruleSet) bool {
	return s.major < other.major || s.major == other.major && s.minor < other.minor
}

// parseRuleSet takes "vX.Y" apart without allocating, since every finding asks.
func parseRuleSet(text string) (set ruleSet, ok bool) {
	numbers, found := strings.CutPrefix(text, "v")
	major, minor, dotted := strings.Cut(numbers, ".")
	if !found || !dotted || !isNumber(major) || !isNumber(minor) {
		return ruleSet{}, false
	}
	set.major, _ = strconv.Atoi(major)
	set.minor, _ = strconv.Atoi(minor)
	return set, true
}

// isNumber accepts what a version is made of: one to four digits without a leading zero.
func isNumber(text string) bool {
	if text == "" || len(text) > 4 || len(text) > 1 && text[0] == '0' {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}
