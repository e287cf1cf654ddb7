package check

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// read reads a file and lets go of what matters to nobody.
func (c *checker) read(ctx context.Context, source manifest.Source) (read *content) {
	defer onBug(func(bug error) { read = unreadable(source, bug) })
	read = &content{source: source}
	file, err := source.Open(c.stdin)
	if err != nil {
		read.problems = append(read.problems, err)
		return read
	}
	if file.IsBare() {
		c.readBare(read, file)
		return read
	}
	parts, err := file.Parts()
	if err != nil {
		read.problems = append(read.problems, err)
		return read
	}
	c.readParts(ctx, read, parts)
	if template, ok := templateAmong(read.problems); ok && !c.options.StrictInput {
		read.leaveTemplate(template)
	}
	return read
}

// leaveTemplate leaves what cannot be read of a file in which a document is a template: its instructions may as well enclose the others
// that are none. Those that can be read are judged, unless the file is a part of a chart, where an instruction around them decides
// whether they are there at all.
func (r *content) leaveTemplate(template *manifest.ProblemError) {
	if slices.Contains(strings.Split(filepath.ToSlash(filepath.Dir(r.source.Name)), "/"), "templates") {
		*r = content{source: r.source}
	}
	r.problems = nil
	r.left = append(r.left, Remark{Place: template.Place, Text: leftTemplate})
}

// unreadable is the content of a file that a mistake of the program's own keeps from being read.
func unreadable(source manifest.Source, bug error) *content {
	problem := &manifest.ProblemError{Place: manifest.Place{File: source.Name}, Reason: "the file cannot be read: " + bug.Error()}
	return &content{source: source, problems: []error{problem}}
}

// readParts reads the parts of a file: those of a long one several at once, as many as there are processors.
func (c *checker) readParts(ctx context.Context, read *content, parts []manifest.Part) {
	all := stretchesOf(parts)
	if len(all) == 1 {
		c.readStretch(read, all[0])
		return
	}
	stretches := make([]*content, len(all))
	err := c.each(ctx, len(all), func(i int) {
		stretches[i] = &content{source: read.source}
		defer onBug(func(bug error) { stretches[i] = unreadable(read.source, bug) })
		c.readStretch(stretches[i], all[i])
	})
	if err != nil {
		return // nobody asks what was read
	}
	for _, stretch := range stretches {
		read.join(stretch)
	}
}

// stretchBytes is how much text one worker reads at a time: enough for what it takes to hand it over not to matter, and little enough
// for what is made of it, many times its size, to take little memory.
const stretchBytes = 32 << 10

// stretchesOf divides the parts of a file.
func stretchesOf(parts []manifest.Part) [][]manifest.Part {
	var all [][]manifest.Part
	start, size := 0, 0
	for i := range parts {
		size += parts[i].Size()
		if size >= stretchBytes || i == len(parts)-1 {
			all = append(all, parts[start:i+1])
			start, size = i+1, 0
		}
	}
	return all
}

func (c *checker) readStretch(read *content, parts []manifest.Part) {
	for i := range parts {
		switch document, err := parts[i].Read(); {
		case err != nil:
			read.problems = append(read.problems, err)
		case document != nil:
			c.take(read, document)
		}
	}
}

// join adds what comes behind it in the same file.
func (r *content) join(next *content) {
	for _, candidate := range next.candidates {
		candidate.in = r
		candidate.listed += len(r.objects)
	}
	r.candidates = append(r.candidates, next.candidates...)
	r.objects = append(r.objects, next.objects...)
	r.problems = append(r.problems, next.problems...)
	r.left = append(r.left, next.left...)
	r.skipped += next.skipped
}
