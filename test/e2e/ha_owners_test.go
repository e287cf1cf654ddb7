package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	metav1ac "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// ownersAddedFor is how long owner references are added again and again.
var ownersAddedFor = flag.Duration("owners-added-for", 5*time.Second, "how long owner references are added to HA state again and again")

// jobState is the HA ConfigMap of a job with a checkpoint.
func jobState(cluster string, owners []metav1.OwnerReference) *corev1.ConfigMap {
	state := leaderState(cluster, owners)
	state.Name = cluster + "-" + strings.Repeat("0", 32) + "-config-map"
	state.Annotations = nil
	state.Data = map[string]string{"counter": "8", "checkpointID-0000000000000000007": "x"}
	return state
}

func (s *suite) owners(t *testing.T, namespace, name string) []metav1.OwnerReference {
	t.Helper()
	state, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return state.OwnerReferences
}

// ownerEvents are the Events of a namespace about owner references, by the kind that they are on.
func (s *suite) ownerEvents(t *testing.T, namespace, reason string) map[string][]eventsv1.Event {
	t.Helper()
	events, err := s.client.EventsV1().Events(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]eventsv1.Event{}
	for _, event := range events.Items {
		if event.Reason == reason {
			found[event.Regarding.Kind] = append(found[event.Regarding.Kind], event)
		}
	}
	return found
}

