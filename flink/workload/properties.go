package workload

import (
	"regexp"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// VariableProperties is the environment variable with options, which docker-entrypoint.sh of the official images adds to the
// configuration file.
const VariableProperties = "FLINK_PROPERTIES"

// An era is a span of versions in which docker-entrypoint.sh writes the configuration in one way.
type era int

const (
	eraAppends era = iota // up to 1.18: to flink-conf.yaml, with sed and echo
	eraMerges             // 1.19 and 1.20: into flink-conf.yaml if it is there, else into config.yaml, with Flink's own code
	eraNested             // from 2.0 on: into config.yaml
)

// environment is what docker-entrypoint.sh adds to the configuration: a few options of its own, and those of FLINK_PROPERTIES. It
// goes on where it cannot write, so that over a ConfigMap it adds nothing at all.
func (r *reading) environment(dirs directories) flink.Configuration {
	properties, set := r.variables.get(VariableProperties)
	set = set && properties.value != ""
	ignored := func(reason string) flink.Configuration {
		if !set {
			return flink.Configuration{}
		}
		place := flink.Position{Path: properties.path}
		return flink.Configuration{Ignored: []flink.Ignored{{Key: VariableProperties, Reason: reason, Position: place}}}
	}
	switch {
	case !r.process.launch.entryPoint:
		return ignored("nothing reads the variable: the command goes past docker-entrypoint.sh of the image")
	case dirs.unknown != "":
		return flink.Configuration{}
	case dirs.read != dirs.written:
		return ignored("docker-entrypoint.sh writes to " + dirs.written + ", whatever FLINK_CONF_DIR says")
	}
	var readings []flink.Configuration
	for _, e := range r.eras() {
		target := r.written(dirs, e)
		if target.readOnly {
			readings = append(readings, ignored("docker-entrypoint.sh cannot write the file, which is mounted read-only"))
			continue
		}
		reading := r.additions(e, target, properties, set)
		if target.perhaps || target.Place == PlaceImage && !r.writesImage() {
			reading = allUnknown(reading, "whether docker-entrypoint.sh can write the file is not known")
		}
		readings = append(readings, reading)
	}
	joined := readings[0]
	for _, other := range readings[1:] {
		joined = agree(joined, other, "the versions of Flink's images treat FLINK_PROPERTIES differently")
	}
	return joined
}

// eras are those that the version leaves.
func (r *reading) eras() []era {
	version := r.process.Version
	var possible []era
	if !version.AtLeast(1, 19) {
		possible = append(possible, eraAppends)
	}
	if !version.Before(1, 19) && !version.AtLeast(2, 0) {
		possible = append(possible, eraMerges)
	}
	if !version.Before(2, 0) {
		possible = append(possible, eraNested)
	}
	return possible
}

// written is the file that the entry point writes to.
func (r *reading) written(dirs directories, e era) File {
	legacy, standard := r.fileAt(dirs.written+"/"+flink.LegacyFile), r.fileAt(dirs.written+"/"+flink.StandardFile)
	switch {
	case e == eraAppends:
		return legacy
	case e == eraNested, legacy.Place == PlaceNowhere, legacy.Place == PlaceImage:
		return standard
	}
	return legacy
}

// additions is what the entry point adds in one era.
func (r *reading) additions(e era, target File, properties variable, set bool) flink.Configuration {
	configuration := r.entryPointOptions()
	if !set {
		return configuration
	}
	var added flink.Configuration
	if e == eraAppends {
		added = flink.LoadLegacy(r.variables.substitute(properties.value), properties.path)
	} else {
		added = r.loadProperties(properties.value, properties.path)
		if target.Place != PlaceConfigMap && overlaps(configuration.Settings, added.Settings) {
			added = allUnknown(added, "one key is the beginning of another, which docker-entrypoint.sh cannot write to config.yaml")
		}
	}
	for i := range added.Settings {
		added.Settings[i].Origin = flink.OriginEnvironment
	}
	for _, c := range properties.value {
		if found, ok := r.holes.of(c); ok && !found.plain {
			added.Gaps = append(added.Gaps, flink.Gap{Reason: found.reason, Position: flink.Position{Path: properties.path}})
			break
		}
	}
	configuration = configuration.Overlay(added)
	configuration.Source = properties.path
	return configuration
}

// entryPointOptions are the options that docker-entrypoint.sh sets by itself.
func (r *reading) entryPointOptions() flink.Configuration {
	own := flink.Position{Path: r.process.Path}
	set := func(key, value string, place flink.Position) flink.Setting {
		return flink.Setting{Key: key, Value: value, Origin: flink.OriginEnvironment, Position: place}
	}
	address := set(keyAddress, "", own)
	address.Unknown = "docker-entrypoint.sh puts the host name of the pod in"
	if variable, ok := r.variables.get("JOB_MANAGER_RPC_ADDRESS"); ok && variable.value != "" {
		address = set(keyAddress, variable.value, flink.Position{Path: variable.path})
	}
	settings := []flink.Setting{address, set("blob.server.port", "6124", own), set("query.server.port", "6125", own)}
	if variable, ok := r.variables.get("TASK_MANAGER_NUMBER_OF_TASK_SLOTS"); ok && variable.value != "" {
		settings = append(settings, set("taskmanager.numberOfTaskSlots", variable.value, flink.Position{Path: variable.path}))
	}
	return flink.Configuration{Settings: settings}
}

// echoOption is what the shell's echo takes for an option of its own.
var echoOption = regexp.MustCompile(`^-[neE]+$`)

// loadProperties is the grammar of FLINK_PROPERTIES from 1.19 on (process_flink_properties of docker-entrypoint.sh): white space
// counts nowhere, the first colon ends the key, one colon at the end is lost, and there are no comments. What it finds goes
// through a dynamic property, so that an equal sign ends a key before the colon does.
func (r *reading) loadProperties(text, source string) flink.Configuration {
	configuration := flink.Configuration{Source: source}
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		stripped := strings.Map(dropSpace, line)
		if stripped == "" || strings.HasPrefix(stripped, "#") {
			continue // what begins with # becomes an option of such a name, which nobody reads
		}
		position := flink.Position{Path: source, Line: number, Column: 1}
		key, value, hasColon := strings.Cut(stripped, ":")
		if !hasColon {
			configuration.Ignored = append(configuration.Ignored, flink.Ignored{Key: key, Reason: "there is no colon", Position: position})
		}
		if rest, ok := strings.CutSuffix(value, ":"); ok && !strings.Contains(rest, ":") {
			value = rest
		}
		if echoOption.MatchString(value) {
			value = ""
		}
		key, value = throughProperty(key, r.variables.substitute(value))
		configuration.Settings = append(configuration.Settings,
			flink.Setting{Key: key, Value: value, KeyLine: number, KeyColumn: 1, Position: position})
	}
	return configuration
}

