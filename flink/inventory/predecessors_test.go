package inventory

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestPreviousMembers(t *testing.T) {
	named := func(kind, name string) func(*Member) {
		return func(m *Member) { m.Kind, m.Name = kind, name }
	}
	cluster := func(id, namespace string) func(*Member) {
		return func(m *Member) { m.Name, m.Identity.ClusterID, m.Identity.Namespace = m.Name+"-"+id, id, namespace }
	}
	cases := map[string]struct {
		before, now func(*Member)
		want        bool
	}{
		"the same name":                       {named("Deployment", "a"), named("Deployment", "a"), true},
		"another name":                        {named("Deployment", "a"), named("Deployment", "b"), false},
		"another kind of one name":            {named("StatefulSet", "a"), named("Deployment", "a"), false},
		"another namespace":                   {func(m *Member) { m.Namespace = "other" }, func(*Member) {}, false},
		"a Job with a random name":            {named("Job", "a-kx7qz"), named("Job", "a-4jvbd"), true},
		"a Deployment with a hash":            {named("Deployment", "a-7b8mt5d2gk"), named("Deployment", "a-5d2gk7b8mt"), true},
		"another random-looking name":         {named("Deployment", "a-kx7qz"), named("Deployment", "a-4jvbd"), false},
		"one cluster, other names":            {cluster("x", "ns"), func(m *Member) { cluster("x", "ns")(m); m.Kind = "StatefulSet" }, true},
		"one cluster, one name":               {cluster("x", "ns"), cluster("x", "ns"), true},
		"another cluster":                     {cluster("x", "ns"), cluster("y", "ns"), false},
		"one id, another namespace":           {cluster("x", "ns"), func(m *Member) { cluster("x", "other")(m); m.Name = "b" }, false},
		"one cluster from elsewhere":          {func(m *Member) { cluster("x", "ns")(m); m.Namespace = "other" }, cluster("x", "ns"), false},
		"one cluster, another role":           {cluster("x", "ns"), func(m *Member) { cluster("x", "ns")(m); m.Name, m.Role = "b", "TaskManager" }, false},
		"an id in the object's own namespace": {cluster("x", team), func(m *Member) { cluster("x", "")(m); m.Name = "b" }, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			// Identities are set here by hand: what they are made of has tests of its own.
			before, now := changed(memberOf(t, sessionJobManager), tc.before), changed(memberOf(t, sessionJobManager), tc.now)
			before.UID, now.UID = "before", "now"
			known := New()
			known.members.put(before)
			want := []string{}
			if tc.want {
				want = names([]*Member{before})
			}
			if diff := cmp.Diff(want, names(known.PreviousMembers(now, at(0)))); diff != "" {
				t.Errorf("while it is there (-want,+got):\n%s", diff)
			}
			known.DeleteMember(before.Key, at(0))
			if diff := cmp.Diff(want, names(known.PreviousMembers(now, at(800)))); diff != "" {
				t.Errorf("after it was deleted (-want,+got):\n%s", diff)
			}
		})
	}
}

// TestAJobIsReplaced is a Job that is deleted and created under another name, told by its configuration.
func TestAJobIsReplaced(t *testing.T) {
	job := func(name string) *Member {
		return memberOf(t, fmt.Sprintf(`
kind: Job
metadata: {namespace: team, name: %s}
spec: {template: {spec: {containers: [{image: "flink:1.20", args: [standalone-job, -Dkubernetes.cluster-id=orders, -Dhigh-availability.type=kubernetes]}]}}}
`, name))
	}
	known := New()
	known.SetMember(job("release-1"), at(0))
	known.DeleteMember(job("release-1").Key, at(5))
	if diff := cmp.Diff([]string{"team/Job/release-1"}, names(known.PreviousMembers(job("release-2"), at(6)))); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestAnObjectIsNotItsOwnPredecessor(t *testing.T) {
	cases := map[string]struct {
		there, asked types.UID
		want         bool
	}{
		"itself":                        {"a", "a", false},
		"itself, in a file":             {"", "", false},
		"itself, in a file with an uid": {"", "a", false},
		"one that is gone already":      {"a", "b", true},
		"one that is gone, and a new one without an uid yet": {"a", "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			known := New()
			known.SetMember(changed(memberOf(t, sessionJobManager), func(m *Member) { m.UID = tc.there }), at(0))
			there, asked := configMap(team, "c", "config.yaml", "a: b"), configMap(team, "c", "config.yaml", "a: b")
			there.UID, asked.UID = tc.there, tc.asked
			known.SetConfigMap(there, at(0))
			got := known.PreviousMembers(changed(memberOf(t, sessionJobManager), func(m *Member) { m.UID = tc.asked }), at(0))
			if len(got) == 1 != tc.want || len(known.PreviousConfigMaps(asked, at(0))) == 1 != tc.want {
				t.Errorf("got %v", names(got))
			}
		})
	}
}

func TestWhatIsReplacedUnseenIsRemembered(t *testing.T) {
	known := New()
	for second, uid := range []types.UID{"a", "b", "b"} {
		known.SetMember(changed(memberOf(t, sessionJobManager), func(m *Member) { m.UID = uid }), at(second))
		object := configMap(team, "c", "config.yaml", string(uid))
		object.UID = uid
		known.SetConfigMap(object, at(second))
	}
	now := changed(memberOf(t, sessionJobManager), func(m *Member) { m.UID = "b" })
	if got := known.PreviousMembers(now, at(3)); len(got) != 1 || got[0].UID != "a" {
		t.Errorf("got %v", names(got))
	}
	current, _, _ := known.ConfigMap(team, "c")
	if got := known.PreviousConfigMaps(current, at(3)); len(got) != 1 || got[0].UID != "a" {
		t.Errorf("got %v", got)
	}
}

