package differential

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// chunk is how many cases are asked at once.
	chunk = 1000
	// atOnce is how many releases are asked side by side.
	atOnce = 2
)

// Case is one configuration to read.
type Case struct {
	// Name says where it comes from: a file of the corpus, or the seed and the number of a generated case.
	Name string
	// Files of the configuration directory, by name; for high availability the settings by key.
	Files Files
	// Generated tells it from one of the corpus, which is full of what we do not claim to know.
	Generated bool
}

// Trial compares readings of many cases.
type Trial struct {
	Tools    Toolchain
	Releases []Release
	// Read is the reader under test, and Ask asks Flink the same.
	Read Reader
	Ask  func(context.Context, *Referee, []Files) ([]Answer, error)
	// Cases is how many there are, and Case returns one of them; it is called from several goroutines.
	Cases int
	Case  func(number int) Case
}

// FilesTrial compares what is read from the generator's files.
func FilesTrial(tools Toolchain, releases []Release, generator Generator, cases int) Trial {
	return Trial{
		Tools: tools, Releases: generator.Grammar.Readers(releases), Read: OurFiles, Ask: askFiles,
		Cases: cases, Case: generator.Case,
	}
}

// HighAvailabilityTrial compares what is made of settings that decide about high availability.
func HighAvailabilityTrial(tools Toolchain, releases []Release, seed uint64, cases int) Trial {
	return Trial{
		Tools: tools, Releases: releases, Read: OurHighAvailability, Ask: askHighAvailability,
		Cases: cases, Case: func(number int) Case { return HighAvailabilityCase(seed, number) },
	}
}

// HighAvailabilityOfFilesTrial compares what is made of high availability in the generator's files.
func HighAvailabilityOfFilesTrial(tools Toolchain, releases []Release, generator Generator, cases int) Trial {
	trial := FilesTrial(tools, releases, generator, cases)
	trial.Read, trial.Ask = OurHighAvailabilityOfFiles, askHighAvailabilityOfFiles
	return trial
}

func askFiles(ctx context.Context, referee *Referee, directories []Files) ([]Answer, error) {
	return referee.Load(ctx, directories)
}

// Run asks all releases, two at a time, and returns what came out, in the order of the releases.
func (t Trial) Run(ctx context.Context) ([]Tally, error) {
	tallies := make([]Tally, len(t.Releases))
	errs := make([]error, len(t.Releases))
	places := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for i, release := range t.Releases {
		running.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			tallies[i], errs[i] = t.runRelease(ctx, release)
		})
	}
	running.Wait()
	return tallies, errors.Join(errs...)
}

func (t Trial) runRelease(ctx context.Context, release Release) (tally Tally, err error) {
	started := time.Now()
	referee, err := Appoint(t.Tools, release)
	if err != nil {
		return tally, err
	}
	defer func() { err = errors.Join(err, referee.Dismiss()) }()
	tally = newTally(release)
	for start := 0; start < t.Cases; start += chunk {
		if err := t.runChunk(ctx, referee, &tally, start, min(start+chunk, t.Cases)); err != nil {
			return tally, err
		}
	}
	tally.Took = time.Since(started)
	for i := range tally.Found {
		if err := t.shrink(ctx, referee, &tally.Found[i]); err != nil {
			return tally, err
		}
	}
	return tally, nil
}

func (t Trial) runChunk(ctx context.Context, referee *Referee, tally *Tally, start, end int) error {
	cases := make([]Case, 0, end-start)
	files := make([]Files, 0, end-start)
	for number := start; number < end; number++ {
		next := t.Case(number)
		cases, files = append(cases, next), append(files, next.Files)
	}
	answers, err := t.Ask(ctx, referee, files)
	if err != nil {
		return err
	}
	for i, answer := range answers {
		tally.count(cases[i], t.Read(files[i], tally.Release.Version()), answer)
	}
	return nil
}

// Show writes what each release makes of one case, beside what we make of it.
func (t Trial) Show(ctx context.Context, w io.Writer, shown Case) error {
	fmt.Fprintf(w, "%s: %s\n", shown.Name, quoted(shown.Files))
	for _, release := range t.Releases {
		referee, err := Appoint(t.Tools, release)
		if err != nil {
			return err
		}
		answers, err := t.Ask(ctx, referee, []Files{shown.Files})
		if err := errors.Join(err, referee.Dismiss()); err != nil {
			return err
		}
		ours := t.Read(shown.Files, release.Version())
		fmt.Fprintf(w, "Flink %s: %s\n  ours:  %s\n  Flink: %s\n", release, Compare(ours, answers[0]), ours, answers[0])
	}
	return nil
}
