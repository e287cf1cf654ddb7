package yaml12

import (
	"slices"
	"strings"
)

// maxNodes bounds how many nodes a text may have: each takes some hundred bytes of memory.
const maxNodes = 200_000

// maxCollectionAliases is how many aliases of collections snakeyaml-engine takes (LoadSettings.getMaxAliasesForCollections).
const maxCollectionAliases = 50

// coreTagPrefix is what "!!" stands for.
const coreTagPrefix = "tag:yaml.org,2002:"

// parser puts tokens together to nodes, as ParserImpl and Composer do.
type parser struct {
	scanner
	handles           map[string]string
	anchors           map[string]*Node
	collectionAliases int
	nodes, depth      int
}

// Parse reads a text that holds one document and returns its root, nil if there is none. The error is a RefusedError where
// Flink would not load the text, and an UndecidedError where that is not known here. The text is bounded by its caller; time
// and memory are linear in it.
func Parse(text string) (root *Node, err error) {
	defer catch(&err)
	checkCharacters(text)
	p := parser{scanner: scanner{cursor: cursor{text: text}, indent: -1, allowSimpleKey: true}}
	if strings.HasPrefix(text, string(byteOrderMark)) {
		p.mark.Offset = len(string(byteOrderMark))
	}
	return p.parseStream(), nil
}

// at tells whether the next token is of one of the kinds.
func (p *parser) at(kinds ...tokenKind) bool {
	return slices.Contains(kinds, p.peekToken().kind)
}

func (p *parser) parseStream() *Node {
	p.handles = defaultHandles()
	var root *Node
	switch {
	case p.at(tokenStreamEnd):
		return nil
	case p.at(tokenDirective, tokenDocumentStart):
		root = p.parseExplicitDocument()
	default:
		root = p.parseNode(true, false)
	}
	if p.at(tokenDirective) {
		refuse(p.peekToken().start, "a directive has to stand before the document")
	}
	for p.at(tokenDocumentEnd) {
		p.next()
	}
	switch {
	case p.at(tokenDirective, tokenDocumentStart):
		refuse(p.peekToken().start, "there is more than one document")
	case !p.at(tokenStreamEnd):
		refuse(p.peekToken().start, "this does not belong to what is before it; check the indentation")
	}
	return root
}

// parseExplicitDocument reads a document that begins with directives or "---".
func (p *parser) parseExplicitDocument() *Node {
	p.parseDirectives()
	if !p.at(tokenDocumentStart) {
		refuse(p.peekToken().start, "a directive is followed by ---")
	}
	p.next()
	if p.at(tokenDirective, tokenDocumentStart, tokenDocumentEnd, tokenStreamEnd) {
		return p.emptyScalar(p.peekToken().start)
	}
	return p.parseNode(true, false)
}

func defaultHandles() map[string]string { return map[string]string{"!": "!", "!!": coreTagPrefix} }

func (p *parser) parseDirectives() {
	versionSeen, declared := false, map[string]bool{}
	for p.at(tokenDirective) {
		directive := p.next()
		switch directive.value {
		case "YAML":
			if versionSeen {
				refuse(directive.start, "%YAML stands twice")
			}
			versionSeen = true
		case "TAG":
			if declared[directive.handle] {
				refuse(directive.start, "%TAG gives a handle twice")
			}
			declared[directive.handle] = true
			p.handles[directive.handle] = directive.prefix
		}
	}
}

// emptyScalar is what stands where nothing is written.
func (p *parser) emptyScalar(at Mark) *Node {
	p.count(at)
	return &Node{Kind: Scalar, Style: Plain, Start: at, Properties: at, End: at.Offset}
}

func (p *parser) count(at Mark) {
	if p.nodes++; p.nodes > maxNodes {
		undecided(at, "it is larger than what is read here")
	}
}

// nodeProperties are what may stand before the content of a node.
type nodeProperties struct {
	present     bool
	start       Mark
	end         Mark
	anchor, tag string
}

