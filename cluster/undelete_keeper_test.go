package cluster

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// keeping is a keeper in front of an API server, at a time of its own.
type keeping struct {
	*keeper
	api    client.WithWatch
	clock  time.Time
	policy policy.Policy
	lacks  string // a kind that the guard may not create
}

func keepingOf(t *testing.T, objects ...client.Object) *keeping {
	t.Helper()
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	name := func(object client.Object) []string { return []string{object.GetName()} }
	builder := fake.NewClientBuilder().WithScheme(scheme)
	for _, object := range []client.Object{&corev1.Secret{}, &corev1.ConfigMap{}} {
		builder.WithIndex(object, metav1.ObjectNameField, name)
	}
	k := &keeping{clock: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), policy: policy.Default()}
	k.policy.HAConfigMaps.Undelete = policy.UndeleteAuto
	k.api = interceptor.NewClient(builder.Build(), interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
			_, configMap := object.(*corev1.ConfigMap)
			_, secret := object.(*corev1.Secret)
			if configMap && k.lacks == "ConfigMap" || secret && k.lacks == "Secret" {
				return apierrors.NewForbidden(corev1.Resource(k.lacks), object.GetName(), errors.New("no"))
			}
			return c.Create(ctx, object, options...)
		},
	})
	synced, o := true, everything()
	o.Policy = func() *policy.Policy { return &k.policy }
	k.keeper = &keeper{
		client: k.api, archive: undelete.Archive{Client: k.api, Namespace: o.Namespace}, surroundings: surroundings(t, o, &synced, objects...),
		events: newEventWriter(k.api, nil), now: func() time.Time { return k.clock },
	}
	k.put(checkpoints())
	return k
}

const checkpointsName = "demo-000000006e6b13320000000000000000-config-map"

// checkpoints is the HA ConfigMap with those of the job.
func checkpoints() *corev1.ConfigMap {
	of := pointing(checkpointsName)
	of.Data = map[string]string{"counter": "8", "checkpointID-0000000000000000007": "pointer"}
	return of
}

// pointing is an HA ConfigMap with a job.
func pointing(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: name, UID: types.UID("uid-" + name), Labels: map[string]string{"type": "flink-native-kubernetes"}},
		Data:       map[string]string{"executionPlan-000000006e6b13320000000000000000": "pointer"},
	}
}

const leaderName = "demo-cluster-config-map"

// lose has the watch say that a ConfigMap is gone, and the keeper deal with it to the end.
func (k *keeping) lose(t *testing.T, configMap *corev1.ConfigMap, deletion undelete.Deletion) {
	t.Helper()
	if !k.takeUp(t.Context(), configMap) {
		return
	}
	for k.rounds(t, configMap.UID) {
		if deletion.Known() {
			if err := k.archive.NoteDeletion(t.Context(), configMap.UID, deletion); err != nil {
				t.Fatal(err)
			}
		}
		k.clock = k.clock.Add(reviewInterval)
	}
}

// rounds tells whether the keeper wants to look again.
func (k *keeping) rounds(t *testing.T, uid types.UID) bool {
	t.Helper()
	result, err := k.Reconcile(t.Context(), uid)
	if err != nil {
		t.Fatal(err)
	}
	return result.RequeueAfter > 0
}

func (k *keeping) notes(t *testing.T) (notes []string) {
	t.Helper()
	var written eventsv1.EventList
	if err := k.api.List(t.Context(), &written); err != nil {
		t.Fatal(err)
	}
	for i := range written.Items {
		notes = append(notes, written.Items[i].Regarding.Kind+": "+written.Items[i].Note)
	}
	return notes
}

func by(deleter validation.Deleter, user string) undelete.Deletion {
	return undelete.Deletion{User: user, Deleter: deleter, At: time.Unix(1000, 0)}
}

