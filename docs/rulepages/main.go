// Command rulepages writes a page for each rule of the catalogue, and their index, into the directory that it is given. The
// messages of the guard link to these pages.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("usage: rulepages DIRECTORY")
	}
	directory := arguments[0]
	stale, err := filepath.Glob(filepath.Join(directory, "*.md"))
	if err != nil {
		return fmt.Errorf("listing old pages: %w", err)
	}
	for _, page := range stale {
		if err := os.Remove(page); err != nil {
			return fmt.Errorf("removing an old page: %w", err)
		}
	}
	rules := validation.Rules()
	for _, rule := range rules {
		if err := os.WriteFile(filepath.Join(directory, rule.ID+".md"), []byte(page(rule)), 0o644); err != nil {
			return fmt.Errorf("writing the page of %s: %w", rule.ID, err)
		}
	}
	if err := os.WriteFile(filepath.Join(directory, "README.md"), []byte(index(rules)), 0o644); err != nil {
		return fmt.Errorf("writing the index: %w", err)
	}
	return nil
}

const notice = "<!-- Generated from the rule catalogue by `make generate`; edit the rule instead. -->\n\n"

func page(rule validation.Rule) string {
	return notice + fmt.Sprintf("# %s\n\n%s\n\nLevel: `%s`.\n\n## Why it matters\n\n%s\n\n## What to do\n\n%s\n\n## Source\n\n%s\n",
		rule.ID, rule.Summary, rule.Level, rule.Why, rule.Remedy, rule.Source)
}

func index(rules []validation.Rule) string {
	var b strings.Builder
	b.WriteString(notice + "# Rules\n\nIn the order in which findings are reported.\n\n| rule | level | what is wrong |\n|---|---|---|\n")
	for _, rule := range rules {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", rule.ID, rule.ID, rule.Level, rule.Summary)
	}
	return b.String()
}
