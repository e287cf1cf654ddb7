package validation

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirOnPodDisk() Rule {
	return Rule{
		ID:         "storage-dir-on-pod-disk",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeInvalid},
		Effect:     "it is lost with the pod",
		Summary:    "high-availability.storageDir lies on the JobManager's own disk.",
		Why: "The directory is local and no volume that outlives the pod is mounted there. The ConfigMaps survive a failover, and the job graphs " +
			"and checkpoints that they point to do not: the next JobManager finds the pointers, fails to read what they name, and exits, " +
			"again and again. A hostPath does it as soon as the pod moves to another node, and a claim of each pod's own as soon as another " +
			"JobManager takes over.",
		Remedy: "Use an object store or a distributed file system, or mount one volume (a PersistentVolumeClaim with ReadWriteMany) at that path " +
			"into all JobManagers.",
		Source: "org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem; FileSystemStateStorageHelper; a lost storage directory was seen with 2.3.0",
		Example: Example{
			Wrong: podDiskExample("emptyDir: {}"),
			Right: podDiskExample("persistentVolumeClaim: {claimName: flink-ha}"),
		},
		Check: checkStorageDirOnPodDisk,
	}
}

func podDiskExample(volume string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager}
spec:
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
      - name: jobmanager
        image: flink:1.20
        args: ["jobmanager", "$(POD_IP)"]
        env:
        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        - name: FLINK_PROPERTIES
          value: |
            high-availability.type: kubernetes
            high-availability.storageDir: file:///flink-data/ha
            high-availability.cluster-id: my-cluster
            kubernetes.cluster-id: my-cluster
            kubernetes.namespace: team
            state.checkpoints.dir: s3://my-bucket/checkpoints
        volumeMounts:
        - {name: data, mountPath: /flink-data}
      volumes:
      - {name: data, ` + volume + `}
