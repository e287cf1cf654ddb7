package rights

import (
	"reflect"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// written writes rights a line for each object, "verb verb resource/name".
func written(rights []Right) string {
	var lines []string
	for _, right := range rights {
		object := right.Resource
		if right.Group != "" {
			object += "." + right.Group
		}
		if right.Name != "" {
			object += "/" + right.Name
		}
		last := len(lines) - 1
		if last >= 0 && strings.HasSuffix(lines[last], " "+object) {
			lines[last] = strings.TrimSuffix(lines[last], object) + right.Verb + " " + object
			continue
		}
		lines = append(lines, right.Verb+" "+object)
	}
	return strings.Join(lines, "; ")
}

func TestRightsOfTaskManagers(t *testing.T) {
	const (
		byLabels = "list watch configmaps"
		byName   = "list watch configmaps/x-cluster-config-map"
	)
	cases := map[string]struct {
		version        flink.Version
		needed, wanted string
	}{
		"1.12":           {flink.Release(1, 12, 7), "watch configmaps/x-resourcemanager-leader", "watch configmaps"},
		"1.13":           {flink.Version{Major: 1, Minor: 13}, "watch configmaps/x-resourcemanager-leader", "watch configmaps"},
		"1.14":           {flink.Version{Major: 1, Minor: 14}, byLabels, byLabels},
		"1.17":           {flink.Release(1, 17, 2), byLabels, byLabels},
		"1.18.0":         {flink.Release(1, 18, 0), byLabels, byLabels},
		"1.18":           {flink.Version{Major: 1, Minor: 18}, byName, byLabels},
		"1.18.1":         {flink.Release(1, 18, 1), byName, byName},
		"1.20":           {flink.Version{Major: 1, Minor: 20}, byName, byName},
		"2.3":            {flink.Release(2, 3, 0), byName, byName},
		"1.19 or later":  {flink.VersionFrom(1, 19), byName, byName},
		"1.15 or later":  {flink.VersionFrom(1, 15), byName, byLabels},
		"before 1.14":    {flink.VersionBefore(1, 14), "watch configmaps/x-resourcemanager-leader", "watch configmaps"},
		"before 1.19":    {flink.VersionBefore(1, 19), "watch configmaps/x-cluster-config-map", byLabels},
		"not known":      {flink.Version{}, "watch configmaps/x-cluster-config-map", byLabels},
		"1.14 till 1.17": {both(flink.VersionFrom(1, 14), flink.VersionBefore(1, 18)), byLabels, byLabels},
	}
	for name, tc := range cases {
		process := Process{Role: workload.RoleTaskManager, Native: true, Mode: flink.ModeKubernetes, ClusterID: "x", Version: tc.version}
		if got := written(Needed(process)); got != tc.needed {
			t.Errorf("%s: got %q needed, want %q", name, got, tc.needed)
		}
		if got := written(Wanted(process)); got != tc.wanted {
			t.Errorf("%s: got %q wanted, want %q", name, got, tc.wanted)
		}
	}
}

func TestRightsOfJobManagers(t *testing.T) {
	const (
		one   = "configmaps/x-cluster-config-map"
		old   = "configmaps/x-dispatcher-leader"
		plain = "get list watch create update "
	)
	cases := map[string]struct {
		version        flink.Version
		needed, wanted string
	}{
		"1.12": {flink.Release(1, 12, 7), "get watch " + old + "; create configmaps; update delete " + old, "get list watch create update delete configmaps"},
		"1.14": {flink.Version{Major: 1, Minor: 14}, "get " + old + "; list watch create configmaps; update delete " + old, plain + "delete configmaps"},
		"1.17": {flink.Version{Major: 1, Minor: 17}, "get " + one + "; list watch create configmaps; update delete " + one, plain + "delete configmaps"},
		"1.18.0": {
			flink.Release(1, 18, 0), "get " + one + "; list watch create configmaps; update patch delete " + one,
			plain + "patch delete deletecollection configmaps",
		},
		"1.18": {flink.Version{Major: 1, Minor: 18}, "get list watch " + one + "; create configmaps; update patch delete " + one, plain + "patch delete configmaps"},
		"1.20": {
			flink.Version{Major: 1, Minor: 20},
			"get list watch " + one + "; create configmaps; update patch delete " + one,
			"get configmaps; list watch " + one + "; create update patch delete configmaps",
		},
		"2.0 or later": {
			flink.VersionFrom(2, 0), "get list watch " + one + "; create configmaps; update patch delete " + one,
			"get configmaps; list watch " + one + "; create update patch delete configmaps",
		},
		"not known": {flink.Version{}, "get watch " + one + "; create configmaps; update delete " + one, "get list watch create update patch delete configmaps"},
	}
	for name, tc := range cases {
		process := Process{Role: workload.RoleJobManager, Mode: flink.ModeKubernetes, ClusterID: "x", Version: tc.version}
		if got := written(Needed(process)); got != tc.needed {
			t.Errorf("%s: got %q needed, want %q", name, got, tc.needed)
		}
		if got := written(Wanted(process)); got != tc.wanted {
			t.Errorf("%s: got %q wanted, want %q", name, got, tc.wanted)
		}
	}
}

func TestRightsByMode(t *testing.T) {
	const (
		podRights = "list watch create delete pods"
		both      = podRights + "; get delete deployments.apps/x"
	)
	cases := map[string]struct {
		process        Process
		needed, wanted string
	}{
		"a standalone JobManager without high availability": {Process{Role: workload.RoleJobManager, Mode: flink.ModeNone, ClusterID: "x"}, "", ""},
		"a standalone JobManager of an unknown mode":        {Process{Role: workload.RoleJobManager, Mode: flink.ModeUnknown, ClusterID: "x"}, "", ""},
		"a TaskManager with ZooKeeper":                      {Process{Role: workload.RoleTaskManager, Mode: flink.ModeZooKeeper, ClusterID: "x"}, "", ""},
		"a native TaskManager without high availability":    {Process{Role: workload.RoleTaskManager, Native: true, ClusterID: "x"}, "", ""},
		"a native JobManager without high availability":     {Process{Role: workload.RoleJobManager, Native: true, Mode: flink.ModeNone, ClusterID: "x"}, both, both},
		"of an unknown cluster": {
			Process{Role: workload.RoleJobManager, Native: true, Mode: flink.ModeUnknown}, podRights, podRights + "; get delete deployments.apps",
		},
		"with high availability, of an unknown cluster": {
			Process{Role: workload.RoleJobManager, Mode: flink.ModeKubernetes, Version: flink.Version{Major: 1, Minor: 20}},
			"create configmaps", "get list watch create update patch delete configmaps",
		},
		"in the network of the node": {
			Process{Role: workload.RoleJobManager, Native: true, HostNetwork: true, ClusterID: "x", Version: flink.Version{Major: 1, Minor: 15}},
			both + "; get update services/x-rest", both + "; get update services",
		},
		"in the network of the node, before 1.15": {
			Process{Role: workload.RoleJobManager, Native: true, HostNetwork: true, ClusterID: "x", Version: flink.Version{Major: 1, Minor: 14}}, both, both,
		},
		"in the network of the node, of an unknown version": {
			Process{Role: workload.RoleJobManager, Native: true, HostNetwork: true, ClusterID: "x"}, both, both + "; get update services",
		},
	}
	for name, tc := range cases {
		if got := written(Needed(tc.process)); got != tc.needed {
			t.Errorf("%s: got %q needed, want %q", name, got, tc.needed)
		}
		if got := written(Wanted(tc.process)); got != tc.wanted {
			t.Errorf("%s: got %q wanted, want %q", name, got, tc.wanted)
		}
	}
}

// TestWhatIsNeededIsWanted: a role that gives what is wanted gives what is needed, whatever the version.
func TestWhatIsNeededIsWanted(t *testing.T) {
	versions := []flink.Version{{}, flink.VersionFrom(1, 15), flink.VersionBefore(1, 18), flink.VersionBefore(1, 14), flink.Release(1, 18, 0), flink.Release(1, 18, 1)}
	for minor := 12; minor <= 20; minor++ {
		versions = append(versions, flink.Version{Major: 1, Minor: minor}, flink.VersionFrom(1, minor), flink.VersionBefore(1, minor))
	}
	for _, version := range versions {
		for _, process := range []Process{
			{Role: workload.RoleTaskManager, Mode: flink.ModeKubernetes},
			{Role: workload.RoleJobManager, Mode: flink.ModeKubernetes},
			{Role: workload.RoleJobManager, Native: true, HostNetwork: true},
		} {
			for _, id := range []string{"", "x"} {
				process.Version, process.ClusterID = version, id
				wanted := map[Right]bool{}
				for _, right := range Wanted(process) {
					wanted[right] = true
				}
				for _, right := range Needed(process) {
					unnamed := right
					unnamed.Name = ""
					if !wanted[right] && !wanted[unnamed] {
						t.Errorf("%+v: %+v is needed and not wanted", process, right)
					}
				}
			}
		}
	}
}

func TestProcessOf(t *testing.T) {
	version := flink.Version{Major: 1, Minor: 20}
	of := func(lines ...string) Process {
		return ProcessOf(workload.RoleJobManager, true, flink.LoadLegacy(strings.Join(lines, "\n"), "f"), version)
	}
	got := of("high-availability.type: kubernetes", "kubernetes.cluster-id: x", "kubernetes.hostnetwork.enabled: True")
	want := Process{Role: workload.RoleJobManager, Native: true, Mode: flink.ModeKubernetes, Version: version, ClusterID: "x", HostNetwork: true}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := of("kubernetes.cluster-id: $ID"); got.ClusterID != "" || got.Mode != flink.ModeNone || got.HostNetwork {
		t.Errorf("got %+v", got)
	}
}

func TestRole(t *testing.T) {
	native := Process{Role: workload.RoleJobManager, Native: true, Mode: flink.ModeKubernetes, ClusterID: "x", Version: flink.Version{Major: 1, Minor: 17}}
	got := Role(native)
	var verbs []string
	for _, rule := range got {
		if len(rule.ResourceNames) > 0 {
			t.Errorf("%+v is limited to names", rule)
		}
		verbs = append(verbs, strings.Join(rule.Verbs, " ")+" "+rule.Resources[0]+"."+rule.APIGroups[0])
	}
	want := []string{
		"get list watch create update patch delete configmaps.", "list watch create delete pods.", "get delete deployments.apps",
		"update deployments/finalizers.apps",
	}
	if !reflect.DeepEqual(verbs, want) {
		t.Errorf("got %q, want %q", verbs, want)
	}
	if got, want := Describe(Needed(native)), "get, list, watch, create, update and delete on configmaps; list, watch, create and delete on pods; get and delete on deployments"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Role(Process{Role: workload.RoleTaskManager}); len(got) != 0 {
		t.Errorf("got %+v for a TaskManager without high availability", got)
	}
}

func both(one, other flink.Version) flink.Version {
	joined, _ := one.And(other)
	return joined
}
