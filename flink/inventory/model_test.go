package inventory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// TestTheIndexesAreWhatTheObjectsSay changes an inventory at random and compares it with one that is made at once of what is left.
// An index that a change forgot would differ.
func TestTheIndexesAreWhatTheObjectsSay(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	known, left := New(), map[Key]*Member{}
	configurations, defaults := map[Key]*corev1.ConfigMap{}, (*workload.OperatorDefaults)(nil)
	texts := []string{sessionConfiguration, ownedConfiguration, "a: b", replaceIn(sessionConfiguration, "demo", "other"), ": broken"}
	members := someMembers(t)
	for step := range 3000 {
		member := members[random.IntN(len(members))]
		name := []string{"flink-config", "flink-config-orders", "more"}[random.IntN(3)]
		switch random.IntN(7) {
		case 0, 1:
			left[member.Key] = member
			known.SetMember(member, at(step))
		case 2:
			delete(left, member.Key)
			known.DeleteMember(member.Key, at(step))
		case 3, 4:
			object := configMap(team, name, "config.yaml", texts[random.IntN(len(texts))])
			configurations[configMapKey(team, name)] = object
			known.SetConfigMap(object, at(step))
		case 5:
			delete(configurations, configMapKey(team, name))
			known.DeleteConfigMap(team, name, at(step))
		default:
			if defaults = nil; random.IntN(2) == 0 {
				defaults = operatorDefaults(t, "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://state/ha")
			}
			known.SetOperatorDefaults(defaults, at(step))
		}
		if step%100 == 0 || step > 2950 {
			compare(t, step, known, left, configurations, defaults)
		}
	}
	for key := range left {
		known.DeleteMember(key, at(3000))
	}
	for key := range configurations {
		known.DeleteConfigMap(key.Namespace, key.Name, at(3000))
	}
	if len(known.members.under) > 0 || len(known.configMaps.under) > 0 {
		t.Errorf("an empty inventory has the entries %v and %v", known.members.under, known.configMaps.under)
	}
}

func someMembers(t *testing.T) []*Member {
	var members []*Member
	for _, suffix := range []string{"", "-b", "-7b8mt5d2gk"} {
		for _, text := range []string{sessionJobManager, sessionTaskManager, ownedDeployment, replaceIn(sessionJobManager, "flink-config", "more", "u-jm", "u-2", "app: flink", "app: b")} {
			members = append(members, changed(memberOf(t, text), func(m *Member) { m.Name += suffix }))
		}
	}
	return append(members, resourceOf(t, flinkDeployment), resourceOf(t, replaceIn(flinkDeployment, "high-availability.type: kubernetes", "a: b")))
}

func compare(t *testing.T, step int, known *Inventory, left map[Key]*Member, configurations map[Key]*corev1.ConfigMap, defaults *workload.OperatorDefaults) {
	t.Helper()
	fresh := New()
	for _, member := range left {
		fresh.SetMember(member, at(0))
	}
	fresh.SetOperatorDefaults(defaults, at(0))
	for _, object := range configurations {
		fresh.SetConfigMap(object, at(0))
	}
	if diff := cmp.Diff(contents(fresh), contents(known)); diff != "" {
		t.Fatalf("step %d (-want,+got):\n%s", step, diff)
	}
}

// contents writes down what stands in the indexes, with identities.
func contents(known *Inventory) []string {
	var lines []string
	for e, list := range known.members.under {
		for _, member := range list {
			lines = append(lines, fmt.Sprint(e, member.Key, member.Identity))
		}
	}
	for e, list := range known.configMaps.under {
		for _, held := range list {
			lines = append(lines, fmt.Sprint(e, held.key(), held.clusters))
		}
	}
	slices.Sort(lines)
	return lines
}
