package manifest

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// File is a file, or standard input, that was given or found in a folder.
type File struct {
	// Name is what was given, or how it was found from there.
	Name string
	Text string
	// Given is true if the file itself was named, and not a folder that it is in.
	Given bool
	// Documents of a manifest, and the objects in them; a file without any is no manifest.
	Documents []*Document
	Objects   []*Object
}

// BareName is flink-conf.yaml or config.yaml if the file has the name that Flink looks for.
func (f *File) BareName() string {
	switch name := filepath.Base(f.Name); name {
	case flink.LegacyFile, flink.StandardFile:
		return name
	}
	return ""
}

// looksLikeManifest finds what every object begins with. A file that Flink reads has no such option.
var looksLikeManifest = regexp.MustCompile(`(?m)^(?:\x{FEFF}|---)?[ \t{,]*["']?apiVersion["']?[ \t]*:`)

// parse finds the objects in the file. It returns the documents that could not be read, unless the file is not meant to be a
// manifest at all.
func (f *File) parse() []error {
	if f.IsBare() {
		return nil
	}
	var problems []error
	f.Documents, problems = f.documents()
	for _, d := range f.Documents {
		f.Objects = append(f.Objects, d.Objects()...)
	}
	return problems
}

// IsBare tells whether the file is meant to be read by Flink as it is: one with a name that Flink looks for, and any other that
// was named and has nothing of a manifest.
func (f *File) IsBare() bool {
	return (f.BareName() != "" || f.Given) && !looksLikeManifest.MatchString(f.Text)
}

// IsEmpty tells whether a file that has not the name of one of Flink's has nothing in it but empty documents and comments, as comes of
// a chart with everything switched off.
func (f *File) IsEmpty() bool {
	if f.BareName() != "" {
		return false
	}
	for line := range strings.Lines(strings.TrimPrefix(f.Text, "\uFEFF")) {
		line = strings.TrimSpace(line)
		if after, ok := strings.CutPrefix(line, "---"); ok && (after == "" || after[0] == ' ' || after[0] == '\t') {
			line = strings.TrimSpace(after)
		}
		switch {
		case line == "", line[0] == '#', line == "...", line == "null", line == "~":
		default:
			return false
		}
	}
	return true
}

// IsForeign tells of a file that is no manifest whether it is something else altogether: YAML or JSON, by its name and as a text.
func (f *File) IsForeign() bool {
	if f.BareName() != "" || !hasExtension(f.Name) {
		return false
	}
	_, problems := f.documents()
	return len(problems) == 0
}
