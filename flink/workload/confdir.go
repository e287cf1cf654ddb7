package workload

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// DefaultHome is where the official images have Flink (FLINK_HOME); the configuration directory is conf in it.
const (
	DefaultHome    = "/opt/flink"
	DefaultConfDir = DefaultHome + "/conf"
)

func isConfigurationFile(name string) bool {
	_, ok := flink.LoaderOf(name)
	return ok
}

// directories of a process.
type directories struct {
	// read is the configuration directory, which bin/config.sh takes from FLINK_CONF_DIR, and which is conf beside bin without it.
	read string
	// written is the one that docker-entrypoint.sh writes to, whatever FLINK_CONF_DIR says.
	written string
	// unknown says why the first is not known, or is "".
	unknown string
}

// directories finds the configuration directory. An entry point that no script starts is told it by an argument, and those of
// native mode by the variable.
func (r *reading) directories(named string) directories {
	const dependsOnVariable = "where the configuration directory is depends on a variable"
	home := DefaultHome
	dirs := directories{}
	if variable, ok := r.variables.values["FLINK_HOME"]; ok && r.process.launch.home == "" {
		home = path.Clean(variable.value)
		if _, unknown := r.holes.find(home); unknown || !path.IsAbs(home) {
			home, dirs.unknown = DefaultHome, dependsOnVariable
		}
	}
	dirs.written = home + "/conf"
	if r.process.launch.home != "" {
		home = r.process.launch.home
	}
	dirs.read = home + "/conf"
	switch variable, ok := r.variables.values["FLINK_CONF_DIR"]; {
	case ok && variable.value != "":
		dirs.read, dirs.unknown = path.Clean(variable.value), ""
	case !ok && r.variables.open != "" && !r.mountsDefault():
		dirs.unknown = dependsOnVariable
	}
	if named != "" {
		dirs.read, dirs.unknown = path.Clean(named), ""
	}
	if _, unknown := r.holes.find(dirs.read); unknown || strings.ContainsAny(dirs.read, "$") {
		dirs.unknown = dependsOnVariable
	} else if !path.IsAbs(dirs.read) {
		dirs.unknown = "the configuration directory is relative to where the process starts"
	}
	return dirs
}

// mountsDefault tells whether something is mounted over the default configuration directory. Where variables come from an object
// that is not at hand, FLINK_CONF_DIR may be one of them; it is not, where the author expects the process to look in the default.
func (r *reading) mountsDefault() bool {
	return slices.ContainsFunc(r.process.container().VolumeMounts, func(m corev1.VolumeMount) bool {
		at := path.Clean("/" + m.MountPath)
		return at == DefaultConfDir || strings.HasPrefix(at, DefaultConfDir+"/")
	})
}

// ConfigMaps are the names of the ConfigMaps that may hold the process's configuration files, as its volumes show them.
func (p Process) ConfigMaps() []string {
	r := newReading(p, Surroundings{})
	dirs := r.directories(r.arguments().directory)
	if dirs.unknown != "" {
		return nil
	}
	var names []string
	for _, name := range []string{flink.LegacyFile, flink.StandardFile} {
		if file := r.fileAt(dirs.read + "/" + name); file.Place == PlaceConfigMap && (len(names) == 0 || names[0] != file.ConfigMap) {
			names = append(names, file.ConfigMap)
		}
	}
	return names
}

// readFiles is what the process reads from its configuration directory. Which file counts follows the version
// (GlobalConfiguration): flink-conf.yaml up to 1.18, config.yaml from 2.0 on, and between them flink-conf.yaml if it is there.
// Where the version is not known, neither is which file counts, unless only one is there: without any Flink does not start.
func (r *reading) readFiles(dirs directories) flink.Configuration {
	if dirs.unknown != "" {
		return unreadable(dirs.unknown, r.process.Path)
	}
	version := r.process.Version
	legacy, standard := r.fileAt(dirs.read+"/"+flink.LegacyFile), r.fileAt(dirs.read+"/"+flink.StandardFile)
	// Images of 1.19 and later bring config.yaml only.
	preferred := legacy.Place != PlaceNowhere && legacy.Place != PlaceImage
	mayBeLegacy := version.Before(1, 19) || !version.AtLeast(2, 0) && preferred || !version.AtLeast(1, 19) && legacy.Place == PlaceImage
	mayBeStandard := version.AtLeast(2, 0) || !version.Before(1, 19) && !preferred || !version.Before(2, 0) && standard.Place != PlaceNowhere
	switch {
	case !mayBeStandard:
		return r.load(legacy, flink.LegacyFile)
	case !mayBeLegacy:
		return r.load(standard, flink.StandardFile)
	}
	return agree(r.load(legacy, flink.LegacyFile), r.load(standard, flink.StandardFile),
		"which of flink-conf.yaml and config.yaml is read depends on the version of Flink")
}

// load reads one file with the loader that its name in the directory calls for.
func (r *reading) load(file File, name string) flink.Configuration {
	switch {
	case file.Read:
		loader, _ := flink.LoaderOf(name)
		if r.around.Loaded != nil {
			if loaded, ok := r.around.Loaded(file.ConfigMap, file.Key, loader); ok {
				return loaded
			}
		}
		return loader.Load(file.Text, configMapSource(file.ConfigMap, file.Key))
	case file.Place == PlaceNowhere:
		return unreadable("there is no "+name+" in the configuration directory", r.process.Path)
	case file.Place == PlaceImage && flink.IsOfficialImage(r.process.container().Image):
		return flink.Configuration{} // it sets nothing that matters to high availability
	}
	return unreadable(file.Reason, r.process.Path)
}

func configMapSource(name, key string) string { return flink.InConfigMap(name, `data["`+key+`"]`) }

func unreadable(reason, place string) flink.Configuration {
	return flink.Configuration{Gaps: []flink.Gap{{Reason: reason, Position: flink.Position{Path: place}}}}
}

// Files are the two configuration files that the process may find, by their names in its directory, of which one counts. It
// is nil where the directory is not known.
func (p Process) Files(around Surroundings) map[string]File {
	r := newReading(p, around)
	dirs := r.directories(r.arguments().directory)
	if dirs.unknown != "" {
		return nil
	}
	return map[string]File{
		flink.LegacyFile:   r.fileAt(dirs.read + "/" + flink.LegacyFile),
		flink.StandardFile: r.fileAt(dirs.read + "/" + flink.StandardFile),
	}
}
