package manifest

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/flink/textedit"
	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// layout is where a node of a document is written.
type layout struct {
	node *yaml.Node
	// start is where its tag or anchor begins, begin its content, and end is the offset behind it. What is left out, as in "key:",
	// has all three at one place.
	start, begin, end int
	// column of the content, from 0.
	column int
	// flow is set for what stands between braces or brackets, and for these themselves.
	flow bool
	// children of a list, or the keys and values of a map in turn.
	children []*layout
}

// layouts are those of all nodes of a document.
type layouts struct {
	text string
	root *layout
	of   map[*yaml.Node]*layout
}

var errNotDrawn = errors.New("how the document is written is not understood here; edit it by hand")

// draw finds out where the nodes of the document are written. yaml.v3 does not say where a node ends, and the parser that follows
// Flink's does: the two are laid side by side, and where they do not agree the document is not edited.
func (d *Document) draw() (*layouts, error) {
	all := &layouts{text: d.text, of: map[*yaml.Node]*layout{}}
	if d.isJSON {
		all.root = all.json(d.tree().root)
		return all, nil
	}
	root, err := yaml12.Parse(d.text)
	if err != nil || root == nil {
		return nil, errNotDrawn
	}
	all.root, err = all.pair(d.tree().root, root, false)
	return all, err
}

func (l *layouts) pair(node *yaml.Node, drawn *yaml12.Node, inFlow bool) (*layout, error) {
	kinds := map[yaml12.Kind]yaml.Kind{
		yaml12.Scalar: yaml.ScalarNode, yaml12.Sequence: yaml.SequenceNode, yaml12.Mapping: yaml.MappingNode, yaml12.Alias: yaml.AliasNode,
	}
	if kinds[drawn.Kind] != node.Kind || len(node.Content) != len(drawn.Children) || drawn.Kind == yaml12.Scalar && node.Value != drawn.Value {
		return nil, errNotDrawn
	}
	at := &layout{
		node: node, start: drawn.Properties.Offset, begin: drawn.Start.Offset, end: drawn.End, column: drawn.Start.Column,
		flow: inFlow || drawn.Style == yaml12.Flow,
	}
	l.of[node] = at
	for i, child := range node.Content {
		below, err := l.pair(child, drawn.Children[i], at.flow)
		if err != nil {
			return nil, err
		}
		if below.isLeftOut() {
			l.settle(at, below, i)
		}
		at.children = append(at.children, below)
	}
	if at.isBlock() && len(at.children) > 0 {
		at.end = max(at.end, at.children[len(at.children)-1].end)
	}
	return at, nil
}

// settle puts what is left out right behind its colon or dash. The parser has it where the next thing begins.
func (l *layouts) settle(parent, below *layout, i int) {
	switch {
	case parent.node.Kind == yaml.MappingNode && i%2 == 1:
		below.end = l.colonEnd(parent.children[i-1])
	case parent.isBlock() && parent.node.Kind == yaml.SequenceNode:
		below.end = l.dashOf(parent, i) + 1
	}
	below.start, below.begin = below.end, below.end
}

// dashOf is where the dash of an item of a block list stands.
func (l *layouts) dashOf(list *layout, i int) int {
	if i == 0 {
		return list.begin
	}
	at := list.children[i-1].last().end
	for at < len(l.text) && l.text[at] != '-' {
		if l.text[at] == '#' {
			at = textedit.LineEnd(l.text, at)
			continue
		}
		at++
	}
	return at
}

// colonEnd is behind the colon that follows a key, and behind the key if there is none.
func (l *layouts) colonEnd(key *layout) int {
	at := key.end
	for at < len(l.text) && (l.text[at] == ' ' || l.text[at] == '\t') {
		at++
	}
	if at < len(l.text) && l.text[at] == ':' {
		return at + 1
	}
	return key.end
}

// isBlock tells whether the node is a map or a list that is written by indentation.
func (l *layout) isBlock() bool {
	return !l.flow && l.node.Kind != yaml.ScalarNode && l.node.Kind != yaml.AliasNode
}

// isBlockScalar tells whether the node is written with | or >.
func (l *layout) isBlockScalar() bool {
	return l.node.Kind == yaml.ScalarNode && l.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// isLeftOut tells whether nothing is written where the node is.
func (l *layout) isLeftOut() bool { return l.start == l.end }

// last is the node that ends where this one does.
func (l *layout) last() *layout {
	for l.isBlock() && len(l.children) > 0 {
		l = l.children[len(l.children)-1]
	}
	return l
}

// json draws a node of JSON.
func (l *layouts) json(node *yaml.Node) *layout {
	at := &layout{node: node, start: node.Column, begin: node.Column, flow: true}
	l.of[node] = at
	for _, child := range node.Content {
		at.children = append(at.children, l.json(child))
	}
	switch {
	case node.Kind != yaml.ScalarNode:
		at.end = node.Column + 1
		if last := len(at.children) - 1; last >= 0 {
			at.end = at.children[last].end
		}
		at.end += strings.IndexAny(l.text[at.end:], "}]") + 1
	case l.text[node.Column] == '"':
		reader := jsonReader{text: l.text, offset: node.Column}
		reader.scalar(&yaml.Node{})
		at.end = reader.offset
	default:
		at.end = node.Column + len(node.Value)
	}
	return at
}
