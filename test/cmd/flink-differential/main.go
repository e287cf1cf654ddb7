// Command flink-differential compares our reading of Flink's configuration with Flink's own: on generated cases, or on a file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/flink-ha/flink-ha-webhook/test/differential"
)

// options are the flags.
type options struct {
	cases    int
	number   int
	seed     uint64
	versions string
	only     string
	file     string
	most     int
}

func main() {
	var o options
	flag.IntVar(&o.cases, "n", 10_000, "number of cases of each kind for each version")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the generated cases")
	flag.StringVar(&o.versions, "versions", "", "versions of Flink, with commas between; default: all that there are")
	flag.StringVar(&o.only, "only", "", "compare one kind of cases: legacy or standard (files), short (all short files), choice (which file is read), ha (high availability)")
	flag.IntVar(&o.most, "most", 60, "number of disagreements to print for each kind")
	flag.IntVar(&o.number, "case", -1, "show one case of that seed and kind, and what each version makes of it")
	flag.StringVar(&o.file, "file", "", "show what each version makes of a file; it is read as flink-conf.yaml if its name begins like that or with -only legacy, and as config.yaml otherwise")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	releases := differential.Releases()
	if o.versions != "" {
		var err error
		if releases, err = differential.ParseReleases(o.versions); err != nil {
			return err
		}
	}
	tools, err := differential.Prepare(ctx, os.Stderr, releases)
	if err != nil {
		return err
	}
	switch {
	case o.file != "":
		return showFile(ctx, tools, releases, o)
	case o.number >= 0:
		return showCase(ctx, tools, releases, o)
	}
	var failures []error
	for _, kind := range []string{"legacy", "standard", "short", "choice", "ha"} {
		if o.only == "" || o.only == kind {
			failures = append(failures, compare(ctx, tools, kind, releases, o))
		}
	}
	return errors.Join(failures...)
}

// compare runs a trial and prints what came out.
func compare(ctx context.Context, tools differential.Toolchain, kind string, releases []differential.Release, o options) error {
	trial, err := trialOf(tools, kind, releases, o)
	if err != nil || len(trial.Releases) == 0 {
		return err
	}
	tallies, err := trial.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("== %s, seed %d\n", kind, o.seed)
	differential.Report(os.Stdout, tallies, o.most)
	var failures []error
	for _, tally := range tallies {
		failures = append(failures, tally.TooMuchUnknown())
		if disagreed := tally.Disagreed(); disagreed > 0 {
			failures = append(failures, fmt.Errorf("flink %s reads %d of %d cases differently (%s)", tally.Release, disagreed, tally.Cases, kind))
		}
	}
	return errors.Join(failures...)
}

func trialOf(tools differential.Toolchain, kind string, releases []differential.Release, o options) (differential.Trial, error) {
	switch kind {
	case "short":
		return differential.ShortTrial(tools, releases, o.cases), nil
	case "choice":
		return differential.ChoiceTrial(tools, releases, o.seed, o.cases), nil
	case "ha":
		return differential.HighAvailabilityTrial(tools, releases, o.seed, o.cases), nil
	case "legacy", "standard":
		grammar := differential.Grammar(kind)
		corpus, err := differential.Corpus(grammar)
		generator := differential.Generator{Seed: o.seed, Grammar: grammar, Corpus: corpus}
		return differential.FilesTrial(tools, releases, generator, o.cases), err
	}
	return differential.Trial{}, fmt.Errorf("-only %q is none of legacy, standard, short, choice and ha", kind)
}

func showCase(ctx context.Context, tools differential.Toolchain, releases []differential.Release, o options) error {
	trial, err := trialOf(tools, o.only, releases, o)
	if err != nil {
		return err
	}
	return trial.Show(ctx, os.Stdout, trial.Case(o.number))
}

func showFile(ctx context.Context, tools differential.Toolchain, releases []differential.Release, o options) error {
	text, err := os.ReadFile(o.file)
	if err != nil {
		return err
	}
	grammar := differential.Standard
	if o.only == string(differential.Legacy) || o.only == "" && strings.HasPrefix(filepath.Base(o.file), "flink-conf") {
		grammar = differential.Legacy
	}
	trial := differential.FilesTrial(tools, releases, differential.Generator{Grammar: grammar}, 1)
	return trial.Show(ctx, os.Stdout, differential.Case{Name: o.file, Files: differential.Files{grammar.File(): string(text)}})
}