func TestWhatTheKeeperMakesOfADeletion(t *testing.T) {
	alice := by(validation.DeleterOther, "alice")
	team := namespace("team")
	cases := map[string]struct {
		deletion undelete.Deletion
		objects  []client.Object
		change   func(*keeping)
		state    *corev1.ConfigMap
		// back tells whether the guard brings it back, told what the Events say; "" for none.
		back bool
		told string
		kept bool
	}{
		"by a user":                        {deletion: alice, objects: []client.Object{team, jobManager("")}, back: true, told: `user "alice" deleted`, kept: true},
		"by the garbage collector":         {deletion: by(validation.DeleterGarbageCollector, "gc"), objects: []client.Object{team, jobManager("")}, back: true, told: "the garbage collector (gc) deleted", kept: true},
		"by Flink, when a job had ended":   {deletion: by(validation.DeleterFlink, "flink"), objects: []client.Object{team, jobManager("")}, state: counting(pointing(leaderName)), kept: true},
		"by an account like Flink's":       {deletion: by(validation.DeleterFlink, "flink"), objects: []client.Object{team, jobManager("")}, told: "an account that may be Flink's (flink) deleted", kept: true},
		"by an account nobody knows":       {deletion: by(validation.DeleterOther, "system:serviceaccount:ops:tidy"), objects: []client.Object{team, jobManager("")}, told: "a service account deleted it", kept: true},
		"with its owner, as it should":     {deletion: by(validation.DeleterGarbageCollector, "system:serviceaccount:kube-system:generic-garbage-collector"), objects: []client.Object{team, jobManager("")}, state: keepingOwners(pointing(leaderName)), told: "its owner references were to stay", kept: true},
		"with its owner, by policy":        {deletion: by(validation.DeleterGarbageCollector, "gc"), objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.policy.HAConfigMaps.StripOwnerReferences = false }, told: "its owner references were to stay", kept: true},
		"the workload is scaled to 0":      {deletion: alice, objects: []client.Object{team, scaled(jobManager(""), 0)}, told: "suspended or scaled to 0", kept: true},
		"its checkpoints are lost":         {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.remove(checkpoints()) }, told: "1 of its jobs would start from empty state", kept: true},
		"by the operator":                  {deletion: by(validation.DeleterOperator, "operator"), objects: []client.Object{team, jobManager("")}, kept: true},
		"with the namespace":               {deletion: by(validation.DeleterNamespaceController, "nc"), objects: []client.Object{team, jobManager("")}, told: "the namespace controller deleted it", kept: true},
		"by nobody knows whom":             {objects: []client.Object{team, jobManager("")}, told: "it is not known who deleted it", kept: true},
		"no workload is known":             {deletion: alice, objects: []client.Object{team}, told: "no workload of the cluster is known", kept: true},
		"only a TaskManager is there":      {deletion: alice, objects: []client.Object{team, taskManager("")}, told: "no workload of the cluster is known", kept: true},
		"nothing is enforced":              {deletion: alice, objects: []client.Object{namespace("team", "flink-ha.dev/enforce", "off"), jobManager("")}, told: "nothing is enforced", kept: true},
		"the namespace goes":               {deletion: alice, objects: []client.Object{terminating("team"), jobManager("")}, told: "the namespace is being deleted", kept: true},
		"the namespace is not known":       {deletion: alice, objects: []client.Object{jobManager("")}, told: "its caches do not hold", kept: true},
		"the namespace is free":            {deletion: alice, objects: []client.Object{namespace("team", "flink-ha.dev/guard", "disabled"), jobManager("")}},
		"people are to do it":              {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.policy.HAConfigMaps.Undelete = policy.UndeleteManual }, told: "until 2026-05-11; to bring it back: flink-ha-webhook state restore -n team demo", kept: true},
		"nothing is kept":                  {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.policy.HAConfigMaps.KeepDeletedDays = 0 }},
		"the user is exempt":               {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.policy.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "alice"}} }, told: "the user is exempt", kept: true},
		"the namespace is exempt":          {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.policy.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "team"}} }, told: "nothing is enforced", kept: true},
		"the right is missing":             {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.lacks = "ConfigMap" }, told: "it lacks the right", kept: true},
		"an annotation exempts it":         {deletion: alice, objects: []client.Object{team, jobManager("")}, state: exempted(pointing(leaderName)), told: "an annotation on it exempts it", kept: true},
		"nothing is in it":                 {deletion: alice, objects: []client.Object{team, jobManager("")}, state: without(pointing(leaderName))},
		"it is no HA state":                {deletion: alice, objects: []client.Object{team, jobManager("")}, state: pointing("flink-config-demo")},
		"it is the guard's own":            {deletion: alice, objects: []client.Object{team}, state: in("guard", pointing(leaderName))},
		"it is there and has lost a label": {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.put(pointing(leaderName)) }},
		"another one is there, with a job": {deletion: alice, objects: []client.Object{team, jobManager("")}, change: func(k *keeping) { k.put(newer(pointing(leaderName))) }, told: "newer than the deletion", kept: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			k := keepingOf(t, tc.objects...)
			if tc.change != nil {
				tc.change(k)
			}
			state := tc.state
			if state == nil {
				state = pointing(leaderName)
			}
			k.lose(t, state, tc.deletion)
			if _, err := k.archive.Entry(t.Context(), state.UID); (err == nil) != tc.kept {
				t.Errorf("kept: %v", err)
			}
			live, err := undelete.Live(t.Context(), k.api, "team", leaderName)
			if err != nil || (live != nil && live.UID == "") != tc.back {
				t.Errorf("back: %v, %v", live, err)
			}
			notes := k.notes(t)
			if (tc.told == "") != (len(notes) == 0) {
				t.Fatalf("told: %q", notes)
			}
			for _, note := range notes {
				if !strings.Contains(note, tc.told) || strings.Contains(note, "the guard has brought it back") != tc.back {
					t.Errorf("told: %s", note)
				}
			}
			if len(k.lost.all) > 0 {
				t.Error("it is not done")
			}
		})
	}
}

