package offline

import (
	"strings"

	"github.com/spf13/cobra"
)

// writtenFor is the program that examples name as they are written.
const writtenFor = "flink-ha-webhook"

// SpeakAs has the examples of a command, and of all below it, name the program as its user knows it.
func SpeakAs(command *cobra.Command, program string) {
	command.Example = strings.ReplaceAll(command.Example, writtenFor+" ", program+" ")
	for _, below := range command.Commands() {
		SpeakAs(below, program)
	}
}
