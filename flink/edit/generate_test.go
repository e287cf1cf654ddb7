package edit

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// generator writes files of many shapes that Flink loads, and edits of them.
type generator struct {
	*rand.Rand
	text      strings.Builder
	lineBreak string
	step      int
	// hazards allows what cannot always be edited: anchors, aliases, and texts whose end depends on what follows.
	hazards  bool
	anchors  int
	comments int
}

func newGenerator(seed uint64, hazards bool) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), hazards: hazards}
	g.lineBreak = g.pick("\n", "\n", "\n", "\r\n", "\r")
	g.step = 1 + g.IntN(4)
	return g
}

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) file(loader flink.Loader) string {
	if loader == flink.LoaderLegacy {
		return g.legacyFile()
	}
	return g.standardFile()
}

func (g *generator) key() string {
	return g.pick("high-availability.type", "high-availability.storageDir", "high-availability.cluster-id", "kubernetes.cluster-id",
		"high-availability", "a", "a.b", "a.b.c", "a.c", "b", "b.c", "b.c.d", "rest.port", "x y", "jobmanager.rpc.address")
}

func (g *generator) value(loader flink.Loader) string {
	value := g.pick("kubernetes", "s3://b/ha", "0123", "1", "1.50", "true", "True", "null", "~", "a: b", "'a'", `"a"`, "*a", "&a", "- a", "{a}", "[a, b]", "a,b",
		"é", "%a", "@", "it's", "back\\slash", "|", ">", "!x", "1e3", ".inf", "${A}", "<<", "=", "?", "a:b", "x ", " x", "", "a #b", "#", "a\nb", "\ta", "x\u2028", "\x7f")
	if loader == flink.LoaderLegacy && unfitForLegacy("k", value) != "" {
		return "plain"
	}
	return value
}

func (g *generator) comment() string {
	g.comments++
	return fmt.Sprintf("# comment %d: x", g.comments)
}

func (g *generator) legacyFile() string {
	for range g.IntN(8) {
		switch g.IntN(8) {
		case 0:
			g.text.WriteString(g.pick("", "  ", g.comment(), "a:b", g.key()+":"+g.value(flink.LoaderLegacy), g.key()+":", "---", "- a", g.key()))
		case 1:
			g.text.WriteString(g.pick(" ", "\t", "  ") + g.key() + g.pick(": ", ":  ", " : ", ": \t") + g.value(flink.LoaderLegacy) + g.pick("", " ", "\t"))
		default:
			g.text.WriteString(g.key() + ": " + g.value(flink.LoaderLegacy))
		}
		if g.chance(20) {
			g.text.WriteString(g.pick(" ", "", "\t") + g.comment())
		}
		g.text.WriteString(g.lineBreak)
	}
	return g.withoutFinalBreak()
}

func (g *generator) withoutFinalBreak() string {
	if g.chance(20) {
		return strings.TrimSuffix(g.text.String(), g.lineBreak)
	}
	return g.text.String()
}

func (g *generator) standardFile() string {
	if g.chance(5) {
		g.text.WriteString(byteOrderMark)
	}
	if g.chance(10) {
		g.text.WriteString(g.pick("---", "%YAML 1.2"+g.lineBreak+"---", "--- "+g.comment()) + g.lineBreak)
	}
	switch {
	case g.chance(5):
		g.text.WriteString(g.pick("{}", "", g.comment(), "~") + g.lineBreak)
	case g.chance(6):
		g.flowMap(0, 3)
		g.text.WriteString(g.lineBreak)
	default:
		g.blockMap(0, 1+g.IntN(5))
	}
	if g.chance(20) {
		g.text.WriteString(g.comment() + g.lineBreak)
	}
	if g.chance(5) {
		g.text.WriteString("..." + g.lineBreak)
	}
	return g.withoutFinalBreak()
}

// segment is a key of a map; no two in a map are alike.
func (g *generator) segment(used map[string]bool) (string, bool) {
	key := g.pick("high-availability", "type", "storageDir", "a", "b", "c", "a.b", "b.c", "kubernetes.cluster-id", "high-availability.type", "d", "x y")
	if used[key] {
		return "", false
	}
	used[key] = true
	return g.pick(key, key, key, `"`+key+`"`, "'"+key+"'"), true
}

