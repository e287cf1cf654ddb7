package check

import (
	"context"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// tour visits all worlds.
type tour struct {
	*checker
	scene    *scene
	reviewer *admission.Reviewer
	// around are the worlds that have been entered, from the root on.
	around []*world
	// problems, each once: what is shared may be judged several times.
	problems []error
	known    map[string]bool
}

// Bounds of how often what several worlds share is judged, so that the work grows with the input and no faster: with each of a few
// worlds, and with more of them while all its objects taken together are judged no more often than that. Alternatives that are many
// are much alike, and what is wrong with one is wrong with most.
const (
	fewWorlds = 4
	maxShared = 2_000
)

// worldsFor is with how many of the worlds within it the objects of a world are judged.
func (w *world) worldsFor(judgeLive bool) int {
	return min(w.leaves(), max(fewWorlds, maxShared/max(1, w.judged(judgeLive))))
}

// judged counts the objects of the world itself that are judged.
func (w *world) judged(judgeLive bool) int {
	count := 0
	for _, file := range w.own {
		if file.live && !judgeLive {
			continue
		}
		for _, c := range file.candidates {
			if c.piece.Judged {
				count++
			}
		}
	}
	return count
}

// plan counts how many verdicts there will be.
func (t *tour) plan(w *world) int {
	total := w.judged(t.options.JudgeLive) * w.worldsFor(t.options.JudgeLive)
	for _, inner := range w.inner {
		total += t.plan(inner)
	}
	return total
}

// What is said of accounts where other folders may have them.
const doubtElsewhere = "folders that are judged apart from this one have accounts or rights too"

// visit judges the worlds within a world or, if there are none, the world itself with all that is around it. doubt says why accounts
// and rights may be somewhere else, "" for no doubt.
func (t *tour) visit(ctx context.Context, w *world, doubt string) error {
	t.scene.enter(w)
	defer t.scene.leave(w)
	t.around = append(t.around, w)
	defer func() { t.around = t.around[:len(t.around)-1] }()
	if len(w.inner) == 0 {
		t.scene.given.Doubt(doubt)
		return t.judge(ctx)
	}
	within := w.within()
	for _, inner := range w.inner {
		doubted := doubt
		if doubted == "" && within > inner.fork.accounts {
			doubted = doubtElsewhere
		}
		if err := t.visit(ctx, inner, doubted); err != nil {
			return err
		}
	}
	return nil
}

// judge judges what is in the scene, as far as that is owed.
func (t *tour) judge(ctx context.Context) error {
	var candidates []*candidate
	for _, w := range t.around {
		limit, leaves := w.worldsFor(t.options.JudgeLive), w.leaves()
		for _, file := range w.own {
			if file.live && !t.options.JudgeLive {
				continue
			}
			for _, c := range file.candidates {
				if c.judged < limit && (!file.live || t.scene.at(c.Identified) == c) {
					c.judged++
					c.partly = limit < leaves
					candidates = append(candidates, c)
				}
			}
		}
	}
	groups := groupsOf(candidates, t.options.Workers)
	failed := make([][]error, len(groups))
	err := t.each(ctx, len(groups), func(i int) {
		judge := judge{options: &t.options, reviewer: t.reviewer, around: t.scene}
		failed[i] = judge.all(ctx, groups[i])
		t.report(func(p *Progress) { p.Judged += len(groups[i].candidates) })
	})
	for _, problem := range slices.Concat(failed...) {
		if text := problem.Error(); !t.known[text] {
			t.known[text] = true
			t.problems = append(t.problems, problem)
		}
	}
	return err
}
