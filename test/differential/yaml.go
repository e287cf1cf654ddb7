package differential

import (
	"math/rand/v2"
	"strings"
)

// maxNesting bounds the depth of a generated value.
const maxNesting = 4

// yamlWriter writes one YAML file. Most of what it writes is what people write; a number of traps are strewn in.
type yamlWriter struct {
	random *rand.Rand
	// traps is how many are left for this file.
	traps int
	// anchors are those that an alias may name.
	anchors []string
	// step is by how much this file indents.
	step int
	text strings.Builder
}

// generateYAML writes a file such as config.yaml.
func generateYAML(random *rand.Rand) string {
	w := &yamlWriter{random: random, step: 2, traps: trapsFor(random)}
	if w.chance(20) {
		w.step = 1 + random.IntN(5)
	}
	w.document()
	return w.text.String()
}

// trapsFor is 0 for four files of ten, 1 or 2 for most others.
func trapsFor(random *rand.Rand) int {
	switch n := random.IntN(20); {
	case n < 8:
		return 0
	case n < 17:
		return 1 + random.IntN(2)
	}
	return 3 + random.IntN(4)
}

// chance is true in so many of a hundred cases.
func (w *yamlWriter) chance(percent int) bool { return w.random.IntN(100) < percent }

// trap is true in so many of a hundred cases while the file has traps left, and takes one.
func (w *yamlWriter) trap(percent int) bool {
	if w.traps == 0 || !w.chance(percent) {
		return false
	}
	w.traps--
	return true
}

func (w *yamlWriter) put(parts ...string) {
	for _, part := range parts {
		w.text.WriteString(part)
	}
}

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

func (w *yamlWriter) pick(from ...string) string { return pick(w.random, from) }

func (w *yamlWriter) document() {
	w.prologue()
	switch {
	case w.trap(2):
		w.put(w.scalar(inBlock), "\n")
	case w.trap(2): //nolint:gocritic // each draws anew
		w.blockSequence(0, 0)
	case w.trap(4):
		w.flowMapping(0)
		w.put("\n")
	default:
		w.blockMapping(0, 0, 1+w.random.IntN(5))
	}
	if w.trap(6) {
		w.put(w.pick(epilogues()...))
	}
}

func (w *yamlWriter) prologue() {
	if w.trap(2) {
		w.put("\ufeff")
	}
	if w.trap(5) {
		w.put(w.pick(directives()...))
		if w.chance(90) {
			w.put("---\n")
		}
	}
	if w.chance(10) {
		w.comment()
	}
	if w.chance(8) {
		w.put(w.pick("---\n", "---\n", "--- # c\n", "---  \n"))
	} else if w.trap(3) {
		w.put(w.pick("---\t\n", "--- ", "---\r", "--- &a\n", "--- !!map\n", "---\u00a0\n", "----\n", "--- |\n", "---\n---\n", "---#\n"))
	}
}

func (w *yamlWriter) comment() {
	if w.trap(10) {
		w.put(w.pick(oddComments()...))
		return
	}
	w.put(w.pick("# comment\n", "#a: b\n", "\n", "# it's \"x\n", "  \n", "    # c\n"))
}

// blockMapping writes entries at an indentation. What stands before the first one is written already, unless it is the
// whole document.
func (w *yamlWriter) blockMapping(indent, depth, entries int) {
	used := map[string]bool{}
	for i := range entries {
		if w.chance(6) && (i > 0 || depth == 0) {
			w.comment()
		}
		if i > 0 || depth == 0 {
			w.indentation(indent)
		}
		w.entry(indent, depth, used)
	}
}

func (w *yamlWriter) indentation(indent int) {
	if w.trap(2) {
		indent += w.random.IntN(3) - 1
	}
	if w.trap(1) {
		w.put(w.pick("\t", " \t", "\t "))
	}
	w.put(strings.Repeat(" ", max(indent, 0)))
}

func (w *yamlWriter) entry(indent, depth int, used map[string]bool) {
	if w.trap(4) {
		w.complexEntry(indent, depth)
		return
	}
	key := w.key(depth)
	for used[key] && !w.trap(10) {
		key += w.pick("a", "1", ".x", "-b")
	}
	used[key] = true
	w.put(key)
	switch {
	case w.trap(2):
		w.put(w.pick(" :", "\t:", "  :", "=", "", ";", " ", "::", ":\n", ": \n", ":\u00a0"))
	default:
		w.put(":")
	}
	w.value(indent, depth)
}

// complexEntry is written with a question mark.
func (w *yamlWriter) complexEntry(indent, depth int) {
	w.put("?")
	switch w.random.IntN(6) {
	case 0:
		w.put("\n")
	case 1, 2:
		w.put(" ", w.key(depth), "\n")
	case 3:
		w.put(" ")
		w.flow(depth + 1)
		w.put("\n")
	case 4:
		w.put(w.pick(" - a\n", " a: b\n", " |\n"+strings.Repeat(" ", indent+2)+"a\n", "\ta\n", " ? a\n", " a\n"+strings.Repeat(" ", indent+1)+"b\n"))
	default:
		w.put(" ", w.scalar(inBlock), "\n")
	}
	if w.chance(80) {
		w.put(strings.Repeat(" ", indent), ":")
		w.value(indent, depth)
	}
}

