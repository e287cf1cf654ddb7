package offline

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// maxBaselineBytes bounds a baseline: a hundred thousand findings.
const maxBaselineBytes = 32 << 20

// readBaseline reads the findings that are not held against anybody, nil without --baseline. It also sees early that a new one can be
// written.
func (o *checkOptions) readBaseline() (*check.Baseline, error) {
	if o.baseline == "" {
		return nil, findFolder("--write-baseline", o.writeBaseline)
	}
	info, err := os.Stat(o.baseline)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("--baseline: there is no file %s; record today's findings in it with --write-baseline %s", o.baseline, o.baseline)
	case err != nil:
		return nil, fmt.Errorf("--baseline: %w", err)
	case info.Size() > maxBaselineBytes:
		return nil, fmt.Errorf("--baseline %s: it is larger than the %d MiB that are read", o.baseline, maxBaselineBytes>>20)
	}
	text, err := os.ReadFile(o.baseline)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	known, err := check.ReadBaseline(text)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w; record it anew with --write-baseline %s", o.baseline, err, o.baseline)
	}
	return known, nil
}

// compare takes what is known already out of what is held against objects, or records it.
func (r *checkRun) compare(found *check.Report, known *check.Baseline) error {
	switch {
	case r.options.writeBaseline != "":
		return r.record(found)
	case known != nil:
		gone := known.Excuse(found)
		if r.options.verbose {
			for _, entry := range gone {
				fmt.Fprintf(r.errors, "note: %s: no longer found: %s; record the baseline anew with --write-baseline %s\n", r.options.baseline, entry, r.options.baseline)
			}
		}
	}
	return nil
}

// record writes a baseline. One that some input is missing from would let findings through later that are there today.
func (r *checkRun) record(found *check.Report) error {
	if len(found.Problems) > 0 {
		return &unreadError{append(slices.Clone(found.Problems), errors.New("--write-baseline: nothing is recorded, since some input could not be read"))}
	}
	recorded := check.NewBaseline(found)
	text, err := recorded.Encode()
	if err != nil {
		return fmt.Errorf("--write-baseline: %w", err)
	}
	if err := writeFile(r.options.writeBaseline, text); err != nil {
		return fmt.Errorf("--write-baseline: %w", err)
	}
	if !r.options.quiet {
		fmt.Fprintf(r.errors, "recorded %s in %s\n", flink.Count(recorded.Len(), "finding"), r.options.writeBaseline)
	}
	recorded.Excuse(found)
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
