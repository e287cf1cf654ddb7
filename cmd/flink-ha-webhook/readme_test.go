package main

import (
	"os"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// TestTheREADMEHasTheFlags compares the README with what serve takes.
func TestTheREADMEHasTheFlags(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "<!-- flags of serve -->\n")
	block, _, ended := strings.Cut(rest, "<!-- end of flags -->")
	if !found || !ended {
		t.Fatal("the README has no block for the flags")
	}
	want := "```\n" + newServeCommand().LocalFlags().FlagUsages() + "```\n"
	if block != want {
		t.Errorf("the README has\n%s\nwant\n%s", block, want)
	}
}

// TestTheREADMEHasTheExitCodes compares the README with the constants.
func TestTheREADMEHasTheExitCodes(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if offline.ExitOK != 0 || offline.ExitRefused != 1 || offline.ExitUnanswered != 2 {
		t.Errorf("the exit codes are %d, %d, %d", offline.ExitOK, offline.ExitRefused, offline.ExitUnanswered)
	}
	if !strings.Contains(string(text), "Exit codes: 0 all is well; 1 something would be refused, or is wrong; 2 the question could not be answered") {
		t.Error("the README does not state the exit codes")
	}
}
