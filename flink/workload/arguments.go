package workload

import (
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Options that the entry points set from options of their own (org.apache.flink.runtime.entrypoint.ClusterEntrypoint.loadConfiguration).
const (
	keyAddress  = "jobmanager.rpc.address"
	keyRestPort = "rest.port"
)

// outcome is what the arguments of a process come to with one behavior of scripts and entry points.
type outcome struct {
	configuration flink.Configuration
	// refusal is set if the process would not start.
	refusal *flink.LoadError
	// directory is the configuration directory that the arguments name; set only where no script names it before.
	directory string
}

// arguments is what the arguments come to. Where the version leaves several behaviors, those with which the process would not
// start are not the ones it runs with; of the others, what they do not agree on is unknown.
func (r *reading) arguments() outcome {
	if r.process.launch.hidden != "" {
		var hidden outcome
		hidden.configuration.Gaps = []flink.Gap{{Reason: r.process.launch.hidden, Position: flink.Position{Path: r.process.Path + ".args"}}}
		return hidden
	}
	words := make([]word, len(r.process.launch.arguments))
	for i, w := range r.process.launch.arguments {
		words[i] = word{text: r.variables.expand(w.text), field: w.field}
	}
	var started, refused []outcome
	for _, b := range behaviorsOf(r.process.Version) {
		if o := r.outcomeOf(words, b); o.refusal != nil {
			refused = append(refused, o)
		} else {
			started = append(started, o)
		}
	}
	if len(started) == 0 {
		return refused[len(refused)-1]
	}
	agreed := started[0]
	for _, other := range started[1:] {
		agreed.configuration = agree(agreed.configuration, other.configuration, "the versions of Flink read these arguments differently")
	}
	return agreed
}

// outcomeOf reads the arguments with one behavior.
func (r *reading) outcomeOf(arguments []word, b behavior) outcome {
	var o outcome
	words, lost := throughScript(r.process.launch.program, arguments, b)
	for i, w := range words {
		if r.holes.uncertain(w.text) || w.text == weird {
			o.gap("what this word comes to, and what follows it, is not known", r.place(w))
			words = words[:i]
			break
		}
	}
	uncertain := len(o.configuration.Gaps) > 0
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	parsed := parseCommandLine(texts, optionsOf(r.process.launch.program, b), b.olderParser)
	o.read(r, parsed, words, uncertain)
	o.ignore(r, lost, "bin/jobmanager.sh takes this word for a host or a port; it passes dynamic properties on from Flink 1.15.3, "+
		`as "-D", "key=value" right after "jobmanager"`)
	if parsed.refused == "" {
		rest := words[min(parsed.rest, len(words)):]
		o.ignore(r, rest, "a word before it is no option of Flink's, so that this one goes to the user's program")
		if !b.takesHost && r.process.launch.program.tookHost() {
			o.ignoreHost(r, rest)
		}
	}
	return o
}

func (o *outcome) gap(reason string, place flink.Position) {
	o.configuration.Gaps = append(o.configuration.Gaps, flink.Gap{Reason: reason, Position: place})
}

func (r *reading) place(w word) flink.Position {
	return flink.Position{Path: r.process.Path + "." + w.field}
}

// read takes what the entry point takes from its options: dynamic properties, and over them host and port. Of values that are
// numbers it refuses what is none.
func (o *outcome) read(r *reading, parsed commandLine, words []word, uncertain bool) {
	set := func(key, value string, at int) {
		o.configuration.Settings = append(o.configuration.Settings,
			flink.Setting{Key: key, Value: value, Origin: flink.OriginArgument, Position: r.place(words[at])})
	}
	refuse := func(reason string, at int) {
		if o.refusal == nil && !uncertain {
			o.refusal = &flink.LoadError{Reason: reason, Position: flink.Position{Path: r.process.Path + ".args"}}
			if at < len(words) {
				o.refusal.Position = r.place(words[at])
			}
		}
	}
	if parsed.refused != "" {
		refuse(parsed.refused, parsed.refusedAt)
	}
	for _, g := range parsed.given {
		switch {
		case g.option.short != optionProperty || len(g.values) == 0 || parsed.refused != "" && g.words[0] >= parsed.refusedAt:
		case len(g.values) == 1:
			set(g.values[0], "true", g.words[0])
		default:
			set(g.values[0], g.values[1], g.words[1])
		}
	}
	if port, at, ok := parsed.value(optionPort); ok {
		number, err := strconv.ParseInt(port, 10, 32)
		if _, unknown := r.holes.find(port); err != nil && !unknown {
			refuse("the port is no number", at)
		}
		if number >= 0 {
			set(keyRestPort, port, at)
		}
	}
	if host, at, ok := parsed.value(optionHost); ok {
		set(keyAddress, host, at)
	}
	if id, at, ok := parsed.value(optionJobID); ok && !isJobID(id) {
		if _, unknown := r.holes.find(id); !unknown {
			refuse("the job id is not 32 hexadecimal digits", at)
		}
	}
	if directory, _, ok := parsed.value("c"); ok {
		o.directory = directory
	}
}

// isJobID tells whether org.apache.flink.api.common.JobID.fromHexString takes a text.
func isJobID(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

// ignore notes what looks like a dynamic property among words that Flink does not read as such.
func (o *outcome) ignore(r *reading, words []word, reason string) {
	for i, w := range words {
		property, ok := strings.CutPrefix(w.text, "-D")
		if !ok || w.made {
			continue
		}
		if property == "" && i+1 < len(words) {
			property = words[i+1].text
		}
		key, _, _ := strings.Cut(property, "=")
		o.configuration.Ignored = append(o.configuration.Ignored, flink.Ignored{Key: key, Reason: reason, Position: r.place(w)})
	}
}

// ignoreHost notes an option of older versions that ends the options here.
func (o *outcome) ignoreHost(r *reading, rest []word) {
	if len(rest) == 0 || rest[0].made {
		return
	}
	if name, _, _ := strings.Cut(rest[0].text, "="); IsHostOption(name) {
		o.configuration.Ignored = append(o.configuration.Ignored,
			flink.Ignored{Key: name, Reason: "Flink 2.0 removed the option", Position: r.place(rest[0])})
	}
}

// IsHostOption tells whether a name is that of the option for the JobManager's address that 2.0 removed (FLINK-36355). Where it is
// the key of what a configuration ignores, it ended the options of the process.
func IsHostOption(name string) bool {
	return name == "--host" || name == "-host" || name == "-h"
}

// weird stands for a word of which a script makes something that is not followed here.
const weird = "\x00"

// throughScript is what a start script hands to the entry point, and the words that it keeps.
func throughScript(p program, arguments []word, b behavior) (words, lost []word) {
	configDir := []word{{text: "--configDir", made: true}, {made: true}}
	switch p {
	case scriptSession:
		return throughSessionScript(configDir, arguments, b)
	case scriptApplication, scriptTaskManager, scriptKubernetesTaskManager:
		return append(configDir, arguments...), nil
	case scriptKubernetesJobManager:
		return arguments[min(1, len(arguments)):], nil
	default:
		return arguments, nil
	}
}

// throughSessionScript is bin/jobmanager.sh. Its first two words are a host and a port, unless "-D" stands in their place; it
// puts them behind the other words. Up to 1.15.2 it hands nothing else on.
func throughSessionScript(configDir, arguments []word, b behavior) (words, lost []word) {
	isEmpty := func(i int) bool { return i >= len(arguments) || strings.Trim(arguments[i].text, " \t\n") == "" }
	isProperty := func(i int) bool { return i < len(arguments) && arguments[i].text == "-D" }
	positional := 2
	switch {
	case !b.passesProperties:
	case isEmpty(0) || isProperty(0):
		positional = 0
	case isEmpty(1) || isProperty(1):
		positional = 1
	}
	positional = min(positional, len(arguments))
	words = configDir
	if b.passesProperties {
		words = append(words, arguments[positional:]...)
		lost = arguments[:positional]
	} else {
		lost = arguments
	}
	for i, w := range arguments[:positional] {
		option, key := "--host", keyAddress
		if i > 0 {
			option, key = "--webui-port", keyRestPort
		}
		switch {
		case isEmpty(i):
		case strings.ContainsAny(w.text, " \t\n*?["): // the script tests the word without quotes
			words = append(words, word{text: weird, field: w.field})
		case b.takesHost:
			words = append(words, word{text: option, field: w.field, made: true}, w)
		default:
			words = append(words, word{text: "-D", made: true}, word{text: key + "=" + w.text, field: w.field, made: true})
		}
	}
	return words, lost
}
