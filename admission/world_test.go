package admission

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// world is a namespace under the guard: what is applied is reviewed, and is there afterwards unless it was refused.
type world struct {
	t        *testing.T
	policy   policy.Policy
	user     string
	clock    time.Time
	uids     int
	around   surroundings
	outdated bool
	reviewer *Reviewer
	objects  map[inventory.Key]exampleObject
}

// worldWith has objects that were there before the guard was.
func worldWith(t *testing.T, manifests ...string) *world {
	t.Helper()
	w := &world{t: t, policy: policy.Default(), clock: exampleDay(), around: beside(t), objects: map[inventory.Key]exampleObject{}}
	var err error
	w.reviewer, err = NewReviewer(Options{Policy: func() *policy.Policy { return &w.policy }, Now: func() time.Time { return w.clock }, Surroundings: worldSurroundings{w.around, w}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range manifests {
		for _, object := range w.read(text) {
			w.put(w.born(object))
		}
	}
	w.wait(time.Hour)
	return w
}

func (w *world) read(text string) []exampleObject {
	w.t.Helper()
	objects, err := readManifests(text)
	if err != nil {
		w.t.Fatal(err)
	}
	return objects
}

func (w *world) wait(d time.Duration) { w.clock = w.clock.Add(d) }

// born is an object as the API server completes it.
func (w *world) born(object exampleObject) exampleObject {
	w.uids++
	return w.edited(object, func(metadata map[string]any) {
		metadata["uid"] = fmt.Sprintf("uid-%d", w.uids)
		metadata["creationTimestamp"] = w.clock.Format(time.RFC3339)
		if generate, ok := metadata["generateName"].(string); ok && metadata["name"] == nil {
			metadata["name"] = fmt.Sprintf("%sx7kz%d", generate, 4+w.uids%6)
		}
	})
}

func (w *world) edited(object exampleObject, edit func(map[string]any)) exampleObject {
	w.t.Helper()
	var content map[string]any
	if err := json.Unmarshal(object.raw, &content); err != nil {
		w.t.Fatal(err)
	}
	edit(content["metadata"].(map[string]any))
	raw, err := json.Marshal(content)
	if err != nil {
		w.t.Fatal(err)
	}
	changed := exampleObject{raw: raw}
	if err := json.Unmarshal(raw, &changed); err != nil {
		w.t.Fatal(err)
	}
	changed.Namespace = object.Namespace
	return changed
}

func (w *world) put(object exampleObject) {
	w.t.Helper()
	if err := w.around.addAt(object, w.clock); err != nil {
		w.t.Fatal(err)
	}
	w.objects[keyOf(object)] = object
}

// apply creates or updates what a manifest describes, and expects that nothing of it is refused.
func (w *world) apply(manifests ...string) {
	w.t.Helper()
	for _, text := range manifests {
		for _, object := range w.read(text) {
			if decision := w.submit(object, false); decision.Verdict() == VerdictDeny {
				w.t.Errorf("%s %s is refused: %v", object.Kind, object.Name, messages(decision))
			}
		}
	}
}

// refused expects that a manifest is refused.
func (w *world) refused(manifest string) {
	w.t.Helper()
	if decision := w.submit(w.read(manifest)[0], false); decision.Verdict() != VerdictDeny {
		w.t.Errorf("it is let in: %v", messages(decision))
	}
}

// submit reviews one object as the API server has it reviewed: with a uid, and beside the object that it replaces.
func (w *world) submit(object exampleObject, dryRun bool) Decision {
	w.t.Helper()
	before, exists := w.objects[keyOf(object)]
	if exists {
		object = w.edited(object, func(metadata map[string]any) {
			metadata["uid"], metadata["creationTimestamp"] = before.UID, before.CreationTimestamp
		})
	} else {
		object = w.born(object)
	}
	request := object.request(admissionv1.Create)
	if exists {
		request.Operation, request.OldObject = admissionv1.Update, runtime.RawExtension{Raw: before.raw}
	}
	request.UserInfo.Username, request.DryRun = w.user, &dryRun
	decision, after, err := w.reviewer.Decide(request)
	if err != nil {
		w.t.Fatal(err)
	}
	if decision.Verdict() != VerdictDeny && !dryRun {
		object.raw = after
		w.put(object)
	}
	return decision
}

func (w *world) remove(manifests ...string) {
	w.t.Helper()
	for _, text := range manifests {
		for _, object := range w.read(text) {
			w.around.remove(object, w.clock)
			delete(w.objects, keyOf(object))
		}
	}
	w.around.GivenAccounts = validation.NewGivenAccounts()
	for _, object := range w.objects {
		decode := func(into any) error { return json.Unmarshal(object.raw, into) }
		add, err := validation.AccountPiece(object.Kind, object.Namespace, decode)
		if err != nil {
			w.t.Fatal(err)
		}
		if add != nil {
			add(w.around.GivenAccounts, w.clock)
		}
	}
}

// worldSurroundings may be out of date.
type worldSurroundings struct {
	surroundings

	world *world
}

func (s worldSurroundings) Inventory() (*inventory.Inventory, bool) {
	known, ok := s.surroundings.Inventory()
	return known, ok && !s.world.outdated
}

// stale lets the watches fail from now on.
func (w *world) stale() { w.outdated = true }
