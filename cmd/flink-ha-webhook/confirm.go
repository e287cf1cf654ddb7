package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

var errNobodyToAsk = errors.New("there is no terminal to ask at: say --yes if this is meant")

// confirm asks a question at a terminal.
func confirm(in io.Reader, out io.Writer, question string) (bool, error) {
	if !offline.IsTerminal(in) {
		return false, errNobodyToAsk
	}
	return ask(in, out, question)
}

// ask asks a question, to which anything but a yes is a no.
func ask(in io.Reader, out io.Writer, question string) (bool, error) {
	fmt.Fprintf(out, "%s [y/N] ", question)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		fmt.Fprintln(out)
		return false, errNobodyToAsk
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}
