package yaml12

import (
	"fmt"
	"strconv"
	"strings"
)

// bestWidth is the column after which snakeyaml-engine breaks the line before the value of a key that "?" introduces, and
// maxPlainKey how long a key may be that needs no "?" (DumpSettings).
const (
	bestWidth   = 80
	maxPlainKey = 128
)

// Dumper writes values on one line as YamlParserUtils.toYAMLString does, which is what Configuration.toMap has for a list.
//
// An alias and its anchor get new names, id001 and so on. Flink counts them on through all that one process writes; the zero
// Dumper counts from the first file that is loaded.
type Dumper struct {
	// Anchors counts those that were named so far.
	Anchors int
}

// Dump returns the line, and false where it cannot be told.
func (n *Dumper) Dump(v *Value) (text string, ok bool) {
	d := dumper{names: n, anchors: map[*Value]int{}, seen: map[*Value]bool{}, written: map[*Value]bool{}}
	d.nameAnchors(v)
	d.dump(v, false)
	return d.text.String(), !d.failed
}

// dumper writes one value in flow style: representers, serializer and emitter of snakeyaml-engine in one.
type dumper struct {
	text  strings.Builder
	names *Dumper
	// anchors numbers the collections that occur more than once.
	anchors map[*Value]int
	seen    map[*Value]bool
	written map[*Value]bool
	failed  bool
}

// nameAnchors numbers what occurs again, in the order in which it does (Serializer.anchorNode).
func (d *dumper) nameAnchors(v *Value) {
	if v.Kind < ListValue {
		return
	}
	if d.seen[v] {
		if d.anchors[v] == 0 {
			d.names.Anchors++
			d.anchors[v] = d.names.Anchors
		}
		return
	}
	d.seen[v] = true
	for _, item := range v.Items {
		d.nameAnchors(item)
	}
	for _, entry := range v.Entries {
		d.nameAnchors(entry.Key)
		if entry.Value != nil {
			d.nameAnchors(entry.Value)
		}
	}
}

func (d *dumper) dump(v *Value, asKey bool) {
	switch v.Kind {
	case TextValue:
		d.dumpText(v.Text, asKey)
		return
	case NullValue, BoolValue, IntValue, FloatValue:
		d.failed = d.failed || v.Unknown != ""
		d.text.WriteString(v.Text)
		return
	case ListValue, MapValue, SetValue:
	}
	if number := d.anchors[v]; number > 0 {
		name := "id" + leftPad(strconv.Itoa(number), 3)
		if d.written[v] {
			d.text.WriteString("*" + name)
			return
		}
		d.text.WriteString("&" + name + " ")
	}
	d.written[v] = true
	if v.Kind == ListValue {
		d.text.WriteByte('[')
		for i, item := range v.Items {
			d.separate(i)
			d.dump(item, false)
		}
		d.text.WriteByte(']')
		return
	}
	d.dumpEntries(v)
}

func leftPad(digits string, length int) string {
	return strings.Repeat("0", max(0, length-len(digits))) + digits
}

func (d *dumper) separate(i int) {
	if i > 0 {
		d.text.WriteString(", ")
	}
}

func (d *dumper) dumpEntries(v *Value) {
	if v.Kind == SetValue {
		d.text.WriteString("!!set ")
	}
	d.text.WriteByte('{')
	for i, entry := range v.Entries {
		d.separate(i)
		if d.isPlainKey(entry.Key) {
			d.dump(entry.Key, true)
		} else {
			d.text.WriteString("? ")
			d.dump(entry.Key, false)
			// Beyond the best width a line break follows. The column counts UTF-16 units, of which there are no more than bytes.
			d.failed = d.failed || d.text.Len() > bestWidth
			d.text.WriteByte(' ')
		}
		d.text.WriteString(": ")
		if entry.Value == nil {
			d.text.WriteString("null")
			continue
		}
		d.dump(entry.Value, false)
	}
	d.text.WriteByte('}')
}

// isPlainKey is Emitter.checkSimpleKey.
func (d *dumper) isPlainKey(key *Value) bool {
	const tagLength = len("!!str")
	length := tagLength
	if number := d.anchors[key]; number > 0 {
		if d.written[key] {
			return true
		}
		length += len("id") + max(3, len(strconv.Itoa(number)))
	}
	if key.Kind >= ListValue {
		return len(key.Items) == 0 && len(key.Entries) == 0
	}
	if key.Kind != TextValue {
		length += 2 // !!float, !!bool and so on; such keys are far below the bound
	}
	return length+utf16Length(key.Text) < maxPlainKey && key.Text != "" && !strings.Contains(key.Text, "\n")
}

func utf16Length(text string) int {
	length := 0
	for _, r := range text {
		length++
		if r > 0xFFFF {
			length++
		}
	}
	return length
}

func (d *dumper) dumpText(text string, asKey bool) {
	analysis := analyze(text)
	multiline := strings.ContainsAny(text, "\n\u0085\u2028\u2029")
	switch {
	case !multiline && analysis.plain && resolvePlain(text) == tagText && (!asKey || text != ""):
		d.text.WriteString(text)
	case !multiline && analysis.singleQuoted:
		d.text.WriteString("'" + strings.ReplaceAll(text, "'", "''") + "'")
	default:
		d.doubleQuote(text)
	}
}

func (d *dumper) doubleQuote(text string) {
	d.text.WriteByte('"')
	for _, r := range text {
		switch escape, ok := escapeOf(r); {
		case ok:
			d.text.WriteByte('\\')
			d.text.WriteByte(escape)
		case isPrintable(r):
			d.text.WriteRune(r)
		case r <= 0xFF:
			fmt.Fprintf(&d.text, "\\x%02x", r)
		default:
			fmt.Fprintf(&d.text, "\\u%04x", r)
		}
	}
	d.text.WriteByte('"')
}

// escapeOf is the letter that stands for a character after a backslash (Emitter.ESCAPE_REPLACEMENTS).
func escapeOf(r rune) (byte, bool) {
	for i, escaped := range []rune(escapeValues) {
		if r == escaped && r != ' ' && r != '/' {
			return escapeNames[i], true
		}
	}
	return 0, false
}