// TestOwnersFromBeforeTheGuardAreRemoved: from while it was down, and from before its namespace was guarded. The owner is deleted
// afterwards, and nothing of the state goes with it.
func TestOwnersFromBeforeTheGuardAreRemoved(t *testing.T) {
	s := shared
	down, unguarded := s.namespace(t), s.namespace(t, "flink-ha.dev/guard=disabled")
	kept := leaderState("kept", nil)
	kept.Annotations["flink-ha.dev/keep-owner-references"] = time.Now().AddDate(0, 0, 7).Format(time.DateOnly) + " it is a test"
	owners := map[string][]metav1.OwnerReference{}
	for _, namespace := range []string{down, unguarded} {
		owners[namespace] = ownedBy(s.owner(t, namespace))
	}
	s.whileDown(t, s.Guard.Kill, func() {
		for namespace, owners := range owners {
			mine := *kept
			mine.OwnerReferences = owners
			for _, object := range []*corev1.ConfigMap{leaderState("demo", owners), jobState("demo", owners), &mine} {
				if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{FieldManager: "somebody"}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	s.label(t, unguarded, "flink-ha.dev/guard-")
	states := []string{leaderState("demo", nil).Name, jobState("demo", nil).Name}
	for namespace := range owners {
		for _, state := range states {
			eventually(t, state+" to be freed", func() bool { return len(s.owners(t, namespace, state)) == 0 })
		}
		eventually(t, "events on what was freed, and on the owner", func() bool {
			events := s.ownerEvents(t, namespace, "HaOwnerReferencesRemoved")
			return len(events["ConfigMap"]) == len(states) && len(events["Deployment"]) == len(states) && contains(events["Deployment"][0].Note, `field manager "somebody"`)
		})
		if len(s.owners(t, namespace, kept.Name)) != 1 {
			t.Error("what asks to keep its owners has lost them")
		}
		if err := s.client.AppsV1().Deployments(namespace).Delete(t.Context(), "owner", metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the garbage collector to delete what is still owned", func() bool { return s.isGone(t, namespace, kept.Name) })
		for _, state := range states {
			if s.isGone(t, namespace, state) {
				t.Errorf("%s is gone with its former owner", state)
			}
		}
	}
}

// TestManyOwnersFromBeforeTheGuard are removed in the order of risk; the command owned-states does the same with thousands.
func TestManyOwnersFromBeforeTheGuard(t *testing.T) {
	s := shared
	const states, urgent = 200, 10
	namespace := s.namespace(t)
	staying, going := ownedBy(s.owner(t, namespace)), jobManager("going", "")
	going.Finalizers = []string{"example.com/waits"}
	s.create(t, namespace, going)
	deployments := s.client.AppsV1().Deployments(namespace)
	if err := deployments.Delete(t.Context(), going.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	dying, err := deployments.Get(t.Context(), going.Name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// In good order, so that the next one need not wait until the lead lapses.
	s.whileDown(t, s.Guard.Stop, func() {
		for n := range states {
			state := jobState(fmt.Sprintf("staying-%d", n), staying)
			if n%(states/urgent) == 0 {
				state = jobState(fmt.Sprintf("going-%d", n), ownedBy(dying))
			}
			s.create(t, namespace, state)
		}
	})
	var all []corev1.ConfigMap
	eventually(t, "all to be freed", func() bool {
		found, err := s.client.CoreV1().ConfigMaps(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "type=flink-native-kubernetes"})
		if err != nil {
			t.Fatal(err)
		}
		all = found.Items
		return !slices.ContainsFunc(all, func(state corev1.ConfigMap) bool { return len(state.OwnerReferences) > 0 })
	})
	if len(all) != states {
		t.Errorf("%d of %d are left", len(all), states)
	}
	slices.SortFunc(all, func(a, b corev1.ConfigMap) int {
		return cmp.Or(cmp.Compare(len(a.ResourceVersion), len(b.ResourceVersion)), cmp.Compare(a.ResourceVersion, b.ResourceVersion))
	})
	for i, state := range all[2*urgent:] {
		if strings.HasPrefix(state.Name, "going-") {
			t.Errorf("%s, whose owner is being deleted, was number %d", state.Name, 2*urgent+i)
		}
	}
	if _, err := deployments.Patch(t.Context(), going.Name, types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}

// leadElsewhere has a replica that is not there lead, so that the guard looks after nothing but what it has refused. The guard is
// killed and comes back as a follower.
func (s *suite) leadElsewhere(t *testing.T, meanwhile func()) {
	t.Helper()
	s.whileDown(t, s.Guard.Kill, func() {
		leases := s.client.CoordinationV1().Leases(bench.Namespace)
		patch := fmt.Sprintf(`{"spec":{"holderIdentity":"elsewhere","leaseDurationSeconds":3600,"renewTime":%q}}`, time.Now().UTC().Format(metav1.RFC3339Micro))
		if _, err := leases.Patch(t.Context(), "flink-ha-webhook", types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := leases.Delete(context.WithoutCancel(t.Context()), "flink-ha-webhook", metav1.DeleteOptions{}); err != nil {
				t.Error(err)
			}
		})
		meanwhile()
	})
}

// whileDown does something while there is no guard.
func (s *suite) whileDown(t *testing.T, end func() error, meanwhile func()) {
	t.Helper()
	if err := end(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Guard.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
	}()
	meanwhile()
}

// TestTheGarbageCollectorIsHeldBack from what is owned, on a replica that does not lead: its deletion is refused, the reference is
// removed, and it finds nothing to delete when it tries again.
func TestTheGarbageCollectorIsHeldBack(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	owner := s.owner(t, namespace)
	state, witness := jobState("demo", ownedBy(owner)), configMap("witness", "x", "y")
	witness.OwnerReferences = ownedBy(owner)
	s.leadElsewhere(t, func() {
		for _, object := range []*corev1.ConfigMap{state, witness} {
			if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	})
	if len(s.owners(t, namespace, state.Name)) != 1 {
		t.Fatal("the guard has freed what only its leader looks after")
	}
	const healed = "flink_ha_webhook_ha_owner_references_healed_total"
	before := s.guardMetric(t, healed, "deletion-refused")
	if err := s.client.AppsV1().Deployments(namespace).Delete(t.Context(), owner.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the garbage collector to have been there", func() bool { return s.isGone(t, namespace, witness.Name) })
	eventually(t, "the state to be freed", func() bool { return len(s.owners(t, namespace, state.Name)) == 0 })
	eventually(t, "that to be counted as what was at risk", func() bool { return s.guardMetric(t, healed, "deletion-refused") == before+1 })
	s.collectorHasPassed(t, namespace)
	if s.isGone(t, namespace, state.Name) {
		t.Error("the state is gone")
	}
}

// collectorHasPassed waits until the garbage collector has deleted something that comes now, whose owner is not there.
func (s *suite) collectorHasPassed(t *testing.T, namespace string) {
	t.Helper()
	witness := configMap("later-witness", "x", "y")
	witness.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "never", UID: "never"}}
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), witness, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the garbage collector to pass", func() bool { return s.isGone(t, namespace, witness.Name) })
}

// TestStateThatIsRestoredWithStaleOwnersSurvives, as backup tools restore it: with owners that are not there, that have another uid,
// that are in another namespace, and of a kind that the cluster does not have.
func TestStateThatIsRestoredWithStaleOwnersSurvives(t *testing.T) {
	s := shared
	namespace, other := s.namespace(t), s.namespace(t)
	here, there := ownedBy(s.owner(t, namespace)), ownedBy(s.owner(t, other))
	stale := slices.Clone(here)
	stale[0].UID = "former"
	owners := map[string][]metav1.OwnerReference{
		"absent":    {{APIVersion: "apps/v1", Kind: "Deployment", Name: "gone", UID: "gone"}},
		"stale":     stale,
		"elsewhere": there,
		"unknown":   {{APIVersion: "flinkoperator.k8s.io/v1beta1", Kind: "FlinkCluster", Name: "demo", UID: "gone"}},
	}
	for cluster, owners := range owners {
		created, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), jobState(cluster, owners), metav1.CreateOptions{})
		if err != nil || len(created.OwnerReferences) > 0 {
			t.Fatalf("%s: got %v and the owners %v, want none", cluster, err, created.OwnerReferences)
		}
	}
	s.collectorHasPassed(t, namespace)
	for _, cluster := range slices.Sorted(maps.Keys(owners)) {
		if s.isGone(t, namespace, jobState(cluster, nil).Name) {
			t.Errorf("%s: the state is gone", cluster)
		}
	}
}

// ownerAdders add an owner to HA state in the ways that there are.
func ownerAdders(client kubernetes.Interface, namespace, name string, owner metav1.OwnerReference) map[string]func(ctx context.Context) error {
	configMaps := client.CoreV1().ConfigMaps(namespace)
	return map[string]func(ctx context.Context) error{
		"update": func(ctx context.Context) error {
			state, err := configMaps.Get(ctx, name, metav1.GetOptions{})
			if err != nil {
				return err
			}
			state.OwnerReferences = []metav1.OwnerReference{owner}
			_, err = configMaps.Update(ctx, state, metav1.UpdateOptions{FieldManager: "update"})
			return err
		},
		"patch": func(ctx context.Context) error {
			patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"ownerReferences": []metav1.OwnerReference{owner}}})
			if err != nil {
				return err
			}
			_, err = configMaps.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: "patch"})
			return err
		},
		"apply": func(ctx context.Context) error {
			wanted := corev1ac.ConfigMap(name, namespace).WithOwnerReferences(metav1ac.OwnerReference().
				WithAPIVersion(owner.APIVersion).WithKind(owner.Kind).WithName(owner.Name).WithUID(owner.UID))
			_, err := configMaps.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: "apply", Force: true})
			return err
		},
	}
}