func (k *keeping) put(configMap *corev1.ConfigMap) {
	if err := k.api.Create(context.Background(), configMap); err != nil {
		panic(err)
	}
}

func (k *keeping) remove(configMap *corev1.ConfigMap) {
	if err := k.api.Delete(context.Background(), configMap); err != nil {
		panic(err)
	}
}

func scaled(object *appsv1.Deployment, replicas int32) *appsv1.Deployment {
	object.Spec.Replicas = &replicas
	return object
}

func counting(configMap *corev1.ConfigMap) *corev1.ConfigMap {
	configMap.Data = map[string]string{"counter": "8"}
	return configMap
}

func keepingOwners(configMap *corev1.ConfigMap) *corev1.ConfigMap {
	configMap.Annotations = map[string]string{policy.AnnotationKeepOwnerReferences: "2026-06-01 we move"}
	return configMap
}

func exempted(configMap *corev1.ConfigMap) *corev1.ConfigMap {
	configMap.Annotations = map[string]string{"exempt.flink-ha.dev/live-ha-state-deleted": "2026-06-01 we move"}
	return configMap
}

func without(configMap *corev1.ConfigMap) *corev1.ConfigMap {
	configMap.Data = map[string]string{"org.apache.flink.k8s.leader.dispatcher": "a,b"}
	return configMap
}

func in(namespace string, configMap *corev1.ConfigMap) *corev1.ConfigMap {
	configMap.Namespace = namespace
	return configMap
}

func newer(configMap *corev1.ConfigMap) *corev1.ConfigMap {
	configMap.UID = "another"
	configMap.Data = map[string]string{"executionPlan-11111111111111111111111111111111": "newer"}
	return configMap
}

// TestADeletionIsDealtWithAgainByTheNextLeader, which begins a minute back: it finds what the former one has done.
func TestADeletionIsDealtWithAgainByTheNextLeader(t *testing.T) {
	k := keepingOf(t, namespace("team"), jobManager(""))
	alice := by(validation.DeleterOther, "alice")
	k.lose(t, pointing(leaderName), alice)
	told := k.notes(t)
	// The job ends, and Flink removes all that was brought back.
	back, err := undelete.Live(t.Context(), k.api, "team", leaderName)
	if err != nil || back == nil {
		t.Fatalf("got %v, %v", back, err)
	}
	if err := k.api.Delete(t.Context(), back); err != nil {
		t.Fatal(err)
	}
	k.lose(t, pointing(leaderName), undelete.Deletion{})
	if again, err := undelete.Live(t.Context(), k.api, "team", leaderName); err != nil || again != nil {
		t.Errorf("brought back again: %v, %v", again, err)
	}
	if len(told) != 2 {
		t.Errorf("told %q, want it told on the ConfigMap and on the Deployment", told)
	}
}

