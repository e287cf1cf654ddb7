// Package page reads the examples of docs/how-flink-reads-configuration.md, so that tests can hold them to the code and to Flink.
package page

import (
	"fmt"
	"strings"
)

// Example is a configuration file in the page, and what the page says that Flink reads in it.
type Example struct {
	// Line of the page where the example begins.
	Line int
	// File is the name under which Flink would read the text, "" for a container.
	File, Text string
	// Container is the version of Flink that runs in the container which the text describes, "" for a file.
	Container string
	// Settings in the order of the page.
	Settings []Setting
	// Refused is the place and the reason of a file that Flink does not load.
	Refused string
	// Ignored are the lines that Flink passes over, each with its place, key and reason.
	Ignored []string
	// Modes says how Flink resolves the HA mode, by version; "" stands for every version that reads the file.
	Modes map[string]string
	// Path is where the HA data lies, "" where the page does not say.
	Path string
	// DoesNotStart is true for a container whose arguments Flink refuses.
	DoesNotStart bool
}

// Setting is a key and its value.
type Setting struct{ Key, Value string }

// Examples finds the examples: a fence whose info names the file ("yaml config.yaml") or the version in a container ("yaml
// container 1.20"), followed by one with the reading ("text reading").
func Examples(markdown string) ([]Example, error) {
	var examples []Example
	open := false
	lines := strings.Split(markdown, "\n")
	for i := 0; i < len(lines); i++ {
		info, isFence := strings.CutPrefix(lines[i], "```")
		if !isFence {
			continue
		}
		start := i
		var body []string
		for i++; i < len(lines) && lines[i] != "```"; i++ {
			body = append(body, lines[i])
		}
		name, isExample := strings.CutPrefix(info, "yaml ")
		switch {
		case isExample && open:
			return nil, fmt.Errorf("line %d: the example before this one has no reading", start+1)
		case isExample:
			examples = append(examples, newExample(start+1, name, strings.Join(body, "\n")+"\n"))
			open = true
		case info == "text reading" && !open:
			return nil, fmt.Errorf("line %d: a reading without an example", start+1)
		case info == "text reading":
			if err := examples[len(examples)-1].read(body); err != nil {
				return nil, fmt.Errorf("line %d: %w", start+1, err)
			}
			open = false
		}
	}
	if open {
		return nil, fmt.Errorf("the last example has no reading")
	}
	return examples, nil
}

func newExample(line int, name, text string) Example {
	example := Example{Line: line, Text: text, Modes: map[string]string{}}
	if version, ok := strings.CutPrefix(name, "container "); ok {
		example.Container = version
	} else {
		example.File = name
	}
	return example
}

func (e *Example) read(lines []string) error {
	for _, line := range lines {
		if ignored, ok := strings.CutPrefix(line, "ignored "); ok {
			e.Ignored = append(e.Ignored, ignored)
			continue
		}
		if refused, ok := strings.CutPrefix(line, "refused "); ok {
			e.Refused = refused
			continue
		}
		if line == "does not start" {
			e.DoesNotStart = true
			continue
		}
		key, value, ok := strings.Cut(line, " = ")
		if !ok {
			return fmt.Errorf("%q is neither a setting nor a refusal", line)
		}
		switch version, isVersion := strings.CutPrefix(key, "mode in "); {
		case isVersion:
			e.Modes[version] = value
		case key == "mode":
			e.Modes[""] = value
		case key == "path":
			e.Path = value
		default:
			e.Settings = append(e.Settings, Setting{Key: key, Value: value})
		}
	}
	return nil
}
