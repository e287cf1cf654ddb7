package fix

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// target is a file that fixes are written into.
type target struct {
	// path that the file is at, links followed.
	path string
	// sources that are this file: several where links lead to it.
	sources []int
	file    *manifest.File
	// documents of the file as they are by now, and text, that of a file of Flink's own.
	documents []*manifest.Document
	text      string
}

// isBare tells whether the file is one that Flink reads as it is.
func (t *target) isBare() bool { return len(t.file.Documents) == 0 && t.file.IsBare() }

// now is the text of the file as it is by now.
func (t *target) now() string {
	if t.isBare() {
		return t.text
	}
	return t.file.TextWith(t.documents)
}

// spot is an object in a file; document and ordinal mean nothing in a file of Flink's own.
type spot struct {
	*target

	document, ordinal int
}

// object as it is by now.
func (s spot) object() *manifest.Object { return s.documents[s.document].Objects()[s.ordinal] }

var (
	errNoFile   = errors.New("it is not in a file that was given")
	errStdin    = errors.New("standard input cannot be written to; save it to a file")
	errRendered = errors.New("it was not read from a file as it stands; fix what it is made from")
	errMoved    = errors.New("the file is not what was judged any more; check again")
)

// targets are the files of one round.
type targets struct {
	sources []manifest.Source
	byName  map[string]int
	// paths that sources lead to, and the sources that lead to each.
	paths  []string
	byPath map[string][]int
	opened map[string]*target
}

func newTargets(sources []manifest.Source) *targets {
	t := &targets{sources: sources, byName: map[string]int{}, paths: make([]string, len(sources)), byPath: map[string][]int{}, opened: map[string]*target{}}
	for i, source := range sources {
		path := source.Name
		if !source.IsStandardInput() {
			if followed, err := filepath.EvalSymlinks(path); err == nil {
				path = followed
			}
		}
		t.byName[source.Name], t.paths[i] = i, path
		t.byPath[path] = append(t.byPath[path], i)
	}
	return t
}

// find reads the file that an object is in, once.
func (t *targets) find(object *check.Object) (spot, error) {
	index, ok := t.byName[object.File]
	if !ok {
		return spot{}, errNoFile
	}
	found, err := t.open(index)
	if err != nil {
		return spot{}, err
	}
	if found.isBare() {
		return spot{target: found}, nil
	}
	for d, document := range found.file.Documents {
		for o, candidate := range document.Objects() {
			place := candidate.Place()
			if place.Line == object.Line && place.Column == object.Column && candidate.Kind == object.Kind && candidate.Name == object.Name {
				return spot{target: found, document: d, ordinal: o}, nil
			}
		}
	}
	return spot{}, errMoved
}

func (t *targets) open(index int) (*target, error) {
	source, path := t.sources[index], t.paths[index]
	if known := t.opened[path]; known != nil {
		return known, nil
	}
	switch {
	case source.IsStandardInput() && !source.IsHeld():
		return nil, errStdin
	case !source.IsStandardInput():
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return nil, errRendered
		}
	}
	file, _ := source.Load(strings.NewReader(""))
	if file == nil {
		return nil, errMoved
	}
	t.opened[path] = &target{path: path, sources: t.byPath[path], file: file, documents: slices.Clone(file.Documents), text: file.Text}
	return t.opened[path], nil
}
