package check

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// What a baseline says of itself.
const (
	baselineAPIVersion = "flink-ha.dev/v1alpha1"
	baselineKind       = "CheckBaseline"
)

// Baseline is findings that are known and not held against anybody. It knows a finding by its object, rule, option and value, so that
// it is the same one where its line, or the file with the object, has moved to; and it has no value in clear.
type Baseline struct {
	// known is how many findings there are of one identity, such as those of two files in one ConfigMap.
	known map[BaselineEntry]int
}

// BaselineEntry is what a finding is known by.
type BaselineEntry struct {
	// Kind, Namespace and Name of the object. A bare configuration file has no kind; File tells it from others of its name.
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	File      string `json:"file,omitempty"`
	Rule      string `json:"rule"`
	Option    string `json:"option,omitempty"`
	// Value is the beginning of a hash of the value and all of the above, "" for what is missing, for what is the same mistake whatever
	// the value is, and where the value may be a secret.
	Value string `json:"value,omitempty"`
}

// String names the rule and the object.
func (e BaselineEntry) String() string {
	object := e.File
	if e.Kind != "" {
		object = manifest.Title(e.Kind, e.Namespace, e.Name)
	}
	if e.Option != "" {
		return fmt.Sprintf("%s (%s) of %s", e.Rule, e.Option, object)
	}
	return e.Rule + " of " + object
}

// entryOf is what a finding of an object is known by.
func entryOf(object *Object, finding *Finding) BaselineEntry {
	identity := finding.Identity()
	entry := BaselineEntry{Kind: object.Kind, Namespace: object.Namespace, Name: object.Name, Rule: identity.Rule, Option: identity.Option}
	if object.Kind == "" {
		entry.Name, entry.File = "", filepath.ToSlash(filepath.Clean(object.File))
	}
	if identity.Set && identity.Option != "" && !configuration.IsSensitive(identity.Option) && !configuration.IsSensitive(finding.Setting) {
		entry.Value = entry.hash(flink.RedactURI(identity.Value))
	}
	return entry
}

// hashed is how much is kept of a hash: what tells the values apart that one option of one object has had.
const hashed = 6

func (e BaselineEntry) hash(value string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{e.Kind, e.Namespace, e.Name, e.File, e.Rule, e.Option, value}, "\x00")))
	return hex.EncodeToString(sum[:hashed])
}

// isHeld tells whether a finding does anything: those that are only audited, or exempt already, need no baseline.
func isHeld(finding *Finding) bool {
	return finding.Action == policy.ActionDeny || finding.Action == policy.ActionWarn
}

// NewBaseline records what is held against the objects of a report.
func NewBaseline(report *Report) *Baseline {
	b := &Baseline{known: map[BaselineEntry]int{}}
	for i := range report.Objects {
		object := &report.Objects[i]
		for j := range object.Findings {
			if isHeld(&object.Findings[j]) {
				b.known[entryOf(object, &object.Findings[j])]++
			}
		}
	}
	return b
}

// Len is how many findings are known.
func (b *Baseline) Len() int {
	n := 0
	for _, count := range b.known {
		n += count
	}
	return n
}

// Excuse makes the findings exempt that are known: of those that cannot be told apart, the first ones, as many as there were. It
// returns what is known and was not found.
func (b *Baseline) Excuse(report *Report) []BaselineEntry {
	left := maps.Clone(b.known)
	for i := range report.Objects {
		object := &report.Objects[i]
		for j := range object.Findings {
			finding := &object.Findings[j]
			if entry := entryOf(object, finding); isHeld(finding) && left[entry] > 0 {
				left[entry]--
				finding.Action, finding.Baseline = policy.ActionExempt, true
			}
		}
		report.Summary.recount(object)
	}
	var gone []BaselineEntry
	for entry, count := range left {
		if count > 0 {
			gone = append(gone, entry)
		}
	}
	slices.SortFunc(gone, BaselineEntry.compare)
	return gone
}

// recount gives an object the verdict that its findings are worth now, as admission does it. Nothing of what was exempt before can
// be held against it now.
func (s *Summary) recount(object *Object) {
	if object.Verdict != admission.VerdictDeny && object.Verdict != admission.VerdictWarn {
		return
	}
	now := admission.VerdictAllow
	switch {
	case object.Refusal != "", object.has(policy.ActionDeny):
		now = admission.VerdictDeny
	case len(object.Notes) > 0, object.has(policy.ActionWarn):
		now = admission.VerdictWarn
	}
	s.add(object.Verdict, -1)
	s.add(now, 1)
	object.Verdict = now
}

// has tells whether a finding does something.
func (o *Object) has(action policy.Action) bool {
	return slices.ContainsFunc(o.Findings, func(f Finding) bool { return f.Action == action })
}

func (e BaselineEntry) compare(other BaselineEntry) int {
	return cmp.Or(
		cmp.Compare(e.Namespace, other.Namespace), cmp.Compare(e.Kind, other.Kind), cmp.Compare(e.Name, other.Name), cmp.Compare(e.File, other.File),
		cmp.Compare(e.Rule, other.Rule), cmp.Compare(e.Option, other.Option), cmp.Compare(e.Value, other.Value),
	)
}

// countedEntry is an entry as the file has it.
type countedEntry struct {
	BaselineEntry
	// Count is how many there are, 0 for one.
	Count int `json:"count,omitempty"`
}

// Encode is the baseline as a file: JSON, sorted, with a line for each entry, so that a diff of two is read easily.
func (b *Baseline) Encode() ([]byte, error) {
	entries := make([]countedEntry, 0, len(b.known))
	for entry, count := range b.known {
		counted := countedEntry{BaselineEntry: entry, Count: count}
		if count == 1 {
			counted.Count = 0
		}
		entries = append(entries, counted)
	}
	slices.SortFunc(entries, func(x, y countedEntry) int { return x.compare(y.BaselineEntry) })
	var text bytes.Buffer
	fmt.Fprintf(&text, "{\n  \"apiVersion\": %q,\n  \"kind\": %q,\n  \"findings\": [", baselineAPIVersion, baselineKind)
	for i, entry := range entries {
		line, err := json.Marshal(entry)
		if err != nil {
			return nil, fmt.Errorf("encoding the baseline: %w", err)
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString("\n    ")
		text.Write(line)
	}
	if len(entries) > 0 {
		text.WriteString("\n  ")
	}
	text.WriteString("]\n}\n")
	return text.Bytes(), nil
}

// ReadBaseline reads what Encode has written. A field that does not exist is an error: who wrote it meant something by it.
func ReadBaseline(text []byte) (*Baseline, error) {
	var file struct {
		APIVersion string         `json:"apiVersion"`
		Kind       string         `json:"kind"`
		Findings   []countedEntry `json:"findings"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("it is no baseline: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("it is no baseline: there is something after its end")
	}
	if file.APIVersion != baselineAPIVersion || file.Kind != baselineKind {
		return nil, fmt.Errorf("it is no baseline: it has apiVersion %q and kind %q, needs %q and %q", file.APIVersion, file.Kind, baselineAPIVersion, baselineKind)
	}
	b := &Baseline{known: make(map[BaselineEntry]int, len(file.Findings))}
	for i, entry := range file.Findings {
		switch {
		case entry.Rule == "":
			return nil, fmt.Errorf("it is no baseline: findings[%d] has no rule", i)
		case entry.Count < 0:
			return nil, fmt.Errorf("it is no baseline: findings[%d].count is %d, needs 1 or more", i, entry.Count)
		}
		b.known[entry.BaselineEntry] += max(entry.Count, 1)
	}
	return b, nil
}