// TestJobsWaitForTheirCheckpoints: both ConfigMaps are deleted, and that with the job is dealt with first.
func TestJobsWaitForTheirCheckpoints(t *testing.T) {
	for name, tc := range map[string]struct {
		deletion undelete.Deletion // of the checkpoints
		back     bool
	}{
		"which come back":                   {by(validation.DeleterOther, "alice"), true},
		"of which nobody says who did it":   {undelete.Deletion{}, false},
		"which an unknown account deleted":  {by(validation.DeleterOther, "system:serviceaccount:ops:tidy"), false},
		"which the operator itself deleted": {by(validation.DeleterOperator, "operator"), false},
	} {
		t.Run(name, func(t *testing.T) {
			k := keepingOf(t, namespace("team"), jobManager(""))
			k.remove(checkpoints())
			leader := pointing(leaderName)
			k.takeUp(t.Context(), leader)
			k.rounds(t, leader.UID)
			if err := k.archive.NoteDeletion(t.Context(), leader.UID, by(validation.DeleterOther, "alice")); err != nil {
				t.Fatal(err)
			}
			if !k.rounds(t, leader.UID) {
				t.Fatal("it does not wait")
			}
			if live, err := undelete.Live(t.Context(), k.api, "team", leaderName); err != nil || live != nil {
				t.Fatalf("the job is back before its checkpoints: %v, %v", live, err)
			}
			k.lose(t, checkpoints(), tc.deletion)
			for k.rounds(t, leader.UID) {
				k.clock = k.clock.Add(reviewInterval)
			}
			for _, name := range []string{checkpointsName, leaderName} {
				if live, err := undelete.Live(t.Context(), k.api, "team", name); err != nil || (live != nil) != tc.back {
					t.Errorf("%s: got %v, %v", name, live, err)
				}
			}
		})
	}
}

// TestWhoDeletesAgainMeansIt: what is deleted again and again is brought back once an hour.
func TestWhoDeletesAgainMeansIt(t *testing.T) {
	k := keepingOf(t, namespace("team"), jobManager(""))
	for i, step := range []struct {
		later time.Duration
		back  bool
	}{{0, true}, {20 * time.Minute, false}, {20 * time.Minute, false}, {30 * time.Minute, true}} {
		k.clock = k.clock.Add(step.later)
		state := pointing(leaderName)
		state.UID = types.UID(strconv.Itoa(i))
		k.lose(t, state, by(validation.DeleterOther, "alice"))
		live, err := undelete.Live(t.Context(), k.api, "team", leaderName)
		if err != nil || (live != nil) != step.back {
			t.Fatalf("deletion %d: got %v, %v", i, live, err)
		}
		if live != nil {
			k.remove(live)
		}
	}
	if notes := strings.Join(k.notes(t), "\n"); !strings.Contains(notes, "it was brought back 20 minutes ago already") {
		t.Errorf("told:\n%s", notes)
	}
}

func TestOnlyAClusterThatIsToRunIsBroughtBack(t *testing.T) {
	resource := func(change func(*workload.Resource)) *inventory.Member {
		of := workload.Resource{Kind: workload.KindDeployment, Namespace: "team", Name: "demo", JobManagers: 1}
		change(&of)
		return &inventory.Member{Key: inventory.Key{Kind: "FlinkDeployment", Namespace: "team", Name: "demo"}, Resource: &of}
	}
	for name, tc := range map[string]struct {
		change func(*workload.Resource)
		want   bool
	}{
		"a session cluster": {func(*workload.Resource) {}, true},
		"a job":             {func(r *workload.Resource) { r.Job.State = workload.JobRunning }, true},
		"a suspended job":   {func(r *workload.Resource) { r.Job.State = workload.JobSuspended }, false},
		"without a leader":  {func(r *workload.Resource) { r.JobManagers = 0 }, false},
	} {
		member := resource(tc.change)
		member.Identity.ClusterID = "demo"
		if got := asksForJobManager(member); got != tc.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestWhatCannotBeKeptIsGivenUp(t *testing.T) {
	k := keepingOf(t, namespace("team"), jobManager(""))
	k.lacks = "Secret"
	configMap := checkpoints()
	k.remove(configMap)
	k.takeUp(t.Context(), configMap)
	if _, err := k.Reconcile(t.Context(), configMap.UID); err == nil {
		t.Fatal("it is not tried again")
	}
	k.clock = k.clock.Add(overlap)
	if _, err := k.Reconcile(t.Context(), configMap.UID); err != nil {
		t.Errorf("it is tried again: %v", err)
	}
	if _, held := k.keeper.lost.get(configMap.UID); held {
		t.Error("it still takes memory")
	}
}

func TestTooMuchStateAtOnceIsNotAllKept(t *testing.T) {
	var lost lostStates
	large := func(i int) *corev1.ConfigMap {
		return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{UID: types.UID(strconv.Itoa(i))}, Data: map[string]string{"a": strings.Repeat("x", maxLostBytes/4)}}
	}
	for i := range 4 {
		if added := lost.add(large(i), time.Time{}); added != (i < 3) {
			t.Fatalf("%d is taken up: %t", i, added)
		}
	}
	lost.kept("0")
	if !lost.add(large(4), time.Time{}) {
		t.Error("what the archive has still counts")
	}
	for i := range 5 {
		lost.done(types.UID(strconv.Itoa(i)))
	}
	if lost.bytes != 0 {
		t.Errorf("%d bytes are left of nothing", lost.bytes)
	}
}

func TestTooManyDeletionsAtOnceAreNotAllKept(t *testing.T) {
	var lost lostStates
	for i := range maxLost + 1 {
		configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{UID: types.UID(time.Duration(i).String())}}
		if added := lost.add(configMap, time.Time{}); added != (i < maxLost) {
			t.Fatalf("%d is taken up: %t", i, added)
		}
	}
}

