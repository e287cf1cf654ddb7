package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

var errNobodyToAsk = errors.New("there is no terminal to ask at: say --yes if this is meant")

// confirm asks a question at a terminal.
func confirm(in io.Reader, out io.Writer, question string) (bool, error) {
	if !isTerminal(in) {
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

// isTerminal tells whether somebody sits at a stream. /dev/null passes for a terminal; it has no answer to anything.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
