// Command rulepages writes a page for each rule of the catalogue, and their index, into the directory that it is given. The
// messages of the guard link to these pages.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/flink-ha/flink-ha-webhook/docs/rulepage"
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
	pages, err := rulepage.Pages(validation.Rules())
	if err != nil {
		return err
	}
	stale, err := filepath.Glob(filepath.Join(directory, "*.md"))
	if err != nil {
		return fmt.Errorf("listing old pages: %w", err)
	}
	for _, page := range stale {
		if err := os.Remove(page); err != nil {
			return fmt.Errorf("removing an old page: %w", err)
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing a page: %w", err)
		}
	}
	return nil
}
