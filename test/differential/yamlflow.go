package differential

import "strings"

// flow writes a list or a map in brackets.
func (w *yamlWriter) flow(depth int) {
	if w.chance(70) {
		w.flowSequence(depth)
		return
	}
	w.flowMapping(depth)
}

// flowSpace is what may stand between the tokens of a flow collection.
func (w *yamlWriter) flowSpace() {
	switch {
	case w.trap(3):
		w.put(w.pick("", "\n", "\n  ", "\t", " # c\n ", "\n\n ", "\r\n ", "#c\n", " \n# c\n  ", "\u2028 ", "\n\t", "\n- ", "\n---\n", "\u0085 "))
	case w.chance(4):
		w.put("\n   ")
	default:
		w.put(w.pick("", " ", " "))
	}
}

func (w *yamlWriter) flowSequence(depth int) {
	w.put("[")
	count := w.random.IntN(4)
	for i := range count {
		w.flowSpace()
		if w.trap(5) {
			w.put(w.pick(oddItems()...))
		} else {
			w.flowNode(depth)
		}
		if i < count-1 || w.chance(8) || w.trap(3) {
			w.put(w.pick(",", ",", ", ", " ,", ","))
		}
	}
	w.flowSpace()
	if !w.trap(2) {
		w.put("]")
	}
}

func (w *yamlWriter) flowMapping(depth int) {
	w.put("{")
	used := map[string]bool{}
	count := w.random.IntN(4)
	for i := range count {
		w.flowSpace()
		if w.trap(5) {
			w.put(w.pick(oddPairs()...))
		} else {
			w.flowPair(depth, used)
		}
		if i < count-1 || w.chance(8) || w.trap(3) {
			w.put(",")
		}
	}
	w.flowSpace()
	if !w.trap(2) {
		w.put("}")
	}
}

func (w *yamlWriter) flowPair(depth int, used map[string]bool) {
	key := w.pick(segments()...)
	switch choice := w.random.IntN(100); {
	case choice < 10:
		key = w.pick(`"a b"`, `'c'`, `"\n"`, "1", "true", "1.0", "a b", `"#"`, `" "`, `"1"`)
	case choice < 13:
		key = w.pick("[]", "{}", "[a]", "{a: b}", "[a, b]", `""`, "? a", `"`+w.escapes()+`"`)
	case choice == 13: // a dumper writes keys of 128 characters and more in another way
		key = w.pick("", `"`, "'") + strings.Repeat(w.pick("k", "é", "😀", "k ", ":k"), 115+w.random.IntN(15))
		if key[0] == '"' || key[0] == '\'' {
			key += key[:1]
		}
	}
	for used[key] && !w.trap(10) {
		key = w.word() + key
	}
	used[key] = true
	w.put(key, w.pick(":", ":", ":", " :"), w.pick(" ", " ", "  "))
	w.flowNode(depth)
}

func (w *yamlWriter) flowNode(depth int) {
	if len(w.anchors) > 0 && w.chance(8) {
		w.put("*", w.anchor(), w.pick("", " "))
		return
	}
	defer w.properties()()
	if depth < maxNesting && w.chance(20) {
		w.flow(depth + 1)
		return
	}
	w.put(w.scalar(inFlow))
}
