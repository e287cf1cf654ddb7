package flink

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// dynamicProperties reads the -D options of a container's arguments as Flink's entry points do
// (org.apache.flink.runtime.entrypoint.parser.CommandLineParser): "-Dkey=value" and "-D key=value", until the first word
// that is no option of theirs. A session JobManager goes through bin/jobmanager.sh first, which passes them on from 1.15,
// and only if "-D" stands alone right after the role; otherwise it takes the first argument for a host name.
func dynamicProperties(launch launch, version Version) Configuration {
	var configuration Configuration
	if launch.script {
		return configuration
	}
	arguments := launch.arguments
	if launch.session && len(arguments) > 0 && (version.Before(1, 15) || arguments[0] != "-D") {
		for i, argument := range arguments {
			if property, ok := strings.CutPrefix(argument, "-D"); ok {
				configuration.Ignored = append(configuration.Ignored, lostProperty(launch, i, property))
			}
		}
		return configuration
	}
	for i := 0; i < len(arguments); i++ {
		property, ok := strings.CutPrefix(arguments[i], "-D")
		switch {
		case ok && property == "" && i+1 < len(arguments):
			i++
			property = arguments[i]
		case ok && property != "":
		case takesValue(arguments[i], version):
			i++
			continue
		case standsAlone(arguments[i], version):
			continue
		default:
			return configuration
		}
		configuration.Settings = append(configuration.Settings, dynamicProperty(property, launch.argumentPosition(i)))
	}
	return configuration
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

func lostProperty(launch launch, index int, property string) Ignored {
	if property == "" && index+1 < len(launch.arguments) {
		property = launch.arguments[index+1]
	}
	key, _, _ := strings.Cut(property, "=")
	return Ignored{
		Key:      key,
		Reason:   `bin/jobmanager.sh takes dynamic properties only as "-D", "key=value" right after "jobmanager", and from Flink 1.15 on`,
		Position: launch.argumentPosition(index),
	}
}

func (l launch) argumentPosition(index int) Position {
	return Position{Path: fmt.Sprintf("%s.%s[%d]", l.path, l.list, l.firstArgument+index)}
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
			configuration.Incomplete = "FLINK_PROPERTIES comes from another object"
		case version.Before(1, 19):
			configuration = LoadLegacy(variable.Value, source)
		default:
			configuration = loadProperties(variable.Value, source)
		}
	}
	if len(container.EnvFrom) > 0 && configuration.Incomplete == "" && !mounted.mounted {
		configuration.Incomplete = "environment variables come from another object"
	}
	return configuration
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