func (w *yamlWriter) key(depth int) string {
	switch {
	case w.trap(4):
		return w.pick(scalarForms()...)
	case w.trap(4): //nolint:gocritic // each draws anew
		return w.pick(quotedTexts()...)
	case w.trap(4): //nolint:gocritic // each draws anew
		return w.pick(oddTexts()...)
	case w.trap(2):
		return w.pick(fatalTexts()...)
	case w.trap(3):
		return w.oddKey()
	case depth == 0 && w.chance(60):
		return w.pick(optionKeys()...)
	}
	return w.pick(segments()...)
}

func (w *yamlWriter) oddKey() string {
	switch w.random.IntN(4) {
	case 0:
		name := w.pick(anchorNames()...)
		w.anchors = append(w.anchors, name)
		return "&" + name + " " + w.word()
	case 1:
		return "*" + w.anchor() + w.pick(" ", "")
	case 2:
		return w.pick(tags()...) + " " + w.pick(segments()...)
	}
	return w.pick("[a]", "{a: b}", "[a, b]", "{}", "[]", "? a", "<<", "- a", strings.Repeat("k", 1030), `"`+strings.Repeat("k", 1021)+`"`,
		`"`+strings.Repeat("k", 1022)+`"`, strings.Repeat("k", 1023), strings.Repeat("k", 1024), strings.Repeat("é", 1024), strings.Repeat("😀", 1023), "a\n  b", "'a\n  b'", "\"a\\\n  b\"", "")
}

// anchor is the name of one, mostly one that there is.
func (w *yamlWriter) anchor() string {
	if len(w.anchors) == 0 || w.trap(3) {
		return w.pick("a", "b", "x", "nowhere")
	}
	return w.pick(w.anchors...)
}

// value is what follows the colon of a block mapping, up to and with the line end.
func (w *yamlWriter) value(indent, depth int) {
	if w.trap(2) {
		w.put(w.pick("", "\t", "  ", "\u00a0"))
	} else {
		w.put(" ")
	}
	choice := w.random.IntN(100)
	if len(w.anchors) > 0 && choice < 8 {
		w.put("*", w.anchor(), w.lineEnd())
		return
	}
	defer w.properties()()
	if depth >= maxNesting {
		choice %= 70
	}
	switch {
	case choice < 45:
		w.put(w.scalar(inBlock), w.lineEnd())
	case choice < 52:
		w.blockScalar(indent)
	case choice < 70:
		w.flow(depth + 1)
		w.put(w.lineEnd())
	case choice < 86:
		w.put(w.lineEnd())
		inner := indent + w.step
		w.indentation(inner)
		w.blockMapping(inner, depth+1, 1+w.random.IntN(3))
	default:
		w.put(w.lineEnd())
		w.blockSequence(indent+w.step*w.random.IntN(2), depth+1)
	}
}

// properties writes an anchor or a tag now and then. What it returns is called when the node is complete: only then may
// the anchor be used, but for traps, since what contains itself keeps Flink busy for long.
func (w *yamlWriter) properties() func() {
	var names []string
	if w.chance(7) {
		name := w.pick(anchorNames()...)
		w.put("&", name, " ")
		names = append(names, name)
	}
	if w.trap(6) {
		w.put(w.pick(tags()...), " ")
	}
	if w.trap(2) {
		w.put("&", w.pick(anchorNames()...), w.pick(" ", "", "\t", "\n"))
	}
	if w.trap(2) {
		w.anchors = append(w.anchors, names...)
	}
	return func() { w.anchors = append(w.anchors, names...) }
}

func (w *yamlWriter) lineEnd() string {
	switch {
	case w.trap(3):
		return w.pick("\r\n", "\r", "\u0085", "\u2028", "\u2029", "", "\t\n", "\n\n", "\n\t\n", "\x0c\n", "#c\n", "\t#c\n", " #c\r", "\n\n\n", "\n \n", "\n#\n")
	case w.chance(6):
		return w.pick(" # comment\n", "  \n", "\n\n", "\n# comment\n", "\n    # c\n", " #\n")
	}
	return "\n"
}

func (w *yamlWriter) blockSequence(indent, depth int) {
	for range 1 + w.random.IntN(3) {
		w.indentation(indent)
		w.put("-")
		if w.trap(3) {
			w.put(w.pick("", "\t", "   ", "\n", "\n"+strings.Repeat(" ", indent+1)))
		} else {
			w.put(" ")
		}
		w.item(indent, depth)
	}
}

// item is what follows the dash, up to and with the line end.
func (w *yamlWriter) item(indent, depth int) {
	choice := w.random.IntN(100)
	if len(w.anchors) > 0 && choice < 10 {
		w.put("*", w.anchor(), w.lineEnd())
		return
	}
	defer w.properties()()
	if depth >= maxNesting {
		choice = max(choice, 40)
	}
	switch {
	case choice < 15:
		w.blockMapping(indent+2, depth+1, 1+w.random.IntN(2))
	case choice < 24:
		w.put(w.lineEnd())
		w.blockSequence(indent+2, depth+1)
	case choice < 30:
		w.put("- ", w.scalar(inBlock), w.lineEnd(), strings.Repeat(" ", indent+2), "- ", w.scalar(inBlock), w.lineEnd())
	case choice < 45:
		w.flow(depth + 1)
		w.put(w.lineEnd())
	case choice < 52:
		w.blockScalar(indent)
	case choice < 58:
		w.put(w.pick(nulls()...), w.lineEnd())
	default:
		w.put(w.scalar(inBlock), w.lineEnd())
	}
}