`
}

// keyVolumeClaims mounts claims without a pod template, in native mode from 2.3 on.
const keyVolumeClaims = "kubernetes.persistent-volume-claims"

func checkStorageDirOnPodDisk(subject *Subject) []Violation {
	if subject.Member == nil || !subject.readable() {
		return nil
	}
	dir, setting := subject.storagePath().Dir, subject.storagePath().Dir.Setting
	if !dir.Set || dir.Unknown != "" || flink.IsBlank(setting.Value) || mayBeElsewhere(setting.Value) || flink.StorageProblem(setting.Value) != "" ||
		flink.StorageScheme(subject.Configuration, setting.Value) != "file" || !subject.showsVolumes() {
		return nil
	}
	template, container, _ := subject.flinkContainer()
	isResource := subject.Member.Resource != nil
	if isResource && subject.addsVolumes() {
		return nil
	}
	directory := localPath(setting.Value)
	if full := subject.storagePath().Path; full != "" {
		directory = localPath(full)
	} else if mountsBelow(container, directory) {
		return nil // perhaps just at the cluster's own directory, which is not known
	}
	kept := keeperOf(template, container, directory)
	var detail, effect string
	level := policy.LevelBaseline
	switch kept.kind {
	case keptByNothing:
		detail = "no volume is mounted there"
		if isResource && !subject.Configuration.Complete() {
			level = policy.LevelStrict // the operator's defaults may add one
		}
	case keptByPod:
		detail = "the volume " + Show(kept.volume) + " goes with the pod"
	case keptByNode:
		detail, level = "the volume "+Show(kept.volume)+" is a directory of the node", policy.LevelStrict
		effect = "a JobManager on another node does not find it"
	case keptByClaim:
		if subject.Member.Kind != "StatefulSet" || subject.Member.Replicas <= 1 {
			return nil
		}
		detail, level = "each pod has a claim "+Show(kept.volume)+" of its own", policy.LevelStrict
		effect = "a JobManager does not find what another one wrote"
	default:
		return nil
	}
	return []Violation{{
		Option: flink.KeyStorageDir, Setting: setting.Key, Level: level, Position: setting.Position, Found: found(setting, true), Detail: detail, Effect: effect,
		Needed: "storage that outlives the pod",
		Remedy: line(setting.Position, setting.Key, "s3://<bucket>/<path>") + ", or mount a shared volume there",
	}}
}

// mayBeElsewhere tells at a glance that a directory is on no local file system, or may be once something has replaced a variable.
func mayBeElsewhere(value string) bool {
	if scheme, _, ok := strings.Cut(value, "://"); ok && scheme != "file" {
		return true
	}
	return flink.IsExpanded(value) && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "file:")
}

// showsVolumes tells whether the volumes of the JobManager are known that keeps its HA data where the subject says.
func (s *Subject) showsVolumes() bool {
	if _, _, known := s.flinkContainer(); !known {
		return false
	}
	if resource := s.Member.Resource; resource != nil {
		return resource.Kind != workload.KindSessionJob
	}
	return s.Member.Role == workload.RoleJobManager
}

// addsVolumes tells whether options of a custom resource add volumes to those of its pod template.
func (s *Subject) addsVolumes() bool {
	return slices.ContainsFunc(s.Configuration.Settings, func(setting flink.Setting) bool {
		return setting.Key == keyVolumeClaims || strings.HasPrefix(setting.Key, workload.PodTemplateOption)
	})
}

// localPath is the path of a directory on a local file system, which has no host.
func localPath(value string) string {
	return path.Clean("/" + strings.TrimPrefix(value, "file:"))
}

func mountsBelow(container *corev1.Container, directory string) bool {
	return container != nil && slices.ContainsFunc(container.VolumeMounts, func(m corev1.VolumeMount) bool {
		return strings.HasPrefix(path.Clean("/"+m.MountPath), strings.TrimSuffix(directory, "/")+"/")
	})
}

// keeper is what a directory of a container lies on.
type keeper struct {
	kind keeperKind
	// volume is its name, "" for the image's own disk.
	volume string
}

type keeperKind int

// The kinds: the image's disk and what goes with the pod, a node's directory, a claim that a StatefulSet makes for each pod, and
// anything that may be shared and stay.
const (
	keptByNothing keeperKind = iota
	keptByPod
	keptByNode
	keptByClaim
	keptElsewhere
)

// keeperOf finds the volume with the longest mount path at or above a directory.
func keeperOf(template *corev1.PodTemplateSpec, container *corev1.Container, directory string) keeper {
	name, longest, receives := "", "", false
	if container != nil {
		for i := range container.VolumeMounts {
			mount := &container.VolumeMounts[i]
			at := path.Clean("/" + mount.MountPath)
			if (directory == at || strings.HasPrefix(directory, strings.TrimSuffix(at, "/")+"/")) && len(at) > len(longest) {
				name, longest = mount.Name, at
				receives = mount.MountPropagation != nil && *mount.MountPropagation != corev1.MountPropagationNone
			}
		}
	}
	switch {
	case mountsItself(container):
		return keeper{keptElsewhere, name}
	case longest == "":
		return keeper{}
	case receives:
		return keeper{keptElsewhere, name} // a sidecar may mount a bucket into it
	}
	i := slices.IndexFunc(template.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == name })
	switch {
	case i < 0:
		return keeper{keptByClaim, name}
	case template.Spec.Volumes[i].EmptyDir != nil, template.Spec.Volumes[i].Ephemeral != nil:
		return keeper{keptByPod, name}
	case template.Spec.Volumes[i].HostPath != nil:
		return keeper{keptByNode, name}
	}
	return keeper{keptElsewhere, name}
}

// mountsItself tells whether a container may mount file systems by itself, which takes the rights of the node's root.
func mountsItself(container *corev1.Container) bool {
	if container == nil || container.SecurityContext == nil {
		return false
	}
	context := container.SecurityContext
	return context.Privileged != nil && *context.Privileged ||
		context.Capabilities != nil && slices.Contains(context.Capabilities.Add, "SYS_ADMIN")
}
