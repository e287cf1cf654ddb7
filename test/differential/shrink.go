package differential

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// shrink makes a case small that shows a disagreement: it shows one of the same kind afterwards.
func (t Trial) shrink(ctx context.Context, referee *Referee, found *Disagreement) error {
	if found.Verdict == NoAnswer {
		return nil // every attempt would take as long
	}
	var failure error
	shows := func(files Files) bool {
		if failure != nil {
			return false
		}
		answers, err := t.Ask(ctx, referee, []Files{files})
		if err != nil {
			failure = fmt.Errorf("making %s small: %w", found.Case.Name, err)
			return false
		}
		return Compare(t.Read(files, referee.Release.Version()), answers[0]) == found.Verdict
	}
	found.Small = minimiseFiles(found.Small, shows)
	if failure != nil {
		return failure
	}
	answers, err := t.Ask(ctx, referee, []Files{found.Small})
	if err != nil {
		return err
	}
	found.Ours, found.Flinks = t.Read(found.Small, referee.Release.Version()), answers[0]
	return nil
}

// minimiseFiles drops files, then makes those that are left small.
func minimiseFiles(files Files, shows func(Files) bool) Files {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fewer := maps.Clone(files)
		delete(fewer, name)
		if shows(fewer) {
			files = fewer
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		with := func(text string) Files {
			changed := maps.Clone(files)
			changed[name] = text
			return changed
		}
		files = with(Minimise(files[name], func(text string) bool { return shows(with(text)) }))
	}
	return files
}
