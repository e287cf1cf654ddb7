package cluster

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func sortedKeys[V any](all map[string]V) []string { return slices.Sorted(maps.Keys(all)) }

func ownedBy(kind, name string) []metav1.OwnerReference {
	return []metav1.OwnerReference{{APIVersion: "flink.apache.org/v1beta1", Kind: kind, Name: name, UID: ownerUID(name)}}
}

func ownerUID(name string) types.UID { return types.UID("uid-of-" + name) }

// eventsAbout has a controller judge one Deployment, twice, and returns the events that it writes.
func eventsAbout(t *testing.T, s *Surroundings, answer error) (written []*eventsv1.Event, failure error) {
	t.Helper()
	recording := interceptor.NewClient(fakeClient(t), interceptor.Funcs{
		Create: func(_ context.Context, _ client.WithWatch, object client.Object, _ ...client.CreateOption) error {
			written = append(written, object.(*eventsv1.Event))
			return answer
		},
	})
	c := &eventController{surroundings: s, events: &eventWriter{
		client: recording, metrics: s.options.Metrics, instance: "replica", now: func() time.Time { return time.Unix(1000, 0) },
	}}
	for range 2 {
		if _, err := c.Reconcile(t.Context(), inventory.Key{Kind: "Deployment", Namespace: "team", Name: "demo"}); err != nil {
			failure = err
		}
	}
	return written, failure
}

func TestEventsAreWrittenOnTheTopmostOwner(t *testing.T) {
	owned := func(kind, name string) *keptObject {
		object := deployment("team", "demo", "", "jobmanager")
		object.OwnerReferences = ownedBy(kind, name)
		return keptOf(t, object)
	}
	resource := func(name string, owners ...metav1.OwnerReference) *keptObject {
		object := flinkDeployment("team", name)
		object.SetOwnerReferences(owners)
		return transformTwice[client.Object](t, slimResource, object).(*keptObject)
	}
	another := func(name string, owners ...metav1.OwnerReference) *keptObject {
		object := flinkDeployment("team", name)
		object.SetOwnerReferences(owners)
		object.SetUID("another")
		return transformTwice[client.Object](t, slimResource, object).(*keptObject)
	}
	team := func(labels ...string) client.Object { return namespace("team", labels...) }
	cases := map[string]struct {
		objects   []*keptObject
		namespace client.Object
		want      []string
	}{
		"a custom resource's":             {[]*keptObject{owned("FlinkDeployment", "demo"), resource("demo")}, team(), []string{"FlinkDeployment demo"}},
		"its resource is not known":       {[]*keptObject{owned("FlinkDeployment", "demo")}, team(), []string{"FlinkDeployment demo"}},
		"one of two that change places":   {[]*keptObject{owned("FlinkDeployment", "demo"), resource("demo", ownedBy("FlinkBlueGreenDeployment", "both")...)}, team(), []string{"FlinkBlueGreenDeployment both"}},
		"its resource is another by now":  {[]*keptObject{owned("FlinkDeployment", "demo"), another("demo", ownedBy("FlinkBlueGreenDeployment", "both")...)}, team(), []string{"FlinkDeployment demo"}},
		"nobody's":                        {[]*keptObject{keptOf(t, deployment("team", "demo", "", "jobmanager"))}, team(), nil},
		"it is gone":                      {nil, team(), nil},
		"the namespace is free of us":     {[]*keptObject{owned("FlinkDeployment", "demo")}, team("flink-ha.dev/guard", "disabled"), nil},
		"the namespace is labelled":       {[]*keptObject{owned("FlinkDeployment", "demo")}, team("flink-ha.dev/enforce", "off"), []string{"FlinkDeployment demo"}},
		"the namespace is not known":      {[]*keptObject{owned("FlinkDeployment", "demo")}, namespace("other"), nil},
		"an owner that owns itself, oops": {[]*keptObject{owned("FlinkDeployment", "demo"), resource("demo", ownedBy("FlinkDeployment", "demo")...)}, team(), []string{"FlinkDeployment demo"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synced, o := true, everything()
			o.Judge = func(member *inventory.Member) []validation.Finding {
				return []validation.Finding{{Rule: "storage-dir-missing", Violation: validation.Violation{Setting: member.Name}}}
			}
			s := surroundings(t, o, &synced, tc.namespace)
			for _, object := range tc.objects {
				s.feed.replaceObject(nil, object)
			}
			written, err := eventsAbout(t, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, event := range written {
				got = append(got, event.Regarding.Kind+" "+event.Regarding.Name)
				if event.Regarding.UID != ownerUID(event.Regarding.Name) || event.ReportingInstance != "replica" || event.EventTime.Unix() != 1000 {
					t.Errorf("got %+v", event)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("events on (-want,+got), each once:\n%s", diff)
			}
		})
	}
}

func TestEventsAreWrittenOnceAndNotWithoutEnd(t *testing.T) {
	object := deployment("team", "demo", "", "jobmanager")
	object.OwnerReferences = ownedBy("FlinkDeployment", "demo")
	resource := schema.GroupResource{Resource: "events"}
	many := make([]validation.Finding, 3*maxEventsPerMember)
	for i := range many {
		many[i] = validation.Finding{Rule: "r", Violation: validation.Violation{Detail: string(rune('a' + i))}}
	}
	one := many[:1]
	cases := map[string]struct {
		findings []validation.Finding
		answer   error
		synced   bool
		want     int
		trouble  bool
	}{
		"the same twice":            {append(slices.Clone(one), one...), nil, true, 1, false},
		"another replica wrote it":  {one, apierrors.NewAlreadyExists(resource, "x"), true, 1, false},
		"the namespace is gone":     {one, apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "team"), true, 1, false},
		"the guard lacks the right": {one, apierrors.NewForbidden(resource, "x", errors.New("no")), true, 2, true},
		"far too many findings":     {many, nil, true, maxEventsPerMember, false},
		"nothing to tell":           {nil, nil, true, 0, false},
		"the caches are not full":   {one, nil, false, 0, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := everything()
			o.Judge = func(*inventory.Member) []validation.Finding { return tc.findings }
			metrics, registry := newMetrics(t)
			o.Metrics = metrics
			s := surroundings(t, o, &tc.synced, namespace("team"), object)
			written, err := eventsAbout(t, s, tc.answer)
			if (err != nil) != tc.trouble || tc.trouble && !errors.Is(err, tc.answer) {
				t.Errorf("error: %v", err)
			}
			if len(written) != tc.want {
				t.Errorf("%d attempts to write, want %d", len(written), tc.want)
			}
			if _, counted := scraped(t, registry)[`events_total{reason="R"}`]; counted != (tc.answer == nil && tc.want > 0) {
				t.Errorf("metrics: %v", scraped(t, registry))
			}
		})
	}
}

func TestEventsThatWereToldOfAreForgottenInTheEnd(t *testing.T) {
	var told toldOf
	now := time.Unix(1000, 0)
	for i := range 3 * maxToldOf {
		told.add(client.ObjectKey{Name: time.Duration(i).String()}, now)
	}
	last := client.ObjectKey{Name: time.Duration(3*maxToldOf - 1).String()}
	if len(told.names) > maxToldOf || !told.has(last, now) {
		t.Errorf("%d are remembered", len(told.names))
	}
	if told.has(last, now.Add(toldFor)) {
		t.Error("what the API server has forgotten is not told again")
	}
}
