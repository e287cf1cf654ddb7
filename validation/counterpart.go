package validation

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// counterpart is the JobManager of the TaskManager under review, or the other way round, if they seem to be one cluster and do
// not have one identity. It is nil where several JobManagers may be meant, and where a TaskManager agrees with the JobManager: then
// those that do not are likely of a cluster whose JobManager is not there yet.
func (s *Subject) counterpart() (other *inventory.Member, difference string) {
	known, ok := s.inventory()
	if !ok || s.Member == nil || s.Member.Role == "" || s.Managed {
		return nil, ""
	}
	siblings := known.Siblings(s.Member)
	if len(siblings) == 0 {
		return nil, ""
	}
	own := s.identity()
	jobManagers := 0
	jobManager := own
	for _, sibling := range siblings {
		if sibling.Role == workload.RoleJobManager {
			jobManagers++
			jobManager, other = sibling.Identity, sibling
		}
	}
	if s.Member.Role == workload.RoleJobManager {
		return s.partedTaskManager(siblings, own, jobManagers)
	}
	if jobManagers != 1 || s.rereads(other) {
		return nil, ""
	}
	difference = differenceOf(own, jobManager)
	for _, sibling := range siblings {
		if difference == "" || sibling.Role == workload.RoleTaskManager && differenceOf(sibling.Identity, jobManager) == "" {
			return nil, ""
		}
	}
	return other, difference
}

// partedTaskManager is the first TaskManager that has not the identity of the JobManager under review, if none has it.
func (s *Subject) partedTaskManager(siblings []*inventory.Member, own inventory.Identity, jobManagers int) (other *inventory.Member, difference string) {
	if jobManagers > 0 {
		return nil, ""
	}
	for _, sibling := range siblings {
		if s.rereads(sibling) {
			return nil, ""
		}
		key := differenceOf(own, sibling.Identity)
		if key == "" {
			return nil, ""
		}
		if other == nil {
			other, difference = sibling, key
		}
	}
	return other, difference
}

// rereads tells whether a workload reads the ConfigMap under review, so that what is known of it is about to change.
func (s *Subject) rereads(member *inventory.Member) bool {
	return s.Kind == OfConfiguration && slices.Contains(member.ConfigMaps, s.Name)
}

// differenceOf is the first option in which two identities certainly differ, "" if there is none.
func differenceOf(one, other inventory.Identity) string {
	if !isSettled(one.Mode) || !isSettled(other.Mode) {
		return ""
	}
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	switch {
	case one.Mode != other.Mode:
		return flink.KeyHighAvailabilityType
	case one.Mode == flink.ModeKubernetes && differ(one.Namespace, other.Namespace):
		return flink.KeyNamespace
	case one.Mode == flink.ModeKubernetes && differ(one.ClusterID, other.ClusterID):
		return flink.KeyClusterID
	case one.Mode != flink.ModeNone && differ(one.StoragePath, other.StoragePath):
		return flink.KeyStorageDir
	}
	return ""
}

// isSettled tells whether a mode is known and one of Flink's own.
func isSettled(mode flink.Mode) bool {
	return mode == flink.ModeNone || mode == flink.ModeKubernetes || mode == flink.ModeZooKeeper
}

// apart is what was found of a subject's counterpart.
type apart struct {
	other *inventory.Member
	key   string
}

// parted is what two rules ask: whether the other part of the cluster has another identity, because of what one of the two overrides
// in its own workload, or because their files differ.
func (s *Subject) parted(byOverride bool) []Violation {
	if !isSettled(s.highAvailability().Mode) {
		return nil
	}
	if s.apart == nil {
		other, key := s.counterpart()
		s.apart = &apart{other, key}
	}
	other, key := s.apart.other, s.apart.key
	if other == nil {
		return nil
	}
	configuration := other.Process.Configuration(s.surroundingsOf(other))
	mine, theirs := s.Configuration.Get(key, s.Version), configuration.Get(key, other.Process.Version)
	if key == flink.KeyStorageDir && mine.Value() == theirs.Value() {
		key = flink.KeyHAClusterID // which is the last part of the path
		mine, theirs = s.Configuration.Get(key, s.Version), configuration.Get(key, other.Process.Version)
	}
	if overridden := mine.Set && overrides(mine.Setting) || theirs.Set && overrides(theirs.Setting); overridden != byOverride {
		return nil
	}
	name := flink.Keys(key, s.Version)[0]
	if mine.Set {
		name = mine.Setting.Key
	}
	violation := Violation{
		Option: key, Setting: name, Position: s.place(mine.Setting), Found: found(mine.Setting, mine.Set), Since: other.Changed,
		Needed: "what " + other.Kind + " " + other.Name + " has",
		Remedy: "the same " + name + " in both",
	}
	switch {
	case theirs.Set:
		violation.Detail = string(other.Role) + " " + other.Name + " has " + Show(theirs.Setting.Value)
	default:
		violation.Detail = string(other.Role) + " " + other.Name + " does not set it"
	}
	if key == flink.KeyStorageDir || key == flink.KeyHAClusterID {
		violation.Effect = "TaskManagers look for the jobs' files in another directory"
	}
	return []Violation{violation}
}

// surroundingsOf is what another workload of the namespace finds around itself.
func (s *Subject) surroundingsOf(member *inventory.Member) workload.Surroundings {
	return workload.Surroundings{
		Namespace: member.Namespace,
		ConfigMap: func(name string) (*corev1.ConfigMap, workload.Knowledge) {
			configMap, _, known := s.Around.ConfigMap(member.Namespace, name)
			if !known {
				return nil, workload.Unknown
			}
			return configMap, workload.KnownInPart
		},
	}
}
