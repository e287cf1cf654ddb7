package workload

import (
	"fmt"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// A Place is where the content of a file comes from.
type Place string

// The places. PlaceNowhere is a file that is certainly not there.
const (
	PlaceConfigMap Place = "configmap"
	PlaceImage     Place = "image"
	PlaceNowhere   Place = "nowhere"
	PlaceUnknown   Place = "unknown"
)

// File is a file of a container's configuration directory.
type File struct {
	Place Place
	// ConfigMap and Key hold the content, for PlaceConfigMap.
	ConfigMap, Key string
	// Text is the content, if Read. A ConfigMap that is not at hand leaves it out.
	Read bool
	Text string
	// Reason says why place or content is unknown.
	Reason string

	// readOnly is true if nothing in the container can write the file; perhaps is true if that depends on what is not known.
	readOnly, perhaps bool
}

// fileAt finds the file at an absolute path of the container: the volume whose mount path is the longest above it has it,
// whatever the order of the mounts, and the image if there is none.
func (r *reading) fileAt(target string) File {
	container := r.process.container()
	var mount *corev1.VolumeMount
	longest := ""
	for i := range container.VolumeMounts {
		candidate := &container.VolumeMounts[i]
		at := path.Clean("/" + candidate.MountPath)
		if (target == at || strings.HasPrefix(target, strings.TrimSuffix(at, "/")+"/")) && len(at) > len(longest) {
			mount, longest = candidate, at
		}
	}
	if mount == nil {
		return r.fileOfImage()
	}
	inside := strings.TrimPrefix(strings.TrimPrefix(target, longest), "/")
	sub := mount.SubPath
	if mount.SubPathExpr != "" {
		sub = r.variables.expand(mount.SubPathExpr)
		if found, unknown := r.holes.find(sub); unknown {
			return File{Place: PlaceUnknown, Reason: found.reason}
		}
	}
	file := r.fileOfVolume(mount.Name, strings.TrimPrefix(path.Join("/", sub, inside), "/"))
	file.readOnly = file.readOnly || mount.ReadOnly
	return file
}

func (r *reading) fileOfImage() File {
	security := r.process.container().SecurityContext
	return File{
		Place:    PlaceImage,
		Reason:   "the image may bring a configuration of its own",
		readOnly: security != nil && security.ReadOnlyRootFilesystem != nil && *security.ReadOnlyRootFilesystem,
	}
}

// fileOfVolume finds a file by its path inside a volume. The kubelet mounts volumes from the API read-only.
func (r *reading) fileOfVolume(name, inside string) File {
	spec := &r.process.template.Spec
	i := slices.IndexFunc(spec.Volumes, func(v corev1.Volume) bool { return v.Name == name })
	if i < 0 {
		return File{Place: PlaceUnknown, Reason: "the configuration is on a volume that is claimed elsewhere", perhaps: true}
	}
	volume := &spec.Volumes[i]
	perhaps := volume.EmptyDir == nil
	switch {
	case volume.ConfigMap != nil:
		file := r.fileOfConfigMap(volume.ConfigMap.Name, volume.ConfigMap.Items, volume.ConfigMap.Optional, inside)
		file.readOnly = true
		return file
	case volume.Projected != nil:
		file := r.fileOfProjected(volume.Projected.Sources, inside)
		file.readOnly = true
		return file
	case volume.Secret != nil:
		return File{Place: PlaceUnknown, Reason: "the configuration is in a Secret", readOnly: true}
	case volume.DownwardAPI != nil:
		return File{Place: PlaceUnknown, Reason: "the configuration is made from fields of the pod", readOnly: true}
	case mountedBy(spec.InitContainers, name):
		return File{Place: PlaceUnknown, Reason: "an init container may write the configuration", perhaps: perhaps}
	case mountedByOthers(spec.Containers, r.process.Container, name):
		return File{Place: PlaceUnknown, Reason: "another container may write the configuration", perhaps: perhaps}
	}
	return File{Place: PlaceUnknown, Reason: "the configuration is on a volume that cannot be read here", perhaps: perhaps}
}

func mountedBy(containers []corev1.Container, volume string) bool {
	return slices.ContainsFunc(containers, func(c corev1.Container) bool {
		return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == volume })
	})
}

