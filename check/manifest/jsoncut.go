package manifest

import (
	"encoding/json"
	"slices"
	"strings"
)

// textRange is a part of a text.
type textRange struct{ start, end int }

// jsonCutter finds where the values of a text begin and end that may be JSON, without looking at what they are.
type jsonCutter struct {
	text   string
	offset int
}

// isAtEnd steps over blanks, and tells whether there is nothing behind them.
func (c *jsonCutter) isAtEnd() bool {
	for c.offset < len(c.text) && isBlankByte(c.text[c.offset]) {
		c.offset++
	}
	return c.offset == len(c.text)
}

// take steps over blanks and one byte, if that is what comes next.
func (c *jsonCutter) take(b byte) bool {
	if c.isAtEnd() || c.text[c.offset] != b {
		return false
	}
	c.offset++
	return true
}

// value steps over a value.
func (c *jsonCutter) value() (textRange, bool) {
	if c.isAtEnd() {
		return textRange{}, false
	}
	switch c.text[c.offset] {
	case '{', '[':
		return c.collection()
	case '"':
		return c.quoted()
	}
	start := c.offset
	for c.offset < len(c.text) && !isBlankByte(c.text[c.offset]) && strings.IndexByte(",:]}", c.text[c.offset]) < 0 {
		c.offset++
	}
	return textRange{start, c.offset}, c.offset > start
}

// collection steps over a map or a list.
func (c *jsonCutter) collection() (textRange, bool) {
	if c.isAtEnd() || c.text[c.offset] != '{' && c.text[c.offset] != '[' {
		return textRange{}, false
	}
	start, depth := c.offset, 0
	for c.offset < len(c.text) {
		switch c.text[c.offset] {
		case '"':
			if _, ok := c.quoted(); !ok {
				return textRange{}, false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		c.offset++
		if depth == 0 {
			return textRange{start, c.offset}, true
		}
	}
	return textRange{}, false
}

// quoted steps over a text in quotes.
func (c *jsonCutter) quoted() (textRange, bool) {
	start := c.offset
	for c.offset++; c.offset < len(c.text); c.offset++ {
		switch c.text[c.offset] {
		case '"':
			c.offset++
			return textRange{start, c.offset}, true
		case '\\':
			c.offset++
		}
	}
	return textRange{}, false
}

// each goes through the fields of a map, their names as they are written, or through the items of a list, which have none. It returns
// false where that is not JSON, or where take does.
func (c *jsonCutter) each(opening, closing byte, take func(name string, value textRange) bool) bool {
	if !c.take(opening) {
		return false
	}
	for first := true; ; first = false {
		if c.take(closing) {
			return first // there is nothing behind a comma otherwise
		}
		name := ""
		if opening == '{' {
			key, ok := c.value()
			if !ok || !c.take(':') {
				return false
			}
			name = c.text[key.start:key.end]
		}
		value, ok := c.value()
		if !ok || !take(name, value) {
			return false
		}
		if c.take(closing) {
			return true
		}
		if !c.take(',') {
			return false
		}
	}
}

// listItems are the items of a List, such as kubectl get -o json writes. It returns false for what is no List, for one that is no JSON,
// and for lists whose items are not objects by themselves: of what they are the list has a part to say.
func listItems(text string, list textRange) ([]textRange, bool) {
	header, ok := typeOf(text, list)
	if !ok || header.kind != `"List"` || header.items.end == 0 {
		return nil, false
	}
	var items []textRange
	cutter := jsonCutter{text: text, offset: header.items.start}
	ok = cutter.each('[', ']', func(_ string, item textRange) bool {
		itself, ok := typeOf(text, item)
		items = append(items, item)
		return ok && !strings.HasSuffix(itself.kind, `List"`) && json.Valid([]byte(text[item.start:item.end]))
	})
	around := text[list.start:header.items.start] + "[]" + text[header.items.end:list.end]
	return items, ok && len(items) > 0 && json.Valid([]byte(around))
}

// typeHeader is what a map in JSON says that it is, as it is written.
type typeHeader struct {
	apiVersion, kind string
	// items is zero where there are none.
	items textRange
}

// typeOf reads what a map says that it is. It returns false where that is not said once, and plainly.
func typeOf(text string, of textRange) (typeHeader, bool) {
	var header typeHeader
	var names []string
	cutter := jsonCutter{text: text, offset: of.start}
	ok := cutter.each('{', '}', func(name string, value textRange) bool {
		written := text[value.start:value.end]
		switch name {
		case `"apiVersion"`:
			header.apiVersion = written
		case `"kind"`:
			header.kind = written
		case `"items"`:
			if written[0] == '[' {
				header.items = value
			}
		default:
			return !strings.Contains(name, `\`)
		}
		if slices.Contains(names, name) {
			return false
		}
		names = append(names, name)
		return true
	})
	return header, ok && isPlainText(header.apiVersion) && isPlainText(header.kind)
}

// isPlainText tells whether something is written in quotes, is not empty, and has nothing in it that is written in another way.
func isPlainText(written string) bool {
	return len(written) > len(`""`) && written[0] == '"' && !strings.Contains(written, `\`)
}
