package fix

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// round makes what can be made for one report.
type round struct {
	report  *check.Report
	targets *targets
	made    []deed
	refused []Refusal
	// banned are the units that undo each other.
	banned map[string]bool
	// wanted are the values that findings want for one place.
	wanted map[address]map[string]bool
	// configMaps of the report, by namespace and name.
	configMaps map[[2]string][]*check.Object
}

// deed is a unit that was made, and in which file.
type deed struct {
	Fix

	id, path string
}

// address is a place that a finding wants changed.
type address struct {
	spot

	path, key string
}

var (
	errConflict  = errors.New("findings want different values for one place; decide, and edit it by hand")
	errUndone    = errors.New("another finding wants the contrary, and each fix would undo the other; decide, and edit it by hand")
	errElsewhere = errors.New("the ConfigMap is not among the objects that are judged; edit it by hand")
	errSeveral   = errors.New("there are several ConfigMaps of this name, and which of them is meant is not known; edit it by hand")
)

func newRound(report *check.Report, sources []manifest.Source, banned map[string]bool) *round {
	r := &round{report: report, banned: banned, targets: newTargets(sources), wanted: map[address]map[string]bool{}, configMaps: map[[2]string][]*check.Object{}}
	for i := range report.Objects {
		if object := &report.Objects[i]; object.Kind == "ConfigMap" {
			name := [2]string{object.Namespace, object.Name}
			r.configMaps[name] = append(r.configMaps[name], object)
		}
	}
	return r
}

// run makes all units that can be made.
func (r *round) run() {
	edits, findings, removals := units(r.report)
	for _, u := range edits {
		r.settle(u, r.operate(u))
	}
	for _, u := range slices.Concat(findings, removals) {
		r.want(u)
	}
	for _, u := range findings {
		r.settle(u, r.change(u))
	}
	// Taking out one item moves those behind it: the next one waits for the next round.
	shortened := map[spot]bool{}
	for _, u := range removals {
		at, err := r.targets.find(u.object)
		if err == nil && shortened[at] {
			continue
		}
		shortened[at] = true
		r.settle(u, r.change(u))
	}
}

// outcome is what became of a unit: nothing was to be done, or it was done, or there is a reason why not.
type outcome struct {
	changed bool
	// path of the file that was changed last.
	path string
	err  error
}

func (r *round) settle(u *unit, became outcome) {
	switch {
	case became.err != nil:
		r.refused = append(r.refused, Refusal{Fix: u.Fix, Reason: became.err.Error()})
	case became.changed:
		r.made = append(r.made, deed{Fix: u.Fix, id: u.id(), path: became.path})
	}
}

// operate makes an edit of admission's.
func (r *round) operate(u *unit) outcome {
	if r.banned[u.id()] {
		return outcome{err: errUndone}
	}
	at, err := r.targets.find(u.object)
	if err != nil {
		return outcome{err: err}
	}
	if at.isBare() {
		return r.operateBare(at, u)
	}
	edits := make([]manifest.Edit, len(u.operations))
	for i, operation := range u.operations {
		edit := manifest.Edit{Object: at.ordinal, Pointer: operation.Path}
		switch operation.Op {
		case "add":
			edit.Action = manifest.Add
		case "remove":
			edit.Action = manifest.Remove
		case "test":
			edit.Action = manifest.Test
		}
		if operation.Value != nil {
			if err := json.Unmarshal(operation.Value, &edit.Value); err != nil {
				return outcome{err: errors.New("the edit has no value")}
			}
		}
		edits[i] = edit
	}
	before := at.documents[at.document]
	after, err := before.With(edits...)
	if err != nil {
		return outcome{err: err}
	}
	at.documents[at.document] = after
	return outcome{changed: after != before, path: at.target.path}
}

