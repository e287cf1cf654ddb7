package flink

import (
	"fmt"
	"maps"
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Role is the part that a process plays in a Flink cluster.
type Role string

// The roles.
const (
	RoleJobManager  Role = "JobManager"
	RoleTaskManager Role = "TaskManager"
)

// DefaultConfDir is where the official images look for the configuration (FLINK_HOME/conf).
const DefaultConfDir = "/opt/flink/conf"

// MaxContainers bounds how many containers of a pod template are looked at; no kubelet runs that many.
const MaxContainers = 64

// Workload is a pod template that runs a Flink process.
type Workload struct {
	Role    Role
	Version Version
	// Configuration is what the process's own arguments and environment say. Its gaps tell what else it would read.
	Configuration Configuration
	// ConfigMap is the name of the ConfigMap that is mounted as the configuration directory or as a file in it, or "".
	ConfigMap string
	// Files maps the names of configuration files in that directory to the data keys of the ConfigMap; nil stands for
	// all keys under their own names.
	Files map[string]string
}

// RecognizeWorkload finds the Flink process in a pod template. specPath is the path of the template's spec in its object,
// for instance "spec.template.spec".
func RecognizeWorkload(template *corev1.PodTemplateSpec, specPath string) (Workload, bool) {
	for i := range template.Spec.Containers {
		if i == MaxContainers {
			break
		}
		container := &template.Spec.Containers[i]
		launch, ok := recognizeLaunch(container, fmt.Sprintf("%s.containers[%d]", specPath, i))
		if !ok {
			continue
		}
		workload := Workload{Role: launch.role, Version: VersionOfImage(container.Image)}
		mounted := findConfDir(&template.Spec, container)
		workload.ConfigMap, workload.Files = mounted.configMap, mounted.files
		workload.Configuration = ownConfiguration(container, launch, mounted, workload.Version)
		return workload, true
	}
	return Workload{}, false
}

// ownConfiguration is what the container itself says: FLINK_PROPERTIES below dynamic properties, as the entry point and
// ClusterEntrypoint.loadConfiguration stack them.
func ownConfiguration(container *corev1.Container, launch launch, mounted confDir, version Version) Configuration {
	configuration := environmentProperties(container, launch, mounted, version)
	if configuration.Source == "" {
		configuration.Source = launch.path + ".args"
	}
	configuration = configuration.Overlay(dynamicProperties(launch, version))
	switch {
	case launch.script:
		configuration.gap("a shell script starts the process")
	case mounted.incomplete != "":
		configuration.gap(mounted.incomplete)
	case configuration.Complete() && !isOfficialImage(container.Image):
		configuration.gap("the image may bring a configuration of its own")
	}
	return configuration
}

// isOfficialImage tells whether an image is one that Apache Flink publishes, whose own configuration is known: no high
// availability. An image of the same name in another registry may have been built with a configuration of its own.
func isOfficialImage(reference string) bool {
	name, _ := splitImage(reference)
	switch strings.TrimPrefix(name, "docker.io/") {
	case "flink", "library/flink", "apache/flink":
		return true
	}
	return false
}

// confDir is what is mounted over the configuration directory.
type confDir struct {
	// mounted is true if anything is: the entry point can then not write FLINK_PROPERTIES into the files.
	mounted    bool
	configMap  string
	files      map[string]string
	incomplete string
}

func findConfDir(spec *corev1.PodSpec, container *corev1.Container) confDir {
	directory, known := confDirectory(container)
	if !known {
		return confDir{mounted: true, incomplete: "where the configuration directory is depends on a variable"}
	}
	var found confDir
	for i := range container.VolumeMounts {
		mount := &container.VolumeMounts[i]
		target := path.Clean(mount.MountPath)
		file := path.Base(target)
		inside := path.Dir(target) == directory && (file == LegacyFile || file == StandardFile)
		if strings.HasPrefix(directory, strings.TrimSuffix(target, "/")+"/") {
			found.incomplete = "a folder above the configuration directory is mounted"
			continue
		}
		if target != directory && !inside {
			continue
		}
		volume := findVolume(spec, mount.Name)
		if volume == nil || volume.ConfigMap == nil || found.mounted && found.configMap != volume.ConfigMap.Name {
			return confDir{mounted: true, incomplete: "the configuration directory is mounted from what cannot be read here"}
		}
		files := mountedFiles(volume.ConfigMap.Items, mount, file, inside)
		if found.mounted && found.files != nil {
			maps.Copy(found.files, files)
			continue
		}
		name := volume.ConfigMap.Name
		found = confDir{mounted: true, configMap: name, files: files, incomplete: fmt.Sprintf("the configuration is in the ConfigMap %q", name)}
	}
	return found
}

// mountedFiles maps file names in the directory to data keys. A subPath picks one file of the volume, and items rename.
func mountedFiles(items []corev1.KeyToPath, mount *corev1.VolumeMount, file string, inside bool) map[string]string {
	if inside {
		key := mount.SubPath
		for _, item := range items {
			if item.Path == mount.SubPath {
				key = item.Key
			}
		}
		return map[string]string{file: key}
	}
	if len(items) == 0 {
		return nil
	}
	files := make(map[string]string, len(items))
	for _, item := range items {
		files[item.Path] = item.Key
	}
	return files
}

// confDirectory is FLINK_CONF_DIR, which bin/config.sh defaults to FLINK_HOME/conf, and whether it is known.
func confDirectory(container *corev1.Container) (directory string, known bool) {
	for i := range container.Env {
		if variable := &container.Env[i]; variable.Name == "FLINK_CONF_DIR" {
			return path.Clean(variable.Value), variable.ValueFrom == nil && variable.Value != "" && !IsExpanded(variable.Value)
		}
	}
	return DefaultConfDir, true
}

func findVolume(spec *corev1.PodSpec, name string) *corev1.Volume {
	for i := range spec.Volumes {
		if spec.Volumes[i].Name == name {
			return &spec.Volumes[i]
		}
	}
	return nil
}

// MountedConfiguration is what the process reads from the ConfigMap that it mounts. Which file counts follows the version
// (GlobalConfiguration): flink-conf.yaml up to 1.18, config.yaml from 2.0 on, and between them flink-conf.yaml if it is
// there; so it is for an unknown version too. It returns false where that cannot be told, as with a file in binaryData.
func (w Workload) MountedConfiguration(configMap *corev1.ConfigMap) (Configuration, bool) {
	order := []string{LegacyFile, StandardFile}
	switch {
	case w.Version.AtLeast(2, 0):
		order = []string{StandardFile}
	case w.Version.Before(1, 19):
		order = []string{LegacyFile}
	}
	for _, file := range order {
		key := file
		if w.Files != nil {
			key = w.Files[file]
		}
		if _, binary := configMap.BinaryData[key]; binary {
			return Configuration{}, false
		}
		text, ok := configMap.Data[key]
		if !ok || len(text) > maxFileBytes {
			continue
		}
		if file == LegacyFile {
			return LoadLegacy(text, dataPath(key)), true
		}
		return LoadStandard(text, dataPath(key)), true
	}
	return Configuration{}, false
}