func (p *parser) parseProperties() nodeProperties {
	var found nodeProperties
	hasAnchor, hasTag := false, false
	for p.at(tokenAnchor) && !hasAnchor || p.at(tokenTag) && !hasTag {
		next := p.next()
		if !found.present {
			found.present, found.start = true, next.start
		}
		found.end = Mark{Offset: next.end, Line: next.start.Line, Column: next.start.Column + next.end - next.start.Offset}
		if next.kind == tokenAnchor {
			hasAnchor, found.anchor = true, next.value
			continue
		}
		hasTag, found.tag = true, p.resolveTag(next)
	}
	return found
}

// resolveTag replaces the handle of a tag by its prefix.
func (p *parser) resolveTag(tag token) string {
	if !tag.hasHandle {
		return tag.value
	}
	prefix, ok := p.handles[tag.handle]
	if !ok {
		refuse(tag.start, "no %TAG gives the handle of this tag")
	}
	if resolved := prefix + tag.value; strings.TrimFunc(resolved, func(r rune) bool { return r <= ' ' }) == resolved {
		return resolved
	}
	refuse(tag.start, "a tag cannot begin or end with a space")
	return ""
}

// parseNode reads a node. block allows block collections, indentless a list at the indentation of the key that it belongs to.
func (p *parser) parseNode(block, indentless bool) *Node {
	start := p.peekToken().start
	p.count(start)
	if p.at(tokenAlias) {
		return p.parseAlias(p.next())
	}
	properties := p.parseProperties()
	next := p.peekToken()
	node := &Node{Tag: properties.tag, Start: next.start, Properties: next.start, End: next.end}
	if properties.present {
		node.Properties = properties.start
	}
	if indentless && next.kind == tokenBlockEntry {
		node.Kind, node.Style = Sequence, Block
		p.collect(node, properties.anchor, p.parseIndentlessSequence)
		return node
	}
	switch kind := next.kind; {
	case kind == tokenScalar:
		scalar := p.next()
		node.Kind, node.Style, node.Value = Scalar, scalar.style, scalar.value
		p.register(properties.anchor, node)
	case kind == tokenFlowSequenceStart:
		node.Kind, node.Style = Sequence, Flow
		p.collect(node, properties.anchor, p.parseFlowSequence)
	case kind == tokenFlowMappingStart:
		node.Kind, node.Style = Mapping, Flow
		p.collect(node, properties.anchor, p.parseFlowMapping)
	case kind == tokenBlockSequenceStart && block:
		node.Kind, node.Style = Sequence, Block
		p.collect(node, properties.anchor, p.parseBlockSequence)
	case kind == tokenBlockMappingStart && block:
		node.Kind, node.Style = Mapping, Block
		p.collect(node, properties.anchor, p.parseBlockMapping)
	case properties.present:
		node.Kind, node.Start, node.End = Scalar, properties.end, properties.end.Offset
		p.register(properties.anchor, node)
	default:
		refuse(next.start, "there is no value where one must be; check quotes, brackets and indentation")
	}
	return node
}

func (p *parser) register(anchor string, node *Node) {
	if anchor == "" {
		return
	}
	if p.anchors == nil {
		p.anchors = map[string]*Node{}
	}
	p.anchors[anchor] = node
}

// collect reads the children of a collection.
func (p *parser) collect(node *Node, anchor string, children func(*Node)) {
	p.register(anchor, node)
	if p.depth++; p.depth > maxDepth {
		undecided(node.Start, "it nests deeper than what is read here")
	}
	node.open = true
	children(node)
	node.open = false
	p.depth--
}

func (p *parser) parseAlias(alias token) *Node {
	target, ok := p.anchors[alias.value]
	if !ok {
		refuse(alias.start, "the alias has no anchor before it")
	}
	if target.Kind != Scalar {
		if p.collectionAliases++; p.collectionAliases > maxCollectionAliases {
			refuse(alias.start, "there are more than 50 aliases of maps and lists")
		}
	}
	if target.open {
		target.recursive = true
	}
	return &Node{Kind: Alias, Target: target, Start: alias.start, Properties: alias.start, End: alias.end}
}