func (g *generator) blockMap(column, entries int) {
	used := map[string]bool{}
	for range entries {
		key, ok := g.segment(used)
		if !ok {
			continue
		}
		indentation := strings.Repeat(" ", column)
		if g.chance(15) {
			g.text.WriteString(g.pick("", indentation+g.comment(), g.comment()) + g.lineBreak)
		}
		g.text.WriteString(indentation + key + ":")
		g.blockValue(column)
	}
	if len(used) == 0 {
		panic("a map has an entry at least")
	}
}

func (g *generator) blockValue(column int) {
	inner := column + g.step
	indentation := strings.Repeat(" ", inner)
	switch choice := g.IntN(20); {
	case choice < 5 && column < 12:
		g.endLine()
		g.blockMap(inner, 1+g.IntN(3))
	case choice == 5:
		g.text.WriteString(" ")
		g.flowMap(column, 2)
		g.endLine()
	case choice == 6:
		g.endLine()
		if g.chance(30) {
			indentation = strings.Repeat(" ", column)
		}
		g.text.WriteString(indentation + "- x" + g.lineBreak + indentation + "- " + g.comment() + g.lineBreak + indentation + "  y" + g.lineBreak)
	case choice == 7 && g.hazards:
		g.text.WriteString(g.pick(" |", " >", " |-", " |+", " >+ "+g.comment()) + g.lineBreak)
		g.text.WriteString(indentation + "text" + g.lineBreak + g.pick("", g.lineBreak) + indentation + "more" + g.lineBreak + g.pick("", g.lineBreak))
	case choice == 8:
		g.text.WriteString(g.lineBreak + indentation + g.scalar(false))
		g.endLine()
	case choice == 9 && g.hazards:
		g.anchors++
		fmt.Fprintf(&g.text, " &x%d", g.anchors)
		if g.chance(50) && column < 12 {
			g.endLine()
			g.blockMap(inner, 2)
			return
		}
		g.text.WriteString(" " + g.scalar(false))
		g.endLine()
	case choice == 10 && g.anchors > 0:
		fmt.Fprintf(&g.text, " *x%d", 1+g.IntN(g.anchors))
		g.endLine()
	default:
		g.text.WriteString(g.pick(" ", "  ") + g.pick("", "", "", "!!str ") + g.scalar(false))
		g.endLine()
	}
}

func (g *generator) endLine() {
	if g.chance(20) {
		g.text.WriteString(" " + g.comment())
	}
	g.text.WriteString(g.lineBreak)
}

func (g *generator) scalar(inFlow bool) string {
	if g.chance(20) && !inFlow {
		return g.pick("a,b", "[x, y]", "two words"+g.lineBreak+strings.Repeat(" ", 30)+"three", "{x}"[1:2])
	}
	return g.pick("kubernetes", "s3://b/ha", "0123", "1", "1.50", "true", "'it''s'", `"x\ny"`, "''", "é", "a#b", "'# no'", `"a: b"`, "two words")
}

func (g *generator) flowMap(column, entries int) {
	used := map[string]bool{}
	lines := g.chance(30)
	separator := ""
	g.text.WriteString("{")
	for range entries {
		key, ok := g.segment(used)
		if !ok {
			continue
		}
		g.text.WriteString(separator)
		separator = g.pick(", ", ",", " , ")
		if lines {
			if separator = ","; g.chance(30) {
				g.text.WriteString(" " + g.comment())
			}
			g.text.WriteString(g.lineBreak + strings.Repeat(" ", column+g.step))
		}
		g.text.WriteString(key + ": ")
		if g.chance(15) && column < 12 {
			g.flowMap(column+g.step, 2)
		} else {
			g.text.WriteString(g.scalar(true))
		}
	}
	if lines {
		g.text.WriteString(g.pick(",", "") + g.lineBreak + strings.Repeat(" ", column+1))
	}
	g.text.WriteString("}")
}
