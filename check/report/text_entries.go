package report

import (
	"cmp"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// textFile is a file with what there is to say of it, or of a cluster a namespace.
type textFile struct {
	textKey
	entries []entry
}

// textKey is what entries are grouped by: their file, and in a cluster, which has no files, their namespace.
type textKey struct {
	file, namespace string
	live            bool
}

func keyOf(place manifest.Place, namespace string) textKey {
	if isLive(place) {
		return textKey{file: place.File, namespace: namespace, live: true}
	}
	return textKey{file: place.File}
}

// isLive tells whether a place is in a cluster.
func isLive(place manifest.Place) bool { return place.File == check.LiveName && place.Line == 0 }

// entry is something to say of a place.
type entry struct {
	place manifest.Place
	// word says what would happen there, in a colour, and title is the object that it happens to.
	word, colour, title string
	body                []string
	// finding is what a rule found there, nil where no rule stands behind it.
	finding *check.Finding
}

// entriesByFile are all entries, by the file that they point into: files in the order of the input, entries by line. Those of a
// cluster are by namespace, rule and object.
func (w *textWriter) entriesByFile(report *check.Report) []textFile {
	var files []textFile
	index := map[textKey]int{}
	// group has a file listed where it is first named.
	group := func(key textKey) *textFile {
		at, known := index[key]
		if !known {
			at = len(files)
			index[key] = at
			files = append(files, textFile{textKey: key})
		}
		return &files[at]
	}
	for i := range report.Objects {
		// The files of objects come in the order of the input, whatever findings of other objects point into.
		group(keyOf(report.Objects[i].Place, report.Objects[i].Namespace))
	}
	for i := range report.Objects {
		for _, e := range w.entriesOf(&report.Objects[i]) {
			file := group(keyOf(e.place, report.Objects[i].Namespace))
			file.entries = append(file.entries, e)
		}
	}
	if w.options.Verbose && !w.options.Quiet {
		for _, left := range report.Left {
			file := group(keyOf(left.Place, ""))
			file.entries = append(file.entries, entry{place: left.Place, word: "left", colour: faint, body: []string{left.Text}})
		}
	}
	files = slices.DeleteFunc(files, func(file textFile) bool { return len(file.entries) == 0 })
	for i := range files {
		slices.SortStableFunc(files[i].entries, byPlace)
		files[i].entries = together(files[i].entries)
	}
	// Files keep their order, and stand before what is in a cluster.
	slices.SortStableFunc(files, func(a, b textFile) int { return cmp.Compare(a.namespace, b.namespace) })
	return files
}

// byPlace orders entries of one file by line, and those that have none by rule and object.
func byPlace(a, b entry) int {
	if a.place.Line == 0 && b.place.Line == 0 {
		return cmp.Or(cmp.Compare(a.rule(), b.rule()), cmp.Compare(a.title, b.title))
	}
	return cmp.Or(cmp.Compare(a.place.Line, b.place.Line), cmp.Compare(a.place.Column, b.place.Column))
}

// together makes one entry of those that one rule has about one place, such as all that is missing there: the line would only be
// shown again.
func together(sorted []entry) []entry {
	var joined []entry
	for i := range sorted {
		if last := len(joined) - 1; last >= 0 && joined[last].goesOnWith(&sorted[i]) {
			joined[last].body = append(joined[last].body, sorted[i].body...)
			continue
		}
		joined = append(joined, sorted[i])
	}
	return joined
}

// goesOnWith tells whether another entry differs in what it says alone.
func (e *entry) goesOnWith(next *entry) bool {
	return e.finding != nil && next.finding != nil && e.finding.Line != "" && e.place == next.place && e.word == next.word &&
		e.title == next.title && e.rule() == next.rule() && e.finding.Missing == next.finding.Missing
}

// rule is the rule behind an entry, "" for none.
func (e *entry) rule() string {
	if e.finding == nil {
		return ""
	}
	return e.finding.Rule
}

// entriesOf are the entries of an object.
func (w *textWriter) entriesOf(object *check.Object) []entry {
	title := object.Title()
	var entries []entry
	about := func(word, colour string, body ...string) {
		if len(body) > 0 {
			entries = append(entries, entry{place: object.Place, word: word, colour: colour, title: title, body: body})
		}
	}
	if object.Refusal != "" {
		about("deny", red, object.Refusal)
	}
	if w.options.saysWarnings() {
		about("warn", yellow, object.Notes...)
	}
	if !w.options.Quiet {
		about("edit", cyan, sentencesOf(object)...)
	}
	if w.options.Verbose && !w.options.Quiet {
		entries = append(entries, verboseEntries(object, title)...)
	}
	for i := range object.Findings {
		finding := &object.Findings[i]
		if !w.isShown(finding.Action) || finding.Repeated && !w.options.Verbose {
			continue
		}
		body := []string{messageOf(finding)}
		if finding.Baseline {
			body = append(body, "nothing is held against it: it is in the baseline")
		}
		entries = append(entries, entry{
			place: finding.Place, word: string(finding.Action), colour: colourOf(finding.Action), title: title, body: body, finding: finding,
		})
	}
	return entries
}

// verboseEntries say what is fine, what is exempt, and what is not known.
func verboseEntries(object *check.Object, title string) []entry {
	var entries []entry
	switch {
	case object.Exempt != "":
		entries = append(entries, entry{place: object.Place, word: "exempt", colour: faint, title: title, body: []string{exemption(object.Exempt)}})
	case object.Verdict == admission.VerdictAllow:
		entries = append(entries, entry{place: object.Place, word: "fine", colour: green, title: title})
	}
	if len(object.Unknown) > 0 {
		entries = append(entries, entry{place: object.Place, word: "unknown", colour: yellow, title: title, body: object.Unknown})
	}
	return entries
}

// exemption says why nothing is held against an object.
func exemption(why string) string {
	switch why {
	case "user":
		return "nothing is refused or changed: the user who applies it is exempt"
	case "namespace":
		return "nothing is refused or changed: its namespace is exempt"
	case "system":
		return "nothing is refused or changed: a controller of Kubernetes applies it"
	}
	return "nothing is refused or changed: " + why
}

func colourOf(action policy.Action) string {
	switch action {
	case policy.ActionDeny:
		return red
	case policy.ActionWarn:
		return yellow
	case policy.ActionAudit, policy.ActionExempt, policy.ActionNone:
	}
	return faint
}
