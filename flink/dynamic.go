package flink

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// dynamicProperties reads the -D options of a container's arguments as Flink's entry points do
// (org.apache.flink.runtime.entrypoint.parser.CommandLineParser): "-Dkey=value" and "-D key=value", until the first word
// that is no option of theirs. An option that is not known here leaves the rest unknown.
func dynamicProperties(launch launch, version Version) Configuration {
	var configuration Configuration
	arguments, lost := launch.arguments, 0
	if launch.session {
		lost = lostToTheScript(arguments, version)
	}
	for i, argument := range arguments[:lost] {
		if property, ok := strings.CutPrefix(argument.text, "-D"); ok {
			if property == "" && i+1 < len(arguments) {
				property = arguments[i+1].text
			}
			configuration.Ignored = append(configuration.Ignored, lostProperty(property, launch.position(argument)))
		}
	}
	arguments = arguments[lost:]
	for i := 0; i < len(arguments); i++ {
		text := arguments[i].text
		property, ok := strings.CutPrefix(text, "-D")
		switch {
		case ok && property == "" && i+1 < len(arguments):
			i++
			property = arguments[i].text
		case ok && property != "":
		case takesValue(text, version):
			i++
			continue
		case standsAlone(text, version):
			continue
		case strings.HasPrefix(text, "-") && text != "--host" && text != "-h":
			configuration.gap("what follows an option that is not known here is not known either")
			return configuration
		default:
			return configuration
		}
		configuration.Settings = append(configuration.Settings, dynamicProperty(property, launch.position(arguments[i])))
	}
	return configuration
}

// lostToTheScript is how many of the first arguments of a session JobManager bin/jobmanager.sh keeps for itself. Up to 1.14 it
// passes nothing on. From 1.15 on its positional arguments are a host and a port for the web interface, each of which is
// left out where "-D" stands alone in its place; so "-Dkey=value" as the first is taken for a host.
func lostToTheScript(arguments []word, version Version) int {
	switch {
	case version.Before(1, 15):
		return len(arguments)
	case len(arguments) == 0 || arguments[0].text == "-D":
		return 0
	case len(arguments) == 1 || arguments[1].text == "-D":
		return 1
	}
	return 2
}

// takesValue tells whether a word is an option that takes the next word for its value. These are the options of
// StandaloneApplicationClusterConfigurationParserFactory and its like besides -D. --host is one of them up to 1.20
// (FLINK-36355); from 2.0 on it ends the options, and all after it goes to the user's program.
func takesValue(argument string, version Version) bool {
	switch argument {
	case "--job-classname", "-j", "--job-id", "-jid", "--jars", "-jars", "--fromSavepoint", "-s", "--configDir", "-c",
		"--webui-port", "-r", "--restoreMode", "-rm", "--claimMode", "--executionMode", "-x":
		return true
	case "--host", "-h":
		return !version.AtLeast(2, 0)
	}
	return false
}

// standsAlone tells whether a word is an option without a value, or one that carries it (--job-classname=Main).
func standsAlone(argument string, version Version) bool {
	name, _, joined := strings.Cut(argument, "=")
	return argument == "--allowNonRestoredState" || argument == "-n" || joined && takesValue(name, version)
}

// dynamicProperty splits key=value; a key alone is "true" (commons-cli with value separator).
func dynamicProperty(property string, position Position) Setting {
	key, value, ok := strings.Cut(property, "=")
	if !ok {
		value = "true"
	}
	return Setting{Key: key, Value: value, Position: position}
}

func lostProperty(property string, position Position) Ignored {
	key, _, _ := strings.Cut(property, "=")
	return Ignored{
		Key:      key,
		Reason:   `bin/jobmanager.sh takes this word for a host or a port; it passes dynamic properties on from Flink 1.15, as "-D", "key=value" right after "jobmanager"`,
		Position: position,
	}
}

func (l launch) position(argument word) Position {
	return Position{Path: l.path + "." + argument.field}
}

// environmentProperties reads FLINK_PROPERTIES as docker-entrypoint.sh of the official images merges it: not at all over a
// mounted configuration directory, which it cannot write; up to 1.18 verbatim lines of flink-conf.yaml; from 1.19 on lines
// without any white space, split at the first colon.
func environmentProperties(container *corev1.Container, launch launch, mounted confDir, version Version) Configuration {
	var configuration Configuration
	for i := range container.Env {
		variable := &container.Env[i]
		if variable.Name != "FLINK_PROPERTIES" {
			continue
		}
		source := fmt.Sprintf("%s.env[%d].value", launch.path, i)
		switch {
		case mounted.mounted:
			return Configuration{}
		case variable.ValueFrom != nil:
			configuration.gap("FLINK_PROPERTIES comes from another object")
		case version.Before(1, 19):
			configuration = LoadLegacy(variable.Value, source)
		case version.Known():
			configuration = loadProperties(variable.Value, source)
		default:
			configuration = loadEither(variable.Value, source)
		}
	}
	if len(container.EnvFrom) > 0 && configuration.Complete() && !mounted.mounted {
		configuration.gap("environment variables come from another object")
	}
	return configuration
}

// loadEither is what both grammars find in FLINK_PROPERTIES; where they differ, the rest is unknown.
func loadEither(text, source string) Configuration {
	older, newer := LoadLegacy(text, source), loadProperties(text, source)
	agreed := Configuration{Source: source}
	for _, setting := range newer.Settings {
		if other, ok := older.Lookup(setting.Key); ok && other.Value == setting.Value {
			agreed.Settings = append(agreed.Settings, setting)
			continue
		}
		agreed.gap("FLINK_PROPERTIES is read differently by different versions")
	}
	if len(older.Settings) != len(newer.Settings) {
		agreed.gap("FLINK_PROPERTIES is read differently by different versions")
	}
	return agreed
}

// loadProperties is the grammar of FLINK_PROPERTIES from 1.19 on (bin/config-parser-utils.sh and docker-entrypoint.sh).
func loadProperties(text, source string) Configuration {
	configuration := Configuration{Source: source}
	for number, line := range strings.Split(text, "\n") {
		position := Position{Path: source, Line: number + 1, Column: 1}
		stripped := strings.Join(strings.Fields(line), "")
		key, value, ok := strings.Cut(stripped, ":")
		switch {
		case stripped == "" || strings.HasPrefix(stripped, "#"):
		case !ok || key == "" || value == "":
			configuration.Ignored = append(configuration.Ignored, Ignored{Key: key, Reason: "there is no key or no value", Position: position})
		default:
			configuration.Settings = append(configuration.Settings, Setting{Key: key, Value: value, Position: position})
		}
	}
	return configuration
}
