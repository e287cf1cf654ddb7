package check

import (
	"encoding/json"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// content is what is kept of a file.
type content struct {
	// objects that are listed in the report, and how many others there were.
	objects []Object
	skipped int
	// candidates are those that may be judged, or matter to others.
	candidates []*candidate
	problems   []error
	left       []Remark
}

// candidate is an object that may be judged, or matters to others.
type candidate struct {
	document *manifest.Document
	// ordinal is its place among the objects of its document.
	ordinal int
	// what and where it is.
	admission.Identified
	piece admission.Piece
	// in is the content that it is of, and listed its place in the objects of that.
	in     *content
	listed int
}

// report is the object as the report has it.
func (c *candidate) report() *Object { return &c.in.objects[c.listed] }

// read reads a file and lets go of what matters to nobody.
func (c *checker) read(source manifest.Source) *content {
	file, problems := source.Load(c.stdin)
	read := &content{problems: problems}
	if file == nil {
		return read
	}
	for _, document := range file.Documents {
		kept := len(read.candidates)
		for ordinal, object := range document.Objects() {
			read.add(c.options, document, ordinal, object)
		}
		if len(read.candidates) > kept {
			document.Release()
		}
	}
	return read
}

// add takes an object, and forgets it if it matters to nobody.
func (r *content) add(options Options, document *manifest.Document, ordinal int, object *manifest.Object) {
	group, _, where := identify(object, options.Namespace)
	what := admission.Identified{Group: group, Kind: object.Kind, Namespace: where, Name: object.Name}
	piece, err := admission.PieceOf(what, object.Decode)
	if err != nil {
		if err = object.UnlessForeign(err); err != nil {
			r.problems = append(r.problems, err)
		}
		piece = admission.Piece{}
	}
	if !piece.Matters() && !options.WithSkipped && !options.WithObjects {
		r.skipped++
		return
	}
	listed := Object{
		Place: object.Place(), APIVersion: object.APIVersion, Kind: object.Kind, Namespace: where, Name: object.Name, Verdict: admission.VerdictSkip,
	}
	if options.WithObjects {
		listed.Mutated = asJSON(object)
	}
	r.objects = append(r.objects, listed)
	if piece.Matters() {
		r.candidates = append(r.candidates, &candidate{
			document: document, ordinal: ordinal, Identified: what, piece: piece, in: r, listed: len(r.objects) - 1,
		})
	}
}

// asJSON is an object as kubectl sends it, nil if it cannot be read, which is said elsewhere.
func asJSON(object *manifest.Object) json.RawMessage {
	fields, err := object.Content()
	if err != nil {
		return nil
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	return raw
}

// byDocument are the candidates that are judged, each document's together.
func (r *content) byDocument() [][]*candidate {
	var groups [][]*candidate
	judged := slices.DeleteFunc(slices.Clone(r.candidates), func(c *candidate) bool { return !c.piece.Judged })
	for start := 0; start < len(judged); {
		end := start + 1
		for end < len(judged) && judged[end].document == judged[start].document {
			end++
		}
		groups = append(groups, judged[start:end])
		start = end
	}
	return groups
}
