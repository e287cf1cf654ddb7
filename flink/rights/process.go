package rights

import (
	"strings"

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

// keyHostNetwork puts native JobManagers into the network of their node.
const keyHostNetwork = "kubernetes.hostnetwork.enabled"

// ProcessOf is a process with a configuration. What the configuration leaves open is left open.
func ProcessOf(role workload.Role, native bool, configuration flink.Configuration, version flink.Version) Process {
	hostNetwork := configuration.Get(keyHostNetwork, version)
	process := Process{
		Role: role, Native: native, Version: version,
		Mode:        flink.ResolveHighAvailability(configuration, version).Mode,
		HostNetwork: hostNetwork.Unknown == "" && strings.EqualFold(hostNetwork.Value(), "true"),
	}
	if id := configuration.Get(flink.KeyClusterID, version); id.Unknown == "" && !flink.IsExpanded(id.Value()) {
		process.ClusterID = id.Value()
	}
	return process
}

// NamespaceOf is where a process uses its rights: kubernetes.namespace or, where that is not known, the namespace of its pods if those
// were deployed by the native client or the operator, which make a cluster in the namespace that they tell it. It is "" where that is not
// known, and byDefault tells that nobody named it, though it is another one than that of the pods.
func NamespaceOf(configuration flink.Configuration, version flink.Version, pods string, deployed bool) (namespace string, byDefault bool) {
	reading := configuration.Get(flink.KeyNamespace, version)
	switch value := reading.Value(); {
	case reading.Unknown == "" && !flink.IsExpanded(value):
		return value, !reading.Set && value != pods
	case deployed:
		return pods, false
	}
	return "", false
}

// Needed are the rights without which the process certainly fails, whichever of its possible versions it is. What it uses by
// name is named, since a role may be limited to that name; where the name is not known, nothing is needed for it.
func Needed(p Process) []Right { return p.uses(true) }

// Wanted are Needed and what only some of the process's possible versions use, or only some of its ends. It names an object only
// where the process certainly uses no other one of its kind.
func Wanted(p Process) []Right { return p.uses(false) }

// uses lists what the process uses: what it certainly needs, or what it may.
func (p Process) uses(certainly bool) []Right {
	u := &usage{Process: p, certainly: certainly}
	ha := p.Mode == flink.ModeKubernetes
	switch {
	case p.Role == workload.RoleTaskManager && ha:
		u.findLeaders()
	case p.Role == workload.RoleJobManager && ha:
		u.lead()
	}
	if p.Role == workload.RoleJobManager && p.Native {
		u.runTaskManagers()
	}
	return u.rights
}

// usage collects the rights that a process uses.
type usage struct {
	Process
	certainly bool
	rights    []Right
}

// Kinds of objects that Flink's processes ask the API server about.
const (
	configMaps  = "configmaps"
	pods        = "pods"
	deployments = "deployments"
	services    = "services"
	groupApps   = "apps"
)

// findLeaders: JobManagers and TaskManagers learn who leads from a ConfigMap, with a plain watch of each name up to 1.13
// (Fabric8FlinkKubeClient.watchConfigMaps), and with a list and a watch since (KubernetesConfigMapSharedInformer): by labels up
// to 1.18.0, and by the name of the one ConfigMap from 1.18.1 on.
func (u *usage) findLeaders() {
	verbs := []string{"list", "watch"}
	if !u.since(14) {
		verbs = verbs[1:]
	}
	if u.certainly && u.Version.AtLeast(1, 14) && (u.Version.Before(1, 18) || u.is1180()) {
		u.add(configMaps, verbs...)
		return
	}
	u.addTo("", configMaps, u.leaders(), u.Version.AtLeast(1, 18) && u.isAfter1180(), verbs...)
}

// lead: a JobManager makes the ConfigMaps of leaders and jobs (LeaderElector of fabric8, KubernetesUtils.createConfigMapIfItDoesNotExist),
// writes what it stores with PUT (Fabric8FlinkKubeClient.checkAndUpdateConfigMap), and renews its lock with PUT up to 1.17, with
// fabric8 5, and with PATCH from 1.18 on, with fabric8 6 (ResourceLock). In the end it deletes them, up to 1.18.0 by their labels:
// with fabric8 5 that is a list and a deletion of each, with fabric8 6 one of the collection.
func (u *usage) lead() {
	leaders := u.leaders()
	u.addTo("", configMaps, leaders, false, "get")
	if !u.certainly && !u.since(14) {
		u.add(configMaps, "list")
	}
	u.findLeaders()
	u.add(configMaps, "create")
	u.addTo("", configMaps, leaders, false, "update")
	if u.since(18) {
		u.addTo("", configMaps, leaders, false, "patch")
	}
	u.addTo("", configMaps, leaders, false, "delete")
	if !u.certainly && u.is1180() {
		u.add(configMaps, "deletecollection")
	}
}

// runTaskManagers: a native JobManager makes TaskManagers as pods, watches and removes them, reads its own Deployment, which owns
// them, and removes it when it is done (KubernetesResourceManagerDriver, Fabric8FlinkKubeClient). In the network of its node it
// has other ports than its Services say, and corrects them, from 1.15 on.
func (u *usage) runTaskManagers() {
	u.add(pods, "list", "watch", "create", "delete")
	u.addTo(groupApps, deployments, u.ClusterID, true, "get", "delete")
	if u.HostNetwork && u.since(15) {
		u.addTo("", services, u.named("-rest"), false, "get", "update")
	}
}

// leaders is a ConfigMap that says who leads, "" where its name is not known: the only one there is from 1.15 on
// (KubernetesUtils.getConfigMapNameForCluster), and one of several before (KubernetesHaServices).
func (u *usage) leaders() string {
	switch {
	case !u.Version.Before(1, 15):
		return u.named("-cluster-config-map")
	case u.Role == workload.RoleTaskManager:
		return u.named("-resourcemanager-leader")
	}
	return u.named("-dispatcher-leader")
}

func (u *usage) named(suffix string) string {
	if u.ClusterID == "" {
		return ""
	}
	return u.ClusterID + suffix
}

// since tells whether a right counts that the process uses from a release line of Flink 1 on.
func (u *usage) since(minor int) bool {
	if u.certainly {
		return u.Version.AtLeast(1, minor)
	}
	return !u.Version.Before(1, minor)
}

// is1180 tells whether it is certainly 1.18.0.
func (u *usage) is1180() bool {
	patch, known := u.Version.Patch()
	return known && patch == 0 && u.Version.Major == 1 && u.Version.Minor == 18
}

// isAfter1180 tells whether a version from 1.18 on is certainly not 1.18.0.
func (u *usage) isAfter1180() bool {
	patch, known := u.Version.Patch()
	return u.Version.AtLeast(1, 19) || known && patch > 0
}

// add is for what is done to any object of a kind of the core group.
func (u *usage) add(resource string, verbs ...string) {
	u.addNamed("", resource, "", verbs)
}

// addTo is for what is done to an object of a name, "" where it is not known. only tells whether it is certainly done to no other.
func (u *usage) addTo(group, resource, name string, only bool, verbs ...string) {
	switch {
	case u.certainly && name == "":
		return
	case !u.certainly && !only:
		name = ""
	}
	u.addNamed(group, resource, name, verbs)
}

func (u *usage) addNamed(group, resource, name string, verbs []string) {
	for _, verb := range verbs {
		u.rights = append(u.rights, Right{Group: group, Resource: resource, Verb: verb, Name: name})
	}
}
