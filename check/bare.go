package check

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// bareFile is a file that Flink reads as it is. It is judged like a ConfigMap that has it; no other object sees it, since where it ends
// up is not known.
type bareFile struct {
	dataKey, text string
	// other is the other of Flink's two files in the same folder: which of the two Flink reads is up to its version.
	other *bareFile
}

// What is said of files that were left.
const (
	leftTemplate    = "this is a template, and has yet to be rendered: pipe what comes of it, such as that of helm template NAME CHART, into check -"
	leftPlaceholder = "a value in it has yet to be put in: pipe what comes of it, such as that of envsubst < FILE, into check -"
	leftForeign     = "nothing in it is an option that only Flink has"
)

// templateAmong finds the first document that was not read because it is a template.
func templateAmong(problems []error) (*manifest.ProblemError, bool) {
	for _, problem := range problems {
		if found, ok := errors.AsType[*manifest.ProblemError](problem); ok && found.Template {
			return found, true
		}
	}
	return nil, false
}

// readBare reads a file that is no manifest.
func (c *checker) readBare(read *content, file *manifest.File) {
	if file.IsEmpty() {
		return
	}
	if line, ok := file.IsTemplate(); ok {
		place := manifest.Place{File: file.Name, Line: line, Column: 1}
		if c.options.StrictInput {
			read.problems = append(read.problems, &manifest.ProblemError{Place: place, Reason: "this is a template, and has yet to be rendered", Template: true})
		} else {
			read.left = append(read.left, Remark{place, leftTemplate})
		}
		return
	}
	recognized, err := configuration.RecognizeBare(file, c.options.Version)
	// A hook names all files that are committed, and some are YAML or JSON of another making, such as a list.
	isForeign := err != nil && file.IsForeign() && !c.options.StrictInput
	if err != nil && !isForeign {
		read.problems = append(read.problems, err)
		return
	}
	if isForeign || !recognized.Judged {
		read.left = append(read.left, Remark{manifest.Place{File: file.Name}, leftForeign})
		return
	}
	document, err := file.Configuration(recognized.DataKey)
	if err != nil {
		read.problems = append(read.problems, err)
		return
	}
	object := document.Objects()[0]
	read.bare = &bareFile{dataKey: recognized.DataKey, text: file.Text}
	read.objects = []Object{{Place: object.Place(), Namespace: c.options.Namespace, Name: object.Name, Verdict: admission.VerdictSkip}}
	what := admission.Identified{Kind: "ConfigMap", Namespace: c.options.Namespace, Name: object.Name}
	read.candidates = []*candidate{{document: document, Identified: what, piece: admission.Piece{Judged: true}, in: read}}
	document.Release()
}

// pairBare brings the two files of a folder together that Flink chooses from. The one that the version at hand does not read is left.
func pairBare(files []*content, version flink.Version) {
	type folderAndKey struct{ folder, key string }
	known := map[folderAndKey]*content{}
	for _, file := range files {
		if file.bare != nil && filepath.Base(file.source.Name) == file.bare.dataKey {
			known[folderAndKey{filepath.Dir(file.source.Name), file.bare.dataKey}] = file
		}
	}
	for at, legacy := range known {
		standard := known[folderAndKey{at.folder, flink.StandardFile}]
		if at.key != flink.LegacyFile || standard == nil {
			continue
		}
		switch {
		case version.AtLeast(2, 0):
			legacy.leaveBare(configuration.WhoReads(flink.LegacyFile, true, version))
		case version.Before(2, 0):
			standard.leaveBare(configuration.WhoReads(flink.StandardFile, true, version))
		default:
			legacy.bare.other, standard.bare.other = standard.bare, legacy.bare
		}
	}
}

// leaveBare has the file left, for a reason.
func (r *content) leaveBare(reason string) {
	r.left = append(r.left, Remark{manifest.Place{File: r.source.Name}, reason})
	r.objects, r.candidates, r.bare = nil, nil, nil
}

// withOther adds the other file of the folder to a file on its own, as a ConfigMap would have both.
func (b *bareFile) withOther(fields map[string]any) {
	data, ok := fields["data"].(map[string]any)
	if ok && b.other != nil {
		data[b.other.dataKey] = b.other.text
	}
}

// keepOwn leaves out the findings about the other file: that is listed with them.
func (b *bareFile) keepOwn(decision *admission.Decision) {
	if b.other == nil {
		return
	}
	var own []admission.Judged
	for _, finding := range decision.Findings {
		if !strings.HasPrefix(finding.Position.Path, `data["`+b.other.dataKey+`"]`) {
			own = append(own, finding)
		}
	}
	decision.Findings = own
}
