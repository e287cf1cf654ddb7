package rights

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Process is what decides which rights a process of a Flink cluster uses.
type Process struct {
	Role workload.Role
	// Native is true where the JobManager starts its TaskManagers as pods itself.
	Native bool
	// Mode is the HA mode. Where it is unknown, nothing is needed for it.
	Mode    flink.Mode
	Version flink.Version
	// ClusterID is kubernetes.cluster-id, "" where it is not known.
	ClusterID string
	// HostNetwork is kubernetes.hostnetwork.enabled.
	HostNetwork bool
}

// Kinds of objects that Flink's processes ask the API server about.
const (
	configMaps  = "configmaps"
	pods        = "pods"
	deployments = "deployments"
	services    = "services"
	groupApps   = "apps"
)

// Needed are the rights without which the process certainly fails, whichever of its possible versions it is.
//
// A JobManager with the high availability of Kubernetes leads, stores and cleans up in ConfigMaps, and from 1.18 on renews its
// lock with PATCH (Fabric8FlinkKubeClient, with fabric8 6). A TaskManager watches the leaders' ConfigMap: with a plain watch up to
// 1.13, with a list and a watch since (KubernetesConfigMapSharedInformer), and by its name from 1.18.1 on. A native JobManager
// makes and removes TaskManager pods, reads its own Deployment, which owns them, and removes it when it is done
// (KubernetesResourceManagerDriver, Fabric8FlinkKubeClient).
func Needed(p Process) []Right {
	return p.rights(p.certainly, p.ClusterID+leadersConfigMap, !p.Version.Before(1, 18))
}

// Wanted are Needed and what only some of the process's possible versions use, or only some of its ends: what a role should give.
func Wanted(p Process) []Right {
	return p.rights(p.possibly, "", false)
}

// leadersConfigMap ends the name of the ConfigMap that TaskManagers watch (KubernetesUtils.getConfigMapNameForCluster).
const leadersConfigMap = "-cluster-config-map"

// span is a range of release lines; before is not in it.
type span struct{ from, before flink.Version }

func (p Process) certainly(s span) bool {
	version := p.Version
	return (s.from == flink.Version{} || version.AtLeast(s.from.Major, s.from.Minor)) &&
		(s.before == flink.Version{} || version.Before(s.before.Major, s.before.Minor))
}

func (p Process) possibly(s span) bool {
	version := p.Version
	return (s.from == flink.Version{} || !version.Before(s.from.Major, s.from.Minor)) &&
		(s.before == flink.Version{} || !version.AtLeast(s.before.Major, s.before.Minor))
}

// rights lists what the process uses. in tells whether a right counts that only some versions use. leaders is the ConfigMap that a
// TaskManager watches, "" for any; byName tells whether it may watch just that one.
func (p Process) rights(in func(span) bool, leaders string, byName bool) []Right {
	var rights []Right
	add := func(group, resource, name string, verbs ...string) {
		for _, verb := range verbs {
			rights = append(rights, Right{Group: group, Resource: resource, Verb: verb, Name: name})
		}
	}
	ha := p.Mode == flink.ModeKubernetes
	if p.Role == workload.RoleTaskManager && ha && !(byName && p.ClusterID == "") {
		if !byName {
			leaders = ""
		}
		if in(span{from: flink.Version{Major: 1, Minor: 14}}) {
			add("", configMaps, leaders, "list")
		}
		add("", configMaps, leaders, "watch")
	}
	if p.Role == workload.RoleJobManager && ha {
		add("", configMaps, "", "get", "list", "watch", "create", "update")
		if in(span{from: flink.Version{Major: 1, Minor: 18}}) {
			add("", configMaps, "", "patch")
		}
		add("", configMaps, "", "delete")
	}
	if p.Role == workload.RoleJobManager && p.Native {
		add("", pods, "", "list", "watch", "create", "delete")
		add(groupApps, deployments, "", "get", "delete")
		if p.HostNetwork {
			add("", services, "", "get", "update")
		}
	}
	return rights
}
