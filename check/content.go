package check

import (
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// content is what is kept of a file, or of a cluster.
type content struct {
	source manifest.Source
	// objects that are listed in the report, and how many others there were.
	objects []Object
	skipped int
	// candidates are those that may be judged, or matter to others.
	candidates []*candidate
	// bare is set for a file that Flink reads as it is.
	bare *bareFile
	// live is true for what a cluster has.
	live     bool
	problems []error
	left     []Remark
}

// candidate is an object that may be judged, or matters to others.
type candidate struct {
	// document is nil where nothing of it is asked again.
	document *manifest.Document
	// ordinal is its place among the objects of its document.
	ordinal int
	// what and where it is.
	admission.Identified
	piece admission.Piece
	// said tells what the object says: two that say the same are one.
	said [sha256.Size]byte
	// in is the content that it is of, and listed its place in the objects of that.
	in     *content
	listed int
	// judged tells how often it was judged, and partly that there are worlds in which it was not.
	judged int
	partly bool
}

// report is the object as the report has it.
func (c *candidate) report() *Object { return &c.in.objects[c.listed] }

// take keeps what matters of a document.
func (c *checker) take(read *content, document *manifest.Document) {
	kept := len(read.candidates)
	for ordinal, object := range document.Objects() {
		read.add(&c.options, document, ordinal, object)
	}
	if len(read.candidates) > kept {
		document.Release()
	}
}

// add takes an object, and forgets it if it matters to nobody.
func (r *content) add(options *Options, document *manifest.Document, ordinal int, object *manifest.Object) {
	namespace := options.Namespace
	if namespace == "" {
		namespace = r.source.Namespace
	}
	group, version, where := identify(object, namespace)
	what := admission.Identified{Group: group, Kind: object.Kind, Namespace: where, Name: object.Name}
	var piece admission.Piece
	var err error
	if isServed(group, version) {
		piece, err = admission.PieceOf(what, object.Decode)
	}
	if err != nil {
		r.complain(options, object.UnlessForeign(err))
		piece = admission.Piece{}
	}
	if !piece.Matters() && !options.WithSkipped && !options.WithObjects {
		r.skipped++
		return
	}
	listed := Object{
		Place: object.Place(), APIVersion: object.APIVersion, Kind: object.Kind, Namespace: where, Name: object.Name, Verdict: admission.VerdictSkip,
	}
	if options.WithUnknown && piece.Opaque {
		listed.Unknown = []string{opaque}
	}
	var raw json.RawMessage
	if piece.Matters() || options.WithObjects {
		raw = asJSON(object)
	}
	if options.WithObjects {
		listed.Mutated = raw
	}
	r.objects = append(r.objects, listed)
	if piece.Matters() {
		r.candidates = append(r.candidates, &candidate{
			document: document, ordinal: ordinal, Identified: what, piece: piece, said: sha256.Sum256(raw), in: r, listed: len(r.objects) - 1,
		})
	}
}

// complain keeps a problem with an object, nil for none. One that has yet to be rendered is left.
func (r *content) complain(options *Options, problem error) {
	if problem == nil {
		return
	}
	if template, ok := templateAmong([]error{problem}); ok && !options.StrictInput {
		r.left = append(r.left, Remark{template.Place, leftPlaceholder})
		return
	}
	r.problems = append(r.problems, problem)
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

// group is candidates of one document that are judged one after the other.
type group struct {
	document   *manifest.Document
	candidates []*candidate
}

// minTogether is how many candidates of one document are judged one after the other in any case. A document with more, such as a long
// List, is read once for each worker, so that it does not keep one processor busy and the others waiting.
const minTogether = 512

// groupsOf are the candidates that are judged, such as can be judged at once by so many workers.
func groupsOf(candidates []*candidate, workers int) []group {
	var all []group
	judged := slices.DeleteFunc(slices.Clone(candidates), func(c *candidate) bool { return !c.piece.Judged })
	for start := 0; start < len(judged); {
		document, end := judged[start].document, start+1
		for end < len(judged) && judged[end].document == document {
			end++
		}
		size := max(minTogether, (end-start+workers-1)/workers)
		for ; start < end; start = min(start+size, end) {
			all = append(all, group{document, judged[start:min(start+size, end)]})
			document = document.Again() // no two of them read the same
		}
	}
	return all
}