// operateBare makes an edit of the one field that a file of Flink's own stands for.
func (r *round) operateBare(at spot, u *unit) outcome {
	if len(u.operations) != 1 || u.operations[0].Op != "replace" || !strings.HasPrefix(u.operations[0].Path, "/data/") {
		return outcome{err: errors.New("a file that Flink reads has no such field")}
	}
	var text string
	if err := json.Unmarshal(u.operations[0].Value, &text); err != nil {
		return outcome{err: errors.New("the edit has no text")}
	}
	changed := at.text != text
	at.text = text
	return outcome{changed: changed, path: at.target.path}
}

// place is where a change of an object's finding belongs: in the object, or in a ConfigMap that it reads.
func (r *round) place(u *unit, change validation.Change) (address, error) {
	name, path, elsewhere := flink.CutConfigMap(change.Path)
	if !elsewhere {
		at, err := r.targets.find(u.object)
		return address{spot: at, path: change.Path, key: change.Key}, err
	}
	candidates := nearest(u.object.File, r.configMaps[[2]string{u.object.Namespace, name}])
	switch len(candidates) {
	case 0:
		return address{}, errElsewhere
	case 1:
		at, err := r.targets.find(candidates[0])
		return address{spot: at, path: path, key: change.Key}, err
	}
	return address{}, errSeveral
}

// nearest are those of the objects that are in the same file, or else in the same folder, if there are any.
func nearest(file string, objects []*check.Object) []*check.Object {
	for _, isNear := range []func(*check.Object) bool{
		func(o *check.Object) bool { return o.File == file },
		func(o *check.Object) bool { return filepath.Dir(o.File) == filepath.Dir(file) },
	} {
		if near := slices.DeleteFunc(slices.Clone(objects), func(o *check.Object) bool { return !isNear(o) }); len(near) > 0 {
			return near
		}
	}
	return objects
}

// want notes what a finding wants, so that nothing is made of what two of them want differently.
func (r *round) want(u *unit) {
	for _, change := range u.changes {
		at, err := r.place(u, change)
		if err != nil {
			continue
		}
		if r.wanted[at] == nil {
			r.wanted[at] = map[string]bool{}
		}
		raw, _ := json.Marshal(change.Value)
		r.wanted[at][string(raw)] = true
	}
}

// change makes all changes of a finding, or none.
func (r *round) change(u *unit) outcome {
	if r.banned[u.id()] {
		return outcome{err: errUndone}
	}
	var before []state
	var became outcome
	changes := inOrder(u.changes)
	for i := 0; i < len(changes); i++ {
		at, err := r.place(u, changes[i])
		if err == nil && len(r.wanted[at]) > 1 {
			err = errConflict
		}
		if err == nil {
			was := stateOf(at.spot)
			before = append(before, was)
			if i+1 < len(changes) && isRename(changes[i], changes[i+1]) && at.rename(changes[i+1].Key, changes[i+1].Value) {
				i++
			} else {
				err = at.write(changes[i].Value)
			}
			became.changed, became.path = became.changed || was != stateOf(at.spot), at.target.path
		}
		if err != nil {
			for _, was := range slices.Backward(before) {
				was.restore()
			}
			return outcome{err: err}
		}
	}
	return became
}

// state is what an object's document, or a file of Flink's own, was.
type state struct {
	spot     spot
	document *manifest.Document
	text     string
}

func stateOf(at spot) state {
	was := state{spot: at, text: at.text}
	if !at.isBare() {
		was.document = at.documents[at.document]
	}
	return was
}

func (s state) restore() {
	s.spot.text = s.text
	if s.document != nil {
		s.spot.documents[s.spot.document] = s.document
	}
}

// inOrder has the items that are taken out of lists last, the later ones first.
func inOrder(changes []validation.Change) []validation.Change {
	var items []validation.Change
	ordered := slices.DeleteFunc(slices.Clone(changes), func(change validation.Change) bool {
		if isItem(change) {
			items = append(items, change)
		}
		return isItem(change)
	})
	// Indices of one list differ in length before they differ in digits.
	slices.SortStableFunc(items, func(a, b validation.Change) int {
		if len(a.Path) != len(b.Path) {
			return len(b.Path) - len(a.Path)
		}
		return strings.Compare(b.Path, a.Path)
	})
	return append(ordered, items...)
}
