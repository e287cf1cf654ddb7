package cluster

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/flowcontrol"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// freeing is an owner controller beside a cluster of which it sees everything at once.
type freeing struct {
	*ownerController
	client client.WithWatch
	// written are the patches, and events the Events.
	written []string
	events  []*eventsv1.Event
	// answer is the error that patches get.
	answer error
	clock  time.Time
}

func freeingOf(t *testing.T, o Options, objects ...client.Object) *freeing {
	t.Helper()
	synced := true
	s := surroundings(t, o, &synced, objects...)
	_, others := storesWith(t, objects...)
	f := &freeing{client: fakeClient(t, others...), clock: time.Unix(1_000_000, 0)}
	// What the informer has seen are the ConfigMaps as the fake API server has numbered them.
	for _, state := range s.owned.list() {
		seen := *state
		seen.ResourceVersion = f.configMap(t, state.Namespace, state.Name).ResourceVersion
		s.feed.stateListeners.each(func(hear func(before, after *inventory.HAState)) { hear(state, &seen) })
	}
	recording := interceptor.NewClient(f.client, interceptor.Funcs{
		Create: func(_ context.Context, _ client.WithWatch, object client.Object, _ ...client.CreateOption) error {
			f.events = append(f.events, object.(*eventsv1.Event))
			return nil
		},
		Patch: func(ctx context.Context, c client.WithWatch, object client.Object, patch client.Patch, opts ...client.PatchOption) error {
			data, err := patch.Data(object)
			if err != nil || patch.Type() != types.MergePatchType {
				t.Fatalf("%v, %s", err, patch.Type())
			}
			f.written = append(f.written, string(data))
			if f.answer != nil {
				return f.answer
			}
			return c.Patch(ctx, object, patch, opts...)
		},
	})
	now := func() time.Time { return f.clock }
	f.ownerController = &ownerController{
		client: recording, surroundings: s, states: s.owned, events: &eventWriter{client: recording, now: now}, now: now,
		patches: flowcontrol.NewFakeAlwaysRateLimiter(), complaints: flowcontrol.NewTokenBucketRateLimiter(0.001, 1),
	}
	return f
}

func (f *freeing) configMap(t *testing.T, namespace, name string) *corev1.ConfigMap {
	t.Helper()
	var found corev1.ConfigMap
	if err := f.client.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, &found); err != nil {
		t.Fatal(err)
	}
	return &found
}

func (f *freeing) look(t *testing.T, namespace, name string) reconcile.Result {
	t.Helper()
	result, err := f.Reconcile(t.Context(), reconcile.Request{NamespacedName: types.NamespacedName{Namespace: namespace, Name: name}})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// ownedState is the leader ConfigMap of a cluster, with owners.
func ownedStateOf(namespace, cluster string, owners ...metav1.OwnerReference) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: cluster + "-cluster-config-map", UID: types.UID("uid-of-state-" + cluster), OwnerReferences: owners,
			Labels: map[string]string{"app": cluster, "type": "flink-native-kubernetes"}, Annotations: map[string]string{"a": "b"},
		},
		Data: map[string]string{"counter": "7"},
	}
}

func ownedByDeployment(name, uid string) metav1.OwnerReference {
	return metav1.OwnerReference{APIVersion: "apps/v1", Kind: "Deployment", Name: name, UID: types.UID(uid)}
}