func TestPreviousConfigMaps(t *testing.T) {
	const other = "kubernetes.cluster-id: other\njobmanager.rpc.port: 1\n"
	legacy := func(name, id string) *corev1.ConfigMap {
		return configMap(team, name, "flink-conf.yaml", "kubernetes.cluster-id: "+id+"\nkubernetes.namespace: team\n")
	}
	cases := map[string]struct {
		before, now *corev1.ConfigMap
		want        bool
	}{
		"a hashed one is rolled":   {configMap(team, "flink-7b8mt5d2gk", "config.yaml", sessionConfiguration), configMap(team, "flink-5d2gk7b8mt", "config.yaml", other), true},
		"a hash is added":          {configMap(team, "flink", "config.yaml", other), configMap(team, "flink-5d2gk7b8mt", "config.yaml", sessionConfiguration), true},
		"another name, cluster":    {configMap(team, "a", "config.yaml", other), configMap(team, "b", "config.yaml", sessionConfiguration), false},
		"one cluster, other files": {legacy("a", "demo"), configMap(team, "b", "config.yaml", sessionConfiguration), true},
		"no cluster at all":        {configMap(team, "a", "config.yaml", "jobmanager.rpc.port: 1"), configMap(team, "b", "config.yaml", "jobmanager.rpc.port: 1"), false},
		"another namespace":        {configMap("other", "a", "config.yaml", other), configMap(team, "a", "config.yaml", other), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			known := New()
			known.SetConfigMap(tc.before, at(0))
			if got := known.PreviousConfigMaps(tc.now, at(1)); len(got) == 1 != tc.want {
				t.Errorf("while it is there: got %d", len(got))
			}
			known.DeleteConfigMap(tc.before.Namespace, tc.before.Name, at(1))
			if got := known.PreviousConfigMaps(tc.now, at(2)); len(got) == 1 != tc.want {
				t.Errorf("after it was deleted: got %d", len(got))
			}
		})
	}
}

// TestATaskManagersConfigMapPrecedesNoJobManagers tells roles by who mounts what.
func TestATaskManagersConfigMapPrecedesNoJobManagers(t *testing.T) {
	known := New()
	known.SetConfigMap(configMap(team, "of-taskmanager", "config.yaml", sessionConfiguration), at(0))
	now := configMap(team, "of-jobmanager", "config.yaml", sessionConfiguration)
	if got := known.PreviousConfigMaps(now, at(0)); len(got) != 1 {
		t.Errorf("mounted by nobody: got %d", len(got))
	}
	known.SetMember(memberOf(t, replaceIn(sessionTaskManager, "flink-config", "of-taskmanager")), at(0))
	if got := known.PreviousConfigMaps(now, at(0)); len(got) != 0 {
		t.Errorf("mounted by a TaskManager: got %d", len(got))
	}
	known.SetMember(memberOf(t, replaceIn(sessionJobManager, "flink-config", "of-taskmanager")), at(0))
	if got := known.PreviousConfigMaps(now, at(0)); len(got) != 1 {
		t.Errorf("mounted by both: got %d", len(got))
	}
}

func TestTheDeadAreForgotten(t *testing.T) {
	known, member := New(), memberOf(t, sessionJobManager)
	for second := range 3 {
		known.SetMember(member, at(second))
		known.DeleteMember(member.Key, at(second))
	}
	if got := known.PreviousMembers(member, at(2)); len(got) != 3 || !got[0].Changed.Equal(at(2)) || !got[2].Changed.Equal(at(0)) {
		t.Errorf("got %d, want three, the latest first", len(got))
	}
	last := at(2).Add(PredecessorLifetime)
	if got := len(known.PreviousMembers(member, last)); got != 1 {
		t.Errorf("in the last second: got %d", got)
	}
	if got := len(known.PreviousMembers(member, last.Add(time.Second))); got != 0 {
		t.Errorf("after it: got %d", got)
	}
	known.SetConfigMap(configMap(team, "any", "config.yaml", ""), last.Add(time.Second))
	if len(known.dead.queue) != 0 || len(known.dead.under) != 0 {
		t.Errorf("%d graves under %d entries are kept", len(known.dead.queue), len(known.dead.under))
	}
}

func TestTheDeadAreBounded(t *testing.T) {
	known := New()
	for number := range maxGraves + 10 {
		name := fmt.Sprint("c", number)
		known.SetConfigMap(configMap(team, name, "config.yaml", ""), at(0))
		known.DeleteConfigMap(team, name, at(0))
	}
	known.DeleteConfigMap(team, "never-there", at(0))
	known.DeleteMember(Key{Kind: "Job"}, at(0))
	if len(known.dead.queue) != maxGraves || len(known.dead.under) != maxGraves {
		t.Errorf("%d graves under %d entries are kept", len(known.dead.queue), len(known.dead.under))
	}
	for name, want := range map[string]int{"c0": 0, "c9": 0, "c10": 1} {
		if got := known.PreviousConfigMaps(configMap(team, name, "config.yaml", ""), at(0)); len(got) != want {
			t.Errorf("%s: got %d, want %d", name, len(got), want)
		}
	}
}
