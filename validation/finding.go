package validation

import (
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Violation is what a rule's check found.
type Violation struct {
	// Option is the key of the option at fault in its current spelling; "" where it is the file as a whole. Setting is the
	// key as it is, or must be, written.
	Option, Setting string
	// Level is set where this violation counts for less, or more, than its rule says.
	Level policy.Level
	// Position is where the value stands or, for what is missing, the field where it belongs.
	Position flink.Position
	// Target is what has to be changed, where that is not the value at Position, or more is known of it.
	Target Target
	// Found is the value, nil if there is none.
	Found *string
	// Fault says what is there, where a setting and its value do not.
	Fault string
	// Needed says what must be there instead, as the end of a sentence: "needs …".
	Needed string
	// Remedy is the exact line to write, or what to do where no line can be given.
	Remedy string
	// Detail says what is wrong with the value, or how a near miss came about; it may be empty.
	Detail string
	// AnyValue is true where the mistake is the same whatever the value is: how many JobManagers there are without high
	// availability, or which build of an image runs.
	AnyValue bool
	// Effect is what Flink does with it, where that is not what the rule says.
	Effect string
	// Cause is where the near miss stands that Detail tells of, so that it is not reported again.
	Cause flink.Position
	// Since is when the other object of a joint finding last changed, the zero time if it is not said.
	Since time.Time
	// Settled is true for a joint finding that is as certain as one of the object alone: all of what it rests on was given along
	// with the object.
	Settled bool
	// Unsure is true where it is a mistake only in some of the versions that the process may be. It refuses nothing.
	Unsure bool
	// Manifest holds objects, as YAML, that would mend it.
	Manifest string
	// Fix is what mends it in the object itself without inventing a value, nil where somebody has to decide.
	Fix []Change
	// Others are names of objects in other namespaces that are part of it: for the audit log, not for the requester.
	Others []string
}

// Target is the text that a violation is mended by changing. Messages do not name it; whoever shows files points at it.
type Target struct {
	flink.Position
	// Key is true where it is the name of the field that has to be changed, or goes with its value, and not the value alone. Of an
	// argument it is the name of the option in it.
	Key bool
}

// Finding is a violation of a rule by an object.
type Finding struct {
	Rule string
	// Introduced and Advice are the rule's.
	Introduced string
	Advice     bool
	Violation
}

// docsURL is where the generated page of a rule can be read.
const docsURL = "https://github.com/flink-ha/flink-ha-webhook/blob/main/docs/rules/"

// DocsURL is the address of a rule's page.
func DocsURL(rule string) string { return docsURL + rule + ".md" }

// Bounds of what is shown of a value; more does not help to find it, and a warning has room for less.
const (
	maxShown         = 120
	maxShownBrief    = 48
	maxShownBriefest = 24
	// maxPart bounds every other part of a message: keys are the user's as well, and may be long.
	maxPart = 300
)

// Brief is the message in at most limit bytes if it can be said in so many. What can be looked up is left out first; what was
// found, and with whom, last. It has no manifest.
func (f Finding) Brief(limit int) string {
	if whole := f.message(maxShown); len(whole) <= limit {
		return whole
	}
	f.Needed = ""
	withoutEffect, withoutDetail, withoutRemedy := f, f, f
	withoutEffect.Effect, withoutDetail.Detail, withoutRemedy.Remedy = "", "", ""
	shorter := []Finding{f, withoutEffect, withoutDetail}
	if f.Manifest != "" {
		// What mends it are objects, for which there is no room; what is missing is said in the detail.
		withoutBoth := withoutRemedy
		withoutBoth.Effect = ""
		shorter = []Finding{f, withoutEffect, withoutRemedy, withoutBoth, withoutDetail}
	}
	for _, left := range shorter {
		for _, shown := range []int{maxShown, maxShownBrief, maxShownBriefest} {
			if brief := left.message(shown); len(brief) <= limit {
				return brief
			}
		}
	}
	withoutDetail.Effect = ""
	return withoutDetail.message(maxShownBriefest)
}

// maxManifest bounds the manifest in a message. One that is longer is left out: a part of one mends nothing.
const maxManifest = 4096

// Message is the finding in one sentence: where, what is there, what Flink does with it, what is needed, and the fix. Below it
// stands the manifest that would mend it, if there is one.
func (f Finding) Message() string {
	sentence := f.message(maxShown)
	if f.Manifest == "" || len(f.Manifest) > maxManifest {
		return sentence
	}
	return sentence + ":\n" + strings.TrimSuffix(f.Manifest, "\n")
}

// message shows at most so many characters of the value.
func (f Finding) message(shown int) string {
	var b strings.Builder
	b.WriteString(clip(f.found(shown)))
	if f.Detail != "" {
		b.WriteString(" (" + clip(f.Detail) + ")")
	}
	for _, part := range []struct{ before, text string }{{"", f.Effect}, {"needs ", f.Needed}, {"fix: ", f.Remedy}} {
		if part.text != "" {
			b.WriteString("; " + part.before + clip(part.text))
		}
	}
	return b.String()
}

// Identity tells findings of one object apart: the same rule on the same option with the same value is the same finding,
// wherever its line has moved to and whichever of its keys the option has.
func (f Finding) Identity() Identity {
	identity := Identity{Rule: f.Rule, Option: f.Option}
	if f.Found != nil && !f.AnyValue {
		identity.Value, identity.Set = *f.Found, true
	}
	return identity
}

// Identity of a finding. It can be compared.
type Identity struct {
	Rule, Option, Value string
	Set                 bool
}

// found says where, and what is there.
func (f Finding) found(shown int) string {
	what := f.Position.Path
	switch {
	case f.Fault != "":
		return f.at() + f.Fault
	case f.Setting == "":
		return f.at() + "Flink would not load this file"
	case !f.isNamedByPath():
		what = f.at() + f.Setting
	}
	if f.Found == nil {
		return what + " is not set"
	}
	return what + " is " + flink.Quote(flink.RedactURI(*f.Found), shown)
}

func (f Finding) at() string { return clip(f.Position.String()) + ": " }

// isNamedByPath tells whether the position ends with the name of what is found there, which need not be said twice.
func (f Finding) isNamedByPath() bool {
	path, name := f.Position.Path, f.Setting
	return f.Position.Line == 0 &&
		(path == name || strings.HasSuffix(path, "."+name) || strings.HasSuffix(path, `["`+name+`"]`))
}

// clip cuts a part of a message.
func clip(text string) string { return flink.Clip(text, maxPart+len("…")) }

// Show quotes a value for a message: cut to a readable length, without the user and password of a URI.
func Show(value string) string {
	return flink.Quote(flink.RedactURI(value), maxShown)
}
