package fix

import (
	"context"
	"maps"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// Plan is what is to be written into files.
type Plan struct {
	// Files that change, in the order of the input.
	Files []File
	// Made are the fixes in them, in the order in which they are made.
	Made []Fix
	// Refused are the fixes that are not made: edits of admission first, then findings, each in the order of the input.
	Refused []Refusal
}

// File is a file that changes.
type File struct {
	Name string
	// Before is what was read, and After what is to be written.
	Before, After string
}

// Fix is something that is mended in a file.
type Fix struct {
	// Place of what is mended, in the file as it was when the object was judged: at the beginning, or after the fixes before.
	manifest.Place
	// Object is what people call the object.
	Object string
	// Rule that found it, "" for an edit that admission would make.
	Rule string
	// Text says what is done, as the end of "fixed: …". It holds no value of a sensitive option.
	Text string
}

// Refusal is a fix that is not made.
type Refusal struct {
	Fix
	// Reason says why, and what to do by hand. It holds nothing of any value.
	Reason string
}

// Judge judges the same objects once more, with sources that may hold other texts than their files.
type Judge func(ctx context.Context, sources []manifest.Source) (*check.Report, error)

// Make plans what mends a report about sources, round by round, since one fix may bring up the next: it changes the texts, has them
// judged again, and goes on until nothing more can be mended. Without again there is one round. Fixes that undo each other are refused.
//
// Standard input is fixed only if its source holds a text (see manifest.Source.Holding). The error is that of again, or of the context.
func Make(ctx context.Context, report *check.Report, sources []manifest.Source, again Judge) (*Plan, error) {
	banned := map[string]bool{}
	for {
		p := &planner{sources: slices.Clone(sources), banned: banned, changed: map[int]*File{}, texts: map[string][]string{}}
		before := len(banned)
		if err := p.run(ctx, report, again); err != nil {
			return nil, err
		}
		if len(banned) > before {
			continue
		}
		for _, index := range slices.Sorted(maps.Keys(p.changed)) {
			if file := p.changed[index]; file.Before != file.After {
				p.plan.Files = append(p.plan.Files, *file)
			}
		}
		return &p.plan, nil
	}
}

// maxRounds is far more than fixes ever wait for each other.
const maxRounds = 20

// planner plans from the beginning on, without the units that are banned.
type planner struct {
	plan    Plan
	sources []manifest.Source
	banned  map[string]bool
	// changed files by the first of their sources.
	changed map[int]*File
	// texts that each file had, by path, and rounds what was made between one and the next.
	texts  map[string][]string
	rounds [][]deed
}

func (p *planner) run(ctx context.Context, report *check.Report, again Judge) error {
	for range maxRounds {
		next := newRound(report, p.sources, p.banned)
		next.run()
		for _, made := range next.made {
			p.plan.Made = append(p.plan.Made, made.Fix)
		}
		p.plan.Refused = next.refused
		if len(next.made) == 0 {
			return nil
		}
		p.rounds = append(p.rounds, next.made)
		for path, opened := range next.targets.opened {
			p.keep(path, opened)
		}
		if again == nil || p.banCycles() {
			return nil
		}
		var err error
		if report, err = again(ctx, p.sources); err != nil {
			return err
		}
	}
	return nil
}

// keep has the sources of a file hold its text as it is by now.
func (p *planner) keep(path string, opened *target) {
	now := opened.now()
	for len(p.texts[path]) < len(p.rounds) {
		p.texts[path] = append(p.texts[path], opened.file.Text)
	}
	p.texts[path] = append(p.texts[path], now)
	if now == opened.file.Text {
		return
	}
	for _, index := range opened.sources {
		p.sources[index] = p.sources[index].Holding(now)
	}
	first := opened.sources[0]
	if p.changed[first] == nil {
		p.changed[first] = &File{Name: p.sources[first].Name, Before: opened.file.Text}
	}
	p.changed[first].After = now
}

// banCycles bans what was made since a file last had the text that it has now again: one of the fixes has undone another. It returns
// false if there is no such file.
func (p *planner) banCycles() bool {
	found := false
	for path, texts := range p.texts {
		last := len(texts) - 1
		for earlier := range max(last, 0) {
			if texts[earlier] != texts[last] || !slices.ContainsFunc(texts[earlier:], func(text string) bool { return text != texts[last] }) {
				continue
			}
			for _, made := range slices.Concat(p.rounds[earlier:]...) {
				if made.path == path && !p.banned[made.id] {
					p.banned[made.id], found = true, true
				}
			}
			break
		}
	}
	return found
}