// TestAControllerThatAddsOwnersAgainAndAgain changes nothing after the first time, ten times a second, and is told of once.
func TestAControllerThatAddsOwnersAgainAndAgain(t *testing.T) {
	s := shared
	const added = "flink_ha_webhook_ha_owner_references_added_total"
	for _, way := range []string{"update", "patch", "apply"} {
		t.Run(way, func(t *testing.T) {
			namespace := s.namespace(t)
			state := leaderState("demo", nil)
			s.create(t, namespace, state)
			add := ownerAdders(s.client, namespace, state.Name, ownedBy(s.owner(t, namespace))[0])[way]
			before := s.guardMetric(t, added, way)
			versions, times := map[string]int{}, 0
			ticker := time.NewTicker(100 * time.Millisecond)
			defer ticker.Stop()
			for end := time.Now().Add(*ownersAddedFor); time.Now().Before(end); <-ticker.C {
				if err := add(t.Context()); apierrors.IsConflict(err) {
					continue
				} else if err != nil {
					t.Fatal(err)
				}
				times++
				after, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), state.Name, metav1.GetOptions{})
				if err != nil || len(after.OwnerReferences) > 0 {
					t.Fatalf("got %v, owners %v", err, after.OwnerReferences)
				}
				versions[after.ResourceVersion]++
			}
			t.Logf("added %d times in %s: %d resource versions; managed fields: %s", times, *ownersAddedFor, len(versions), s.ownersManagers(t, namespace, state.Name))
			if len(versions) != 1 {
				t.Errorf("the resource version has changed: %v", versions)
			}
			if got := s.guardMetric(t, added, way) - before; got != float64(times) {
				t.Errorf("counted %v times, want %d", got, times)
			}
			eventually(t, "an event on the ConfigMap and on the owner", func() bool {
				events := s.ownerEvents(t, namespace, "HaOwnerReferencesStripped")
				return len(events["ConfigMap"]) > 0 && len(events["Deployment"]) > 0
			})
			events := s.ownerEvents(t, namespace, "HaOwnerReferencesStripped")
			if len(events["ConfigMap"]) != 1 || len(events["Deployment"]) != 1 || len(s.ownerEvents(t, namespace, "HaOwnerReferencesRemoved")) > 0 {
				t.Errorf("got %v, want one event on each", events)
			}
			if note := events["Deployment"][0].Note; !contains(note, fmt.Sprintf("(field manager %q; groups ", way)) || !contains(note, " times since ") {
				t.Errorf("got the note %q", note)
			}
		})
	}
}

// ownersManagers tells what each field manager manages, as far as it has to do with owners.
func (s *suite) ownersManagers(t *testing.T, namespace, name string) string {
	t.Helper()
	state, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var managers []string
	for _, entry := range state.ManagedFields {
		managers = append(managers, fmt.Sprintf("%s (%s, owners: %t)", entry.Manager, entry.Operation, strings.Contains(entry.FieldsV1.String(), "f:ownerReferences")))
	}
	return strings.Join(managers, ", ")
}