func TestOwnerReferencesAreRemovedWhereThePolicySaysSo(t *testing.T) {
	const name = "demo-cluster-config-map"
	owner := ownedByDeployment("gone", "x")
	annotated := func(value string) *corev1.ConfigMap {
		state := ownedStateOf("team", "demo", owner)
		state.Annotations[policy.AnnotationKeepOwnerReferences] = value
		return state
	}
	changed := func(change func(*policy.Policy)) func() *policy.Policy {
		p := policy.Default()
		change(&p)
		return func() *policy.Policy { return &p }
	}
	inTeam := func(labels ...string) []client.Object {
		return []client.Object{namespace("team", labels...), ownedStateOf("team", "demo", owner)}
	}
	deleted := ownedStateOf("team", "demo", owner)
	deleted.DeletionTimestamp, deleted.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"x/y"}
	foreign := ownedStateOf("team", "demo", owner)
	foreign.Name = "flink-config-demo"
	cases := map[string]struct {
		policy  func() *policy.Policy
		objects []client.Object
		want    bool
	}{
		"an owner":                          {objects: inTeam(), want: true},
		"kept":                              {objects: []client.Object{namespace("team"), annotated("1970-02-01 tests")}},
		"kept until yesterday":              {objects: []client.Object{namespace("team"), annotated("1970-01-01 tests")}, want: true},
		"kept without a date":               {objects: []client.Object{namespace("team"), annotated("yes")}, want: true},
		"the policy does not strip":         {policy: changed(func(p *policy.Policy) { p.HAConfigMaps.StripOwnerReferences = false }), objects: inTeam()},
		"the guard is off":                  {objects: inTeam(policy.LabelGuard, policy.GuardDisabled)},
		"nothing is enforced":               {objects: inTeam(policy.LabelEnforce, "off")},
		"an exempt namespace":               {policy: changed(func(p *policy.Policy) { p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team"}} }), objects: inTeam()},
		"an unknown namespace":              {objects: []client.Object{ownedStateOf("team", "demo", owner)}},
		"a namespace that is going":         {objects: []client.Object{terminating("team"), ownedStateOf("team", "demo", owner)}},
		"a ConfigMap that is being deleted": {objects: []client.Object{namespace("team"), deleted}},
		"no owner":                          {objects: []client.Object{namespace("team"), ownedStateOf("team", "demo")}},
		"no HA state":                       {objects: []client.Object{namespace("team"), foreign}},
	}
	for what, tc := range cases {
		t.Run(what, func(t *testing.T) {
			o := everything()
			if tc.policy != nil {
				o.Policy = tc.policy
			}
			f := freeingOf(t, o, tc.objects...)
			for range 2 {
				f.look(t, "team", name)
			}
			if got := len(f.written) == 1; got != tc.want || len(f.written) > 1 {
				t.Fatalf("written: %v, want a patch: %t", f.written, tc.want)
			}
			if !tc.want {
				return
			}
			after := f.configMap(t, "team", name)
			if len(after.OwnerReferences) > 0 || len(after.Labels) != 2 || after.Annotations["a"] != "b" || after.Data["counter"] != "7" {
				t.Errorf("got %+v, want its owners gone and nothing else", after)
			}
		})
	}
	for _, unseen := range []string{"kube-system", "guard"} {
		f := freeingOf(t, everything(), namespace(unseen), ownedStateOf(unseen, "demo", owner))
		if f.look(t, unseen, name); len(f.written) > 0 {
			t.Errorf("in %s: %v", unseen, f.written)
		}
	}
}

func TestThePatchIsAboutTheVersionThatWasSeen(t *testing.T) {
	f := freeingOf(t, everything(), namespace("team"), ownedStateOf("team", "demo", ownedByDeployment("x", "y")))
	renewed := f.configMap(t, "team", "demo-cluster-config-map")
	renewed.Annotations["a"] = "c"
	if err := f.client.Update(t.Context(), renewed); err != nil {
		t.Fatal(err)
	}
	if got := f.look(t, "team", "demo-cluster-config-map"); got.RequeueAfter == 0 {
		t.Error("after a conflict it is not tried again")
	}
	want := []string{`{"metadata":{"ownerReferences":null,"resourceVersion":"999","uid":"uid-of-state-demo"}}`}
	if diff := cmp.Diff(want, f.written); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
	if len(f.configMap(t, "team", "demo-cluster-config-map").OwnerReferences) != 1 || len(f.events) > 0 {
		t.Errorf("another version was patched, or told of: %v", f.events)
	}
}

func TestWhatCannotBeFreedIsLeftAloneForAWhile(t *testing.T) {
	metrics, registry := newMetrics(t)
	o := everything()
	o.Metrics = metrics
	first, second := ownedStateOf("team", "first", ownedByDeployment("x", "y")), ownedStateOf("team", "second", ownedByDeployment("x", "y"))
	f := freeingOf(t, o, namespace("team"), first, second)
	f.answer = apierrors.NewForbidden(schema.GroupResource{Resource: "configmaps"}, first.Name, errors.New("cannot set an ownerRef on a resource you can't delete"))
	for range 3 {
		for _, state := range []*corev1.ConfigMap{first, second} {
			if f.look(t, "team", state.Name).RequeueAfter == 0 {
				t.Errorf("%s is not tried again", state.Name)
			}
		}
	}
	if len(f.written) != 2 || len(f.events) != 2 || f.events[1].Regarding.Kind != "Deployment" {
		t.Fatalf("%d patches and the events %v, want one patch each, and one told of on the ConfigMap and on its owner", len(f.written), f.events)
	}
	if event := f.events[0]; event.Type != corev1.EventTypeWarning || event.Reason != "HaOwnerReferencesNotRemoved" ||
		!strings.Contains(event.Note, "OwnerReferencesPermissionEnforcement") || !strings.Contains(event.Note, "ownerRef on a resource") {
		t.Errorf("got %+v", event)
	}
	f.answer = nil
	f.clock = f.clock.Add(refusedDelay)
	for _, state := range []*corev1.ConfigMap{first, second} {
		if f.look(t, "team", state.Name); len(f.configMap(t, "team", state.Name).OwnerReferences) > 0 {
			t.Errorf("%s is still owned", state.Name)
		}
	}
	got := scraped(t, registry)
	if got[`ha_owner_references_failures_total{reason="forbidden"}`] != "2" || got[`ha_owner_references_healed_total{risk="owner-gone"}`] != "2" {
		t.Errorf("metrics: %v", got)
	}
}

// TestThoseWhoWaitForTheGarbageCollectorAreTold that it is refused for as long as the guard cannot free what it would delete, whatever
// was told before.
func TestThoseWhoWaitForTheGarbageCollectorAreTold(t *testing.T) {
	o := everything()
	o.OwnerNotes = NewOwnerNotes()
	state := ownedStateOf("team", "demo", ownedByDeployment("jm", "x"))
	f := freeingOf(t, o, namespace("team"), state)
	f.answer = apierrors.NewForbidden(schema.GroupResource{Resource: "configmaps"}, state.Name, errors.New("cannot set an ownerRef on a resource you can't delete"))
	f.look(t, "team", state.Name)
	f.events = nil
	o.OwnerNotes.Note(&admission.HAState{Namespace: "team", Name: state.Name, Held: true, Deleter: validation.DeleterGarbageCollector})
	for range 3 {
		f.clock = f.clock.Add(refusedDelay)
		f.look(t, "team", state.Name)
	}
	if len(f.events) != 2 || f.events[0].Regarding.Kind != kindConfigMap || f.events[1].Regarding.Name != "jm" {
		t.Fatalf("got %v, want an event on the ConfigMap and one on its owner", f.events)
	}
	for _, part := range []string{"in the foreground stays", policy.AnnotationKeepOwnerReferences, "OwnerReferencesPermissionEnforcement"} {
		if note := f.events[1].Note; !strings.Contains(note, part) {
			t.Errorf("%q is not in %q", part, note)
		}
	}
}

// TestWhoeverAddsOwnersAgainIsNotAnsweredEachTime, unless the garbage collector would act on them at once.
func TestWhoeverAddsOwnersAgainIsNotAnsweredEachTime(t *testing.T) {
	for what, owner := range map[string]metav1.OwnerReference{
		"an owner that stays":                 ownedByDeployment("jobmanager", "s"),
		"an owner of a kind that is not seen": {APIVersion: "flinkoperator.k8s.io/v1beta1", Kind: "FlinkCluster", Name: "demo", UID: "c"},
	} {
		t.Run(what, func(t *testing.T) { testAgain(t, owner) })
	}
}

func testAgain(t *testing.T, owner metav1.OwnerReference) {
	staying := jobManager("flink")
	staying.Name, staying.UID = "jobmanager", "s"
	state := ownedStateOf("team", "demo", owner)
	f := freeingOf(t, everything(), namespace("team"), staying, state)
	own := func(owner metav1.OwnerReference) {
		t.Helper()
		current := f.configMap(t, "team", state.Name)
		current.OwnerReferences = []metav1.OwnerReference{owner}
		if err := f.client.Update(t.Context(), current); err != nil {
			t.Fatal(err)
		}
		f.surroundings.feed.replaceHAState(nil, keptStateOf(t, current))
	}
	f.look(t, "team", state.Name)
	for range 20 {
		own(state.OwnerReferences[0])
		if got := f.look(t, "team", state.Name); got.RequeueAfter == 0 {
			t.Error("it is not looked at again")
		}
		f.clock = f.clock.Add(againDelay / 20)
	}
	if len(f.written) != 1 {
		t.Errorf("%d patches, want one", len(f.written))
	}
	if f.look(t, "team", state.Name); len(f.written) != 2 {
		t.Errorf("%d patches after a while, want another one", len(f.written))
	}
	own(ownedByDeployment("gone", "x"))
	if f.look(t, "team", state.Name); len(f.written) != 3 {
		t.Errorf("%d patches, want one at once where the owner is gone", len(f.written))
	}
}

func TestNothingIsFreedUntilTheCachesAreCurrent(t *testing.T) {
	f := freeingOf(t, everything(), namespace("team"), ownedStateOf("team", "demo", ownedByDeployment("x", "y")))
	f.surroundings.hasSynced = []func() bool{func() bool { return false }}
	f.surroundings.synced.Store(false)
	if got := f.look(t, "team", "demo-cluster-config-map"); got.RequeueAfter == 0 || len(f.written) > 0 {
		t.Errorf("got %+v, %v", got, f.written)
	}
}

// TestWhatIsAtRiskComesFirst: what the garbage collector has tried to delete, what it would delete at once, and the rest.
func TestWhatIsAtRiskComesFirst(t *testing.T) {
	o := everything()
	o.OwnerNotes = NewOwnerNotes()
	going := jobManager("flink")
	going.Name, going.UID = "going", "g"
	going.DeletionTimestamp, going.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"foregroundDeletion"}
	staying := jobManager("flink")
	staying.Name, staying.UID = "staying", "s"
	elsewhere := jobManager("flink")
	elsewhere.Name, elsewhere.UID, elsewhere.Namespace = "elsewhere", "e", "other"
	web := deployment("team", "web", "", "serve")
	web.Spec.Template.Spec.Containers[0].Image = "web:1"
	web.UID = "w"
	custom := metav1.OwnerReference{APIVersion: "flinkoperator.k8s.io/v1beta1", Kind: "FlinkCluster", Name: "x", UID: "c"}
	risks := map[string]struct {
		owner metav1.OwnerReference
		want  ownerRisk
	}{
		"absent":     {ownedByDeployment("absent", "x"), riskOwnerGone},
		"going":      {ownedByDeployment("going", "g"), riskOwnerGone},
		"staying":    {ownedByDeployment("staying", "s"), riskOwned},
		"stale-uid":  {ownedByDeployment("staying", "former"), riskOwnerGone},
		"elsewhere":  {ownedByDeployment("elsewhere", "e"), riskOwnerGone},
		"unwatched":  {custom, riskOwnerUnseen},
		"not-flinks": {ownedByDeployment("web", "w"), riskOwned},
		"refused":    {ownedByDeployment("staying", "s"), riskDeletion},
	}
	objects := []client.Object{namespace("team"), namespace("other"), going, staying, elsewhere, web}
	for name, risk := range risks {
		objects = append(objects, ownedStateOf("team", name, risk.owner))
	}
	f := freeingOf(t, o, objects...)
	o.OwnerNotes.Note(&admission.HAState{Namespace: "team", Name: "refused-cluster-config-map", Held: true, Deleter: validation.DeleterGarbageCollector})
	queue := priorityqueue.New[reconcile.Request]("test")
	defer queue.ShutDown()
	f.leads.Store(true)
	f.hear(queue)
	if left := f.addAll(queue); left != len(risks) {
		t.Errorf("%d are left, want %d", left, len(risks))
	}
	eventually(t, "all to be in the queue", func() bool { return queue.Len() == len(risks) })
	priorities := map[ownerRisk]int{riskDeletion: 2, riskOwnerGone: 1, riskOwnerUnseen: 1, riskOwned: 0}
	last := priorities[riskDeletion]
	for range risks {
		request, priority, _ := queue.GetWithPriority()
		queue.Done(request)
		name := strings.TrimSuffix(request.Name, "-cluster-config-map")
		if priority > last || priority != priorities[risks[name].want] {
			t.Errorf("%s came with priority %d after %d, want it as %s", name, priority, last, risks[name].want)
		}
		last = priority
	}
}

func TestOnlyTheLeaderLooksAfterAll(t *testing.T) {
	o := everything()
	o.OwnerNotes = NewOwnerNotes()
	f := freeingOf(t, o, namespace("team"))
	queue := priorityqueue.New[reconcile.Request]("test")
	defer queue.ShutDown()
	f.hear(queue)
	appear := func(cluster string) {
		state := keptStateOf(t, ownedStateOf("team", cluster, ownedByDeployment("x", "y")))
		f.surroundings.feed.replaceHAState(nil, state)
	}
	appear("first")
	if queue.Len() != 0 {
		t.Error("a replica that does not lead frees what it has seen")
	}
	o.OwnerNotes.Note(&admission.HAState{Namespace: "team", Name: "first-cluster-config-map", Held: true, Deleter: validation.DeleterGarbageCollector})
	o.OwnerNotes.Note(&admission.HAState{Namespace: "team", Name: "second-cluster-config-map", Held: true, Deleter: validation.DeleterGarbageCollector})
	appear("second")
	eventually(t, "those that it kept from being deleted, seen before or afterwards", func() bool { return queue.Len() == 2 })
	f.leads.Store(true)
	appear("third")
	eventually(t, "the leader to look after any", func() bool { return queue.Len() == 3 })
	f.surroundings.feed.replaceHAState(nil, keptStateOf(t, ownedStateOf("team", "free")))
	if queue.Len() != 3 {
		t.Error("what has no owner is in the queue")
	}
}

func TestThoseWhoReadOfAFreedConfigMap(t *testing.T) {
	state := ownedStateOf("team", "demo", ownedByDeployment("x", "y"), metav1.OwnerReference{APIVersion: "flinkoperator.k8s.io/v1beta1", Kind: "FlinkCluster", Name: "c", UID: "z"})
	state.ManagedFields = []metav1.ManagedFieldsEntry{managed("spotify", 1, `{"f:metadata":{"f:ownerReferences":{}}}`)}
	f := freeingOf(t, everything(), namespace("team"), state)
	f.look(t, "team", state.Name)
	var regarding []string
	for _, event := range f.events {
		regarding = append(regarding, event.Regarding.APIVersion+" "+event.Regarding.Kind+" "+event.Regarding.Name+" "+string(event.Regarding.UID))
		if event.Namespace != "team" || event.Reason != "HaOwnerReferencesRemoved" || event.Type != corev1.EventTypeNormal || event.Action == "" {
			t.Errorf("got %+v", event)
		}
		for _, part := range []string{`Deployment "x", FlinkCluster "c"`, `"spotify"`, "at once", policy.AnnotationKeepOwnerReferences, "does no harm"} {
			if !strings.Contains(event.Note, part) {
				t.Errorf("%q is not in %q", part, event.Note)
			}
		}
	}
	want := []string{"v1 ConfigMap demo-cluster-config-map uid-of-state-demo", "apps/v1 Deployment x y", "flinkoperator.k8s.io/v1beta1 FlinkCluster c z"}
	if diff := cmp.Diff(want, regarding); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}