func mountedByOthers(containers []corev1.Container, but int, volume string) bool {
	return mountedBy(containers[:but], volume) || mountedBy(containers[but+1:], volume)
}

// fileOfConfigMap finds the data key that is at a path: the key of that name or, where items are listed, the one that is given
// the path, and no other.
func (r *reading) fileOfConfigMap(name string, items []corev1.KeyToPath, optional *bool, inside string) File {
	key := inside
	if len(items) > 0 {
		i := slices.IndexFunc(items, func(item corev1.KeyToPath) bool { return path.Clean(item.Path) == inside })
		if i < 0 {
			return File{Place: PlaceNowhere}
		}
		key = items[i].Key
	}
	file := File{Place: PlaceConfigMap, ConfigMap: name, Key: key}
	if key == "" || strings.Contains(key, "/") {
		return File{Place: PlaceNowhere}
	}
	configMap, known := r.around.configMap(name)
	switch {
	case known == Unknown:
		file.Reason = fmt.Sprintf("the configuration is in the ConfigMap %q", name)
		return file
	case configMap == nil && optional != nil && *optional:
		return File{Place: PlaceNowhere}
	case configMap == nil:
		file.Reason = fmt.Sprintf("the pod waits for the ConfigMap %q, which does not exist", name)
		return file
	}
	return readKey(file, configMap, known)
}

// readKey reads a data key of a ConfigMap that is at hand.
func readKey(file File, configMap *corev1.ConfigMap, known Knowledge) File {
	text, ok := configMap.Data[file.Key]
	_, binary := configMap.BinaryData[file.Key]
	switch {
	case ok && len(text) <= maxFileBytes:
		file.Read, file.Text = true, text
	case ok:
		file.Reason = fmt.Sprintf("the file in the ConfigMap %q is too large", file.ConfigMap)
	case binary:
		file.Reason = fmt.Sprintf("the file is in the binaryData of the ConfigMap %q", file.ConfigMap)
	case known == KnownInPart && !isConfigurationFile(file.Key):
		file.Reason = fmt.Sprintf("the configuration is in the ConfigMap %q, of which not everything is known", file.ConfigMap)
	default:
		return File{Place: PlaceNowhere}
	}
	return file
}

// maxFileBytes bounds the files that are read: the API server takes no larger ConfigMap.
const maxFileBytes = 1 << 20

// fileOfProjected finds a file among several sources, of which later ones overwrite what earlier ones put at the same path.
func (r *reading) fileOfProjected(sources []corev1.VolumeProjection, inside string) File {
	for _, source := range slices.Backward(sources) {
		file := File{Place: PlaceNowhere}
		switch {
		case source.ConfigMap != nil:
			file = r.fileOfConfigMap(source.ConfigMap.Name, source.ConfigMap.Items, source.ConfigMap.Optional, inside)
		case source.Secret != nil && mayHold(source.Secret.Items, inside):
			file = File{Place: PlaceUnknown, Reason: "the configuration may be in a Secret"}
		case source.DownwardAPI != nil:
			if slices.ContainsFunc(source.DownwardAPI.Items, func(f corev1.DownwardAPIVolumeFile) bool { return path.Clean(f.Path) == inside }) {
				file = File{Place: PlaceUnknown, Reason: "the configuration is made from fields of the pod"}
			}
		}
		if file.Place != PlaceNowhere {
			return file
		}
	}
	return File{Place: PlaceNowhere}
}

func mayHold(items []corev1.KeyToPath, inside string) bool {
	return len(items) == 0 || slices.ContainsFunc(items, func(item corev1.KeyToPath) bool { return path.Clean(item.Path) == inside })
}
