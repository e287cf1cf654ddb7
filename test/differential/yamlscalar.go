package differential

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// surroundings are what a scalar stands in.
type surroundings bool

const (
	inBlock surroundings = false
	inFlow  surroundings = true
)

// scalar is one in any style but block style.
func (w *yamlWriter) scalar(where surroundings) string {
	switch {
	case w.trap(8):
		return w.pick(oddTexts()...)
	case w.trap(6):
		return w.pick(quotedTexts()...)
	case w.trap(6): //nolint:gocritic // each draws anew
		return w.indicatorText()
	case w.trap(1):
		return w.pick(fatalTexts()...)
	}
	switch choice := w.random.IntN(100); {
	case choice < 30:
		return w.optionValue(where)
	case choice < 45:
		return w.form()
	case choice < 52:
		return w.number()
	case choice < 62:
		return `"` + w.escapes() + `"`
	case choice < 72:
		return `"` + w.quotable("\"\\") + `"`
	case choice < 82:
		return "'" + w.quotable("'") + "'"
	case choice < 88 && where == inBlock:
		return w.optionValue(where) + "\n" + strings.Repeat(" ", 20+w.random.IntN(10)) + w.pick("more", "words here", "b  c", "1", "#x", "x#", "- a")
	}
	return w.word()
}

func (w *yamlWriter) word() string {
	return w.pick("a", "b", "demo", "flink", "a-b", "x.y", "A", "some words", "x/y", "a_b", "Z", "ä")
}

func (w *yamlWriter) optionValue(where surroundings) string {
	if value := w.pick(optionValues()...); where == inBlock || !strings.ContainsAny(value, ",[]{}") {
		return value
	}
	return w.word()
}

// form is a plain scalar of any kind but null and what no scalar begins with, which are traps.
func (w *yamlWriter) form() string {
	form := w.pick(scalarForms()...)
	if (form == "-" || strings.ContainsAny(form[:1], "~nN!&*")) && !w.trap(30) {
		return "1"
	}
	return form
}

// number is an integer or a float; now and then a float whose shortest text is hard to find.
func (w *yamlWriter) number() string {
	switch choice := w.random.IntN(100); {
	case choice == 0:
		return finite(math.Float64frombits(w.random.Uint64()))
	case choice == 1:
		return strconv.FormatFloat(math.Ldexp(1, w.random.IntN(200)-100), 'e', -1, 64)
	case choice == 2:
		return finite(float64(w.random.IntN(1_000_000)) / math.Pow10(w.random.IntN(12)))
	case choice == 3:
		return fmt.Sprintf("%de%d", w.random.IntN(1000), w.random.IntN(40)-20)
	case choice < 6:
		return w.pick(hardFloats()...)
	case choice < 30:
		return fmt.Sprintf("%d.%d", w.random.IntN(10_000), w.random.IntN(1000))
	case choice < 40:
		return w.pick("0x", "0X", "0o", "+", "-", "0b", "00", "-0x", "+0o") + strconv.FormatUint(w.random.Uint64()>>w.random.IntN(64), 8)
	}
	return w.pick("", "-", "+") + strconv.FormatInt(w.random.Int64()>>w.random.IntN(63), 10)
}

// finite is a number with as many digits as it takes.
func finite(float float64) string {
	if math.IsNaN(float) || math.IsInf(float, 0) {
		return ".nan"
	}
	return strconv.FormatFloat(float, 'g', -1, 64)
}

// indicatorText is a short plain scalar, or none, of characters that mean something.
func (w *yamlWriter) indicatorText() string {
	var text strings.Builder
	for range 1 + w.random.IntN(4) {
		text.WriteString(w.pick(":", "#", "-", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", " ", "a", "b", "1", ".", "~", "\\", "<", "=", "\t", "+", "_"))
	}
	return text.String()
}

// escapes is a text for double quotes, of characters that a dumper has to look at.
func (w *yamlWriter) escapes() string {
	var text strings.Builder
	for range w.random.IntN(5) {
		text.WriteString(w.pick(`\n`, `\n`, ` `, ` `, `\t`, `\\`, `\"`, `'`, `\0`, `\a`, `\b`, `\e`, `\f`, `\v`, `\r`, `\x7f`, `\x80`, `\x9f`, `\xa0`, `\x85`, `\N`, `\_`, `\L`, `\P`, `\u00ad`, `\u200b`, `\u2027`, `\u2030`, `\ud7ff`,
			`\ue000`, `\ufeff`, `\ufffd`, `\ufffe`, `\uffff`, `\U00010000`, `\U0001F600`, `\U0010FFFF`, `\ud83d\ude00`, `\/`, `\u20ac`, `é`, `😀`, "a", "b", "1", ":", ": ", "#", " #", "-", "- ", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|",
			">", "%", "@", "`", "~", "=", "<<", ".", "---", "...", "null", "true", "0x1", "1e3", "${A}"))
	}
	return text.String()
}

// quotable is a text that stands in quotes: without what would end or escape them.
func (w *yamlWriter) quotable(without string) string {
	var text strings.Builder
	for range w.random.IntN(4) {
		text.WriteString(w.pick(w.word(), w.pick(optionValues()...), w.pick(scalarForms()...), w.pick(oddTexts()...), " ", ": ", " #", "\n ", "- ", ", ", "\n\n ", "#", ":"))
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(without, r) {
			return 'q'
		}
		return r
	}, text.String())
}

func (w *yamlWriter) blockScalar(indent int) {
	header := w.pick("|", ">", "|-", ">-", "|+", ">+")
	if w.trap(20) {
		header = w.pick(blockHeaders()...)
	}
	w.put(header, w.pick("", "", "", "", " ", " # c"), "\n")
	inner := indent + max(w.step, 1)
	if w.trap(10) {
		inner = w.random.IntN(6)
	}
	for i := range w.random.IntN(6) {
		switch choice := w.random.IntN(10); {
		case choice == 0:
			w.put("\n")
		case choice == 1:
			w.put(strings.Repeat(" ", w.random.IntN(inner+1)), "\n")
		case choice == 2 && i > 0:
			w.put(strings.Repeat(" ", inner+1+w.random.IntN(2)), w.word(), "\n")
		case choice == 3:
			w.put(strings.Repeat(" ", inner), w.pick("# no comment", "a: b", "- a", "\ta", "a ", "a\t", "...", "---", "\"a", "{", "a\u2028b"), "\n")
		default:
			w.put(strings.Repeat(" ", inner), w.pick(optionValues()...), w.lineEndOfBlock())
		}
	}
}

func (w *yamlWriter) lineEndOfBlock() string {
	if w.trap(4) {
		return w.pick("\r\n", "\r", "\u0085", "\u2028", "", "\n\n\n", "\n#c\n", "\n\t\n", " \n", "\u2029")
	}
	return "\n"
}
