package workload

import "github.com/flink-ha/flink-ha-webhook/flink"

// behavior is what differs between the versions of the start scripts and entry points. A version that is not known exactly has
// several.
type behavior struct {
	// passesProperties: bin/jobmanager.sh hands dynamic properties on (FLINK-28733, 1.15.3 and 1.16).
	passesProperties bool
	// olderParser: the entry points read their words with commons-cli 1.3.1 (up to 1.14) and not 1.5.0.
	olderParser bool
	// takesHost: the entry points have the options --host and --webui-port, which 2.0 removed (FLINK-36355).
	takesHost bool
	// takesJars: the application's entry point has the option --jars (1.19).
	takesJars bool
}

func behaviorsOf(version flink.Version) []behavior {
	patch, exact := version.Patch()
	before15, after15 := version.Before(1, 15), version.AtLeast(1, 16)
	in15 := version.Known() && !before15 && !after15
	var possible []behavior
	if !version.AtLeast(1, 15) {
		possible = append(possible, behavior{olderParser: true, takesHost: true})
	}
	if !before15 && !after15 && (!exact || patch < 3) {
		possible = append(possible, behavior{takesHost: true})
	}
	if !before15 && !version.AtLeast(1, 19) && (!in15 || !exact || patch >= 3) {
		possible = append(possible, behavior{passesProperties: true, takesHost: true})
	}
	if !version.Before(1, 19) && !version.AtLeast(2, 0) {
		possible = append(possible, behavior{passesProperties: true, takesHost: true, takesJars: true})
	}
	if !version.Before(2, 0) {
		possible = append(possible, behavior{passesProperties: true, takesJars: true})
	}
	return possible
}

// tookHost tells whether a program had the option --host in the versions that have it.
func (p program) tookHost() bool {
	switch p {
	case scriptSession, scriptApplication, classSession, classApplication:
		return true
	default:
		return false
	}
}

// Short names of options that are looked up.
const (
	optionProperty = "D"
	optionHost     = "h"
	optionPort     = "r"
	optionJobID    = "jid"
)

// optionsOf are the options of the entry point that a program runs: those of EntrypointClusterConfigurationParserFactory,
// StandaloneApplicationClusterConfigurationParserFactory, ClusterConfigurationParserFactory (TaskManagers) and
// DynamicParametersConfigurationParserFactory (native JobManagers).
func optionsOf(p program, b behavior) []option {
	options := []option{{short: optionProperty, values: 2, separator: '='}}
	switch p {
	case scriptKubernetesJobManager, classKubernetesSession, classKubernetesApplication:
		return options
	default:
	}
	options = append(options, option{short: "c", long: "configDir", values: 1, required: true})
	if p.role() == RoleTaskManager {
		return options
	}
	if b.takesHost {
		options = append(options, option{short: optionPort, long: "webui-port", values: 1}, option{short: optionHost, long: "host", values: 1})
	}
	switch p {
	case scriptSession, classSession:
		if b.takesHost {
			options = append(options, option{short: "x", long: "executionMode", values: 1})
		}
	default:
		options = append(options,
			option{short: "j", long: "job-classname", values: 1}, option{short: optionJobID, long: "job-id", values: 1},
			option{short: "s", long: "fromSavepoint", values: 1}, option{short: "n", long: "allowNonRestoredState"})
		if b.takesJars {
			options = append(options, option{short: "jars", long: "jars", values: unlimited, separator: ','})
		}
	}
	return options
}