func TestDeletionsAreNotedForAWhile(t *testing.T) {
	now := time.Unix(1000, 0)
	d := NewDeletions()
	d.now = func() time.Time { return now }
	decided := func(uid types.UID, deleter validation.Deleter, held bool) *admission.HAState {
		return &admission.HAState{UID: uid, Deleter: deleter, Held: held, Live: true, Writer: admission.Writer{Username: "alice"}}
	}
	d.Note(nil)
	(*Deletions)(nil).Note(decided("u", validation.DeleterOther, false))
	d.Note(decided("a write", "", false))
	d.Note(decided("refused", validation.DeleterOther, true))
	d.Note(decided("carried out", validation.DeleterOther, false))
	want := undelete.Deletion{User: "alice", Deleter: validation.DeleterOther, Live: true, At: now}
	if got, ok := d.of("carried out"); !ok || got != want || len(d.notes) != 1 {
		t.Errorf("got %s of %d notes", cmp.Diff(want, got), len(d.notes))
	}
	for i := range 2 * maxDeletionNotes {
		d.Note(decided(types.UID(time.Duration(i).String()), validation.DeleterOther, false))
	}
	if len(d.notes) > maxDeletionNotes {
		t.Errorf("%d notes", len(d.notes))
	}
	now = now.Add(2 * deletionNoteLasts)
	if _, ok := d.of("carried out"); ok {
		t.Error("what came to nothing is still noted")
	}
	for _, uid := range []types.UID{"later", "as well"} {
		d.Note(decided(uid, validation.DeleterFlink, false))
	}
	if _, ok := d.of("as well"); !ok || len(d.notes) != 2 {
		t.Errorf("%d notes, want what is old to make room", len(d.notes))
	}
}

func TestAReplicaTellsWhoDeletedWhatItSeesGoing(t *testing.T) {
	k := keepingOf(t, namespace("team"))
	o := &k.surroundings.options
	o.Deletions = NewDeletions()
	r := &deletionReporter{archive: k.archive, surroundings: k.surroundings}
	state := pointing(leaderName)
	queue := &uidsQueued{}
	if err := r.hear(t.Context(), queue); err != nil {
		t.Fatal(err)
	}
	seen := keptStateOf(t, state)
	k.surroundings.feed.replaceHAState(nil, seen)
	k.surroundings.feed.replaceHAState(seen, nil)
	if len(queue.added) > 0 {
		t.Error("a deletion without a review is told of")
	}
	o.Deletions.Note(&admission.HAState{UID: state.UID, Deleter: validation.DeleterOther, Writer: admission.Writer{Username: "alice"}})
	renewed := keptStateOf(t, state)
	k.surroundings.feed.replaceHAState(seen, renewed)
	if len(queue.added) > 0 {
		t.Error("a deletion that was not carried out is told of")
	}
	k.surroundings.feed.replaceHAState(renewed, nil)
	if diff := cmp.Diff([]types.UID{state.UID}, queue.added); diff != "" {
		t.Errorf("told of (-want,+got):\n%s", diff)
	}
	if result, err := r.Reconcile(t.Context(), state.UID); err != nil || result.RequeueAfter == 0 {
		t.Errorf("before it is kept: %v, %v", result, err)
	}
	if _, err := k.archive.Keep(t.Context(), state, k.clock); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if result, err := r.Reconcile(t.Context(), state.UID); err != nil || result.RequeueAfter != 0 {
			t.Errorf("got %v, %v", result, err)
		}
	}
	if entry, err := k.archive.Entry(t.Context(), state.UID); err != nil || entry.Deletion.User != "alice" {
		t.Errorf("got %+v, %v", entry, err)
	}
}

// uidsQueued is a queue that only remembers.
type uidsQueued struct {
	uidQueue
	added []types.UID
}

func (q *uidsQueued) Add(uid types.UID) { q.added = append(q.added, uid) }
