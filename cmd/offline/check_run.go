package offline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/fix"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/check/report"
)

// checkRun is one run of check.
type checkRun struct {
	options   *checkOptions
	arguments []string
	// program is what its user calls the program.
	program string
	in      io.Reader
	// out takes the report, and errors all that is said besides.
	out, errors io.Writer
}

// do judges what was given and writes the report. The error says what could not be read, or that something would be refused.
func (r *checkRun) do(ctx context.Context) error {
	outputs, err := r.options.parsedOutputs()
	if err != nil {
		return err
	}
	if err := r.spareInputs(outputs); err != nil {
		return err
	}
	settings, err := r.settings(ctx, outputs)
	if err != nil {
		return err
	}
	known, err := r.options.readBaseline()
	if err != nil {
		return err
	}
	sources, err := r.sources(ctx)
	if err != nil {
		return err
	}
	found, err := r.judge(ctx, sources, settings)
	if err == nil && (r.options.fix || r.options.diff) {
		found, err = r.mend(ctx, found, sources, settings)
	}
	if err != nil {
		return err
	}
	if err := r.compare(found, known); err != nil {
		return err
	}
	if err := r.print(outputs, found); err != nil {
		return err
	}
	return r.options.outcome(found)
}

// judge judges the sources once.
func (r *checkRun) judge(ctx context.Context, sources []manifest.Source, settings check.Options) (*check.Report, error) {
	shown := r.newProgress()
	settings.Progress = shown.update
	found, err := check.Run(ctx, sources, r.in, settings)
	shown.erase()
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	return found, err
}

// sources are those that the arguments name. Where changes are planned, standard input is kept: it is judged more than once.
func (r *checkRun) sources(ctx context.Context) ([]manifest.Source, error) {
	r.in = &interruptible{off: ctx.Done(), from: r.in}
	sources := r.find(ctx)
	if !r.options.diff {
		return sources, nil
	}
	for i, source := range sources {
		if source.Name != "-" {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(r.in, maxDiffedInput+1))
		switch {
		case errors.Is(err, errInterrupted):
			return nil, err
		case err != nil:
			return nil, fmt.Errorf("reading standard input: %w", err)
		case len(text) > maxDiffedInput:
			return nil, fmt.Errorf("--diff: standard input is larger than the %d MiB that are read", maxDiffedInput>>20)
		}
		sources[i] = source.Holding(string(text))
	}
	return sources, nil
}

// maxDiffedInput bounds standard input where it is kept, at what is read of any file.
const maxDiffedInput = 64 << 20

// mend plans what can be mended without a decision, and prints it or writes it. The report is that of the files as they are then.
func (r *checkRun) mend(ctx context.Context, found *check.Report, sources []manifest.Source, settings check.Options) (*check.Report, error) {
	again := settings
	again.WithUnknown, again.WithObjects, again.WithSkipped = false, false, false
	plan, err := fix.Make(ctx, found, sources, func(ctx context.Context, sources []manifest.Source) (*check.Report, error) {
		return check.Run(ctx, sources, r.in, again)
	})
	switch {
	case ctx.Err() != nil:
		return nil, errInterrupted
	case err != nil:
		return nil, fmt.Errorf("planning what to mend: %w", err)
	}
	if r.options.diff {
		r.tellRefused(plan)
		if err := plan.Diff(r.out); err != nil {
			return nil, fmt.Errorf("writing the diff: %w", err)
		}
		return found, nil
	}
	if err := plan.Write(); err != nil {
		return nil, fmt.Errorf("--fix: %w", err)
	}
	if !r.options.quiet {
		for _, made := range plan.Made {
			fmt.Fprintf(r.errors, "fixed: %s: %s\n", made.Place, describe(made))
		}
	}
	r.tellRefused(plan)
	if len(plan.Files) == 0 {
		return found, nil
	}
	return r.judge(ctx, sources, settings)
}

// tellRefused says what is left to do by hand.
func (r *checkRun) tellRefused(plan *fix.Plan) {
	if r.options.quiet {
		return
	}
	for _, refused := range plan.Refused {
		fmt.Fprintf(r.errors, "not fixed: %s: %s: %s\n", refused.Place, describe(refused.Fix), refused.Reason)
	}
}

// describe is a fix in one line.
func describe(f fix.Fix) string {
	text := f.Object + ": " + f.Text
	if f.Rule != "" {
		text += " [" + f.Rule + "]"
	}
	return text
}

// print writes the report in all its forms.
func (r *checkRun) print(outputs []output, found *check.Report) error {
	options := report.Options{
		Colour: r.options.takesColour(r.out), Verbose: r.options.verbose, Quiet: r.options.quiet, WarningsFail: r.options.failOn == failOnWarn,
		Program: r.program, Version: r.options.sources.Version,
	}
	for _, o := range outputs {
		if err := o.write(r.out, found, options); err != nil {
			return err
		}
	}
	return nil
}

// outcome is what the exit code says.
func (o *checkOptions) outcome(found *check.Report) error {
	if len(found.Problems) > 0 {
		return &unreadError{found.Problems}
	}
	held := 0
	switch o.failOn {
	case failOnEnforce:
		held = found.Summary.Deny
	case failOnWarn:
		held = found.Summary.Deny + found.Summary.Warn
	}
	if held > 0 {
		return Refuse(errors.New("")) // the report has said it
	}
	return nil
}

func (o *checkOptions) takesColour(out io.Writer) bool {
	return o.colour == colourAlways || o.colour == colourAuto && TakesColour(out)
}
