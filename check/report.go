package check

import (
	"encoding/json"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Report is the answer about all that was given.
type Report struct {
	// Objects in the order of the input.
	Objects []Object
	// Problems are what could not be read, in the order of the input. They hold nothing of the content of a file.
	Problems []error
	// Left are files that are no manifests, and why they were left.
	Left    []Remark
	Summary Summary
	// Rendered are the sources that were rendered, by their names: lines in them are those of what comes of them.
	Rendered map[string]Rendered
}

// Rendered says what a source was rendered by, and which file of it says how.
type Rendered struct {
	By   manifest.Rendering
	Root string
}

// Summary counts objects by verdict.
type Summary struct {
	Objects int `json:"objects"`
	Deny    int `json:"deny"`
	Warn    int `json:"warn"`
	Allow   int `json:"allow"`
	Skip    int `json:"skip"`
}

func (s *Summary) count(verdict admission.Verdict) {
	s.Objects++
	s.add(verdict, 1)
}

// add counts so many more objects of a verdict, or less.
func (s *Summary) add(verdict admission.Verdict, n int) {
	switch verdict {
	case admission.VerdictDeny:
		s.Deny += n
	case admission.VerdictWarn:
		s.Warn += n
	case admission.VerdictAllow:
		s.Allow += n
	case admission.VerdictSkip:
		s.Skip += n
	}
}

// Object is the verdict about one object.
type Object struct {
	// Place where it begins.
	manifest.Place
	APIVersion, Kind, Namespace, Name string
	Verdict                           admission.Verdict
	// Exempt says why nothing is held against it: "user", "namespace" or "system"; or "".
	Exempt   string
	Findings []Finding
	// Edits that admission would make, and Planned those that the policy only has reported.
	Edits, Planned []mutation.Edit
	// Notes are what admission would say besides, and Refusal is a reason to refuse that is no finding; "" for none.
	Notes   []string
	Refusal string
	// Unknown are the questions about it that the input does not answer.
	Unknown []string
	// Mutated is the object as admission would hand it on, where the options ask for objects.
	Mutated json.RawMessage
}

// Finding is what a rule found, with where it is to be mended.
type Finding struct {
	admission.Judged
	// Place of the value or, for what is missing, where it belongs: Missing is true then.
	manifest.Place
	Missing bool
	// Baseline is true for one that is exempt because a baseline has it.
	Baseline bool
	// Repeated is true for one that another object of the report shows at the same place: see MarkRepeated.
	Repeated bool
	// Line is what ShownLine shows of the line that the place is in, "" where it must not be shown, and Caret the column that the
	// place has in it: another than in the file where the line is cut.
	Line  string
	Caret int
}

// Remark is something to be said of a place.
type Remark struct {
	manifest.Place
	Text string
}

// Title is what people call the object.
func (o *Object) Title() string { return manifest.Title(o.Kind, o.Namespace, o.Name) }