// throughProperty is what becomes of a key and a value as the dynamic property -Dkey=value.
func throughProperty(key, value string) (newKey, newValue string) {
	if key != "" {
		newKey, newValue, _ = strings.Cut(key+"="+value, "=")
		return newKey, newValue
	}
	newKey, newValue, ok := strings.Cut(value, "=")
	if !ok {
		newValue = "true"
	}
	return newKey, newValue
}

// dropSpace is "tr -d '[:space:]'".
func dropSpace(c rune) rune {
	if c == ' ' || c >= '\t' && c <= '\r' {
		return -1
	}
	return c
}

// overlaps tells whether a key is also the beginning of another one, which nested YAML cannot hold
// (YamlParserUtils.convertAndDumpYamlFromFlatMap).
func overlaps(lists ...[]flink.Setting) bool {
	keys := map[string]bool{}
	for _, settings := range lists {
		for _, setting := range settings {
			keys[setting.Key] = true
		}
	}
	for key := range keys {
		for range maxDots {
			dot := strings.LastIndexByte(key, '.')
			if dot < 0 {
				break
			}
			if key = key[:dot]; keys[key] {
				return true
			}
		}
	}
	return false
}

// maxDots bounds the parts of a key that are looked at; Flink's longest options have less than ten.
const maxDots = 32

// allUnknown makes all values of a configuration unknown.
func allUnknown(configuration flink.Configuration, reason string) flink.Configuration {
	settings := make([]flink.Setting, len(configuration.Settings))
	for i, setting := range configuration.Settings {
		setting.Value, setting.Unknown = "", reason
		settings[i] = setting
	}
	configuration.Settings = settings
	return configuration
}
