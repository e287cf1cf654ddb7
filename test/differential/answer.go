package differential

import (
	"fmt"
	"strings"
)

// Refusal is why Flink does not go on: the exception and what caused it, class and message in turn.
type Refusal []string

// String has one cause after another, without line breaks.
func (r Refusal) String() string {
	var causes []string
	for i := 0; i+1 < len(r); i += 2 {
		class := r[i][strings.LastIndexByte(r[i], '.')+1:]
		causes = append(causes, class+": "+strings.Join(strings.Fields(r[i+1]), " "))
	}
	return strings.Join(causes, " ← ")
}

// Class is the innermost exception's class without its package.
func (r Refusal) Class() string {
	if len(r) < 2 {
		return ""
	}
	class := r[len(r)-2]
	return class[strings.LastIndexByte(class, '.')+1:]
}

// Outcome is a text, or the refusal to give one.
type Outcome struct {
	Text    string
	Refusal Refusal
}

// Answer is what Flink makes of a configuration.
type Answer struct {
	// Settings are what Configuration.toMap has, nil if Flink refuses to load.
	Settings map[string]string
	// Refusal is why it does.
	Refusal Refusal
	// Silent says that Flink gave no answer in time; it may be busy for hours.
	Silent bool
	// Mode and StoragePath are what HighAvailabilityMode and HighAvailabilityServicesUtils say, where that was asked.
	Mode, StoragePath Outcome
}

// String is the answer in one line, settings quoted.
func (a Answer) String() string {
	switch {
	case a.Silent:
		return "no answer"
	case a.Settings == nil:
		return "refused: " + a.Refusal.String()
	case a.Refusal != nil:
		return settingsText(a.Settings) + "; " + a.Refusal.String()
	}
	return settingsText(a.Settings)
}

// Arguments is what an entry point makes of its arguments.
type Arguments struct {
	// Unsupported is set where this release's entry point is not at hand.
	Unsupported bool
	Refusal     Refusal
	// Properties are the dynamic ones.
	Properties map[string]string
	// Rest is left for the program that Flink runs.
	Rest []string
	// Further are the other results by name, such as ConfigDir and Hostname.
	Further map[string]string
}

func decodeAnswer(frame []byte, highAvailability bool) (Answer, error) {
	d := &decoder{rest: frame}
	var answer Answer
	switch status := d.octet(); status {
	case answered:
		answer.Settings = d.settings()
		if highAvailability {
			answer.Mode, answer.StoragePath = d.outcome(), d.outcome()
		}
	case refused:
		answer.Refusal = d.texts()
	default:
		return answer, brokenAnswer(status, d)
	}
	return answer, d.err
}

func decodeArguments(frame []byte) (Arguments, error) {
	d := &decoder{rest: frame}
	var arguments Arguments
	switch status := d.octet(); status {
	case answered:
		arguments.Properties, arguments.Rest, arguments.Further = d.settings(), d.texts(), d.settings()
	case refused:
		arguments.Refusal = d.texts()
	case unsupported:
		arguments.Unsupported = true
	default:
		return arguments, brokenAnswer(status, d)
	}
	return arguments, d.err
}

func brokenAnswer(status byte, d *decoder) error {
	return fmt.Errorf("the referee cannot answer (%d): %s", status, d.text())
}

func (d *decoder) outcome() Outcome {
	if d.octet() == answered {
		return Outcome{Text: d.text()}
	}
	return Outcome{Refusal: d.texts()}
}
