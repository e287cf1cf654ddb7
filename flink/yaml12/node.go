package yaml12

// Mark is a place in a text. All three count from 0.
type Mark struct {
	// Offset in bytes.
	Offset int
	// Line as snakeyaml-engine counts them: LF, CR and CR LF end one, no other character does.
	Line int
	// Column in characters. A byte order mark takes none.
	Column int
}

// Kind is what a node is.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	Sequence
	Mapping
	// Alias stands for the node that has its anchor.
	Alias
)

// Style is how a node is written.
type Style uint8

// The styles. Block and Flow are those of sequences and mappings, the others those of scalars.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
	Block
	Flow
)

// Node is a part of a text.
type Node struct {
	Kind  Kind
	Style Style
	// recursive is set on a collection that contains an alias to itself.
	recursive bool
	// open is set while the collection is being read.
	open bool
	// Tag is the tag as it resolves, "" where none is written.
	Tag string
	// Value of a scalar, with quotes, escapes and line folding undone.
	Value string
	// Children of a sequence, or the keys and values of a mapping in turn.
	Children []*Node
	// Target of an alias.
	Target *Node
	// Start is where the content begins, Properties where its anchor or tag does (Start, where it has neither), End the
	// offset after its last byte. What is left out, as in "key:", has Start and End at the same place.
	Start, Properties Mark
	End               int
}

// Resolve follows an alias to the node that it stands for.
func (n *Node) Resolve() *Node {
	if n.Kind == Alias {
		return n.Target
	}
	return n
}
