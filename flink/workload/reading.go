package workload

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// reading is one process with what it finds around itself.
type reading struct {
	process   Process
	around    Surroundings
	holes     *holes
	variables *variables
}

func newReading(p Process, around Surroundings) *reading {
	r := &reading{process: p, around: around.remembering(), holes: &holes{}}
	r.variables = readVariables(p, r.around, r.holes)
	return r
}

// Configuration is what the process ends up with, as far as it can be known: its configuration file, over it what
// docker-entrypoint.sh adds, over that its dynamic properties (ClusterEntrypoint.loadConfiguration,
// TaskManagerRunner.loadConfiguration). Settings tell where they come from, Unknown values and Gaps what is not known and why.
func (p Process) Configuration(around Surroundings) flink.Configuration {
	r := newReading(p, around)
	arguments := r.arguments()
	dirs := r.directories(arguments.directory)
	file := r.readFiles(dirs)
	if p.launch.before != "" {
		file.Gaps = append(file.Gaps, flink.Gap{Reason: p.launch.before, Position: flink.Position{Path: p.Path}})
	}
	configuration := r.holes.settle(file.Overlay(r.environment(dirs)).Overlay(arguments.configuration))
	configuration.Refused = arguments.refusal
	if configuration.Source == "" {
		configuration.Source = p.Path + ".args"
	}
	return configuration
}

// Refusal says why the process would not start with the arguments that it is given, whatever its configuration is; nil if
// it would.
func (p Process) Refusal(around Surroundings) *flink.LoadError {
	return newReading(p, around).arguments().refusal
}
