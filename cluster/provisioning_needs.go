package cluster

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// need is that a Flink process runs under an account, and what it does with it.
type need struct {
	member  *inventory.Member
	account string
	// roles that the guard would bind for it; none for a process that asks nothing of the API server.
	roles []string
	// process decides what it certainly fails without.
	process rights.Process
	// namespace that it has the rights in.
	namespace string
}

func (n *need) needs(role string) bool { return slices.Contains(n.roles, role) }

// needsIn are the needs of the members of a namespace, in their order.
func (s *Surroundings) needsIn(namespace string) []need {
	members, _ := s.feed.inventory.InNamespace(namespace, maxMembersSeen)
	var needs []need
	for _, member := range members {
		switch {
		case member.Resource != nil && member.Resource.Kind != workload.KindSessionJob:
			needs = append(needs, needsOfResource(member)...)
		case member.Resource == nil && member.Role != "":
			needs = append(needs, s.needsOfWorkload(member)...)
		}
	}
	return needs
}

// needsOfWorkload are those of a workload, and of the TaskManagers that a native JobManager makes.
func (s *Surroundings) needsOfWorkload(member *inventory.Member) []need {
	account := podAccount(&member.Template.Spec)
	process := rights.Process{Role: member.Role, Version: member.Process.Version}
	if member.Process.Deployer != workload.DeployerNative || member.Role != workload.RoleJobManager {
		return []need{newNeed(member, account, process)}
	}
	configuration := member.Process.Configuration(workload.Surroundings{Namespace: member.Namespace, ConfigMap: s.knownConfigMap(member.Namespace)})
	process = rights.ProcessOf(process.Role, true, configuration, process.Version)
	needs := []need{newNeed(member, account, process)}
	return append(needs, needsOfTaskManagers(member, workload.AccountOfNative(workload.RoleTaskManager, configuration, process.Version), process.Version, account)...)
}

// knownConfigMap finds what the inventory has of ConfigMaps in a namespace.
func (s *Surroundings) knownConfigMap(namespace string) func(string) (*corev1.ConfigMap, workload.Knowledge) {
	return func(name string) (*corev1.ConfigMap, workload.Knowledge) {
		if found, _, ok := s.feed.inventory.ConfigMap(namespace, name); ok {
			return found, workload.KnownInPart
		}
		return nil, workload.Unknown
	}
}

// needsOfResource are those of the processes that the operator will start for a custom resource. Those that it has started are
// members themselves.
func needsOfResource(member *inventory.Member) []need {
	resource := member.Resource
	account := resource.Account(workload.RoleJobManager, resource.Configuration)
	if !account.Named || account.Name == "" {
		return nil
	}
	native := resource.Deployer == workload.DeployerNative
	needs := []need{newNeed(member, account.Name, rights.ProcessOf(workload.RoleJobManager, native, resource.Configuration, resource.Version))}
	return append(needs, needsOfTaskManagers(member, resource.Account(workload.RoleTaskManager, resource.Configuration), resource.Version, account.Name)...)
}

// needsOfTaskManagers are those of pods whose account comes from the configuration, unless the JobManager has the same: its rights
// cover theirs. An account that cannot be seen is not bound.
func needsOfTaskManagers(member *inventory.Member, account workload.Account, version flink.Version, jobManagers string) []need {
	if account.Name == "" || account.Name == jobManagers || !account.Named && account.Unknown != "" {
		return nil
	}
	return []need{newNeed(member, account.Name, rights.Process{Role: workload.RoleTaskManager, Version: version})}
}

// newNeed completes a need with what the member's identity says: its HA mode, and where its HA ConfigMaps are. Where the mode is not
// known, the guard binds what high availability takes: a configuration often comes a moment after its workload.
func newNeed(member *inventory.Member, account string, process rights.Process) need {
	identity := member.Identity
	process.Mode, process.ClusterID = identity.Mode, identity.ClusterID
	n := need{member: member, account: account, process: process, namespace: identity.Namespace}
	if identity.Namespace != "" && identity.Namespace != member.Namespace {
		return n // a binding in the member's namespace would give it nothing that it uses
	}
	if process.Mode == flink.ModeKubernetes || process.Mode == flink.ModeUnknown {
		switch process.Role {
		case workload.RoleJobManager:
			n.roles = append(n.roles, policy.JobManagerRole)
		case workload.RoleTaskManager:
			n.roles = append(n.roles, policy.TaskManagerRole)
		}
	}
	if process.Native {
		n.roles = append(n.roles, policy.NativeRole)
	}
	return n
}

// podAccount is the account of pods with a spec.
func podAccount(spec *corev1.PodSpec) string { return workload.AccountOfPods(spec, "").Name }
