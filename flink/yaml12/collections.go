package yaml12

func (p *parser) parseBlockSequence(node *Node) {
	p.next()
	for p.at(tokenBlockEntry) {
		p.parseEntry(node, tokenBlockEntry, tokenBlockEnd)
	}
	p.endBlock(node)
}

// parseIndentlessSequence reads a list whose dashes stand in the column of the key before it.
func (p *parser) parseIndentlessSequence(node *Node) {
	for p.at(tokenBlockEntry) {
		p.parseEntry(node, tokenBlockEntry, tokenKey, tokenValue, tokenBlockEnd)
	}
	endAtLastChild(node)
}

// parseEntry reads a dash and the value after it. There is none if one of the kinds follows.
func (p *parser) parseEntry(node *Node, none ...tokenKind) {
	dash := p.next()
	if p.at(none...) {
		p.addChild(node, p.emptyScalar(after(dash)))
		return
	}
	p.addChild(node, p.parseNode(true, false))
}

func (p *parser) parseBlockMapping(node *Node) {
	p.next()
	for p.at(tokenKey) {
		key := p.next()
		if p.at(tokenKey, tokenValue, tokenBlockEnd) {
			p.addChild(node, p.emptyScalar(after(key)))
		} else {
			p.addChild(node, p.parseNode(true, true))
		}
		p.addChild(node, p.parseBlockValue())
	}
	p.endBlock(node)
}

// parseBlockValue reads the value of a key. A scalar may follow a key that "?" introduced without any colon.
func (p *parser) parseBlockValue() *Node {
	if p.at(tokenScalar) {
		return p.parseNode(true, true)
	}
	if !p.at(tokenValue) {
		return p.emptyScalar(p.peekToken().start)
	}
	colon := p.next()
	if p.at(tokenKey, tokenValue, tokenBlockEnd) {
		return p.emptyScalar(after(colon))
	}
	return p.parseNode(true, true)
}

func (p *parser) endBlock(node *Node) {
	if !p.at(tokenBlockEnd) {
		refuse(p.peekToken().start, "this does not belong to what is before it; check the indentation")
	}
	p.next()
	endAtLastChild(node)
}

// endAtLastChild ends a block collection, which has no bracket of its own.
func endAtLastChild(node *Node) {
	if last := len(node.Children) - 1; last >= 0 {
		node.End = max(node.End, node.Children[last].End)
	}
}

func (p *parser) parseFlowSequence(node *Node) {
	p.next()
	for first := true; !p.at(tokenFlowSequenceEnd); first = false {
		if !first {
			if !p.at(tokenFlowEntry) {
				refuse(p.peekToken().start, "a list goes on with ',' or ends with ']'")
			}
			p.next()
		}
		switch {
		case p.at(tokenKey):
			p.addChild(node, p.parsePair())
		case !p.at(tokenFlowSequenceEnd):
			p.addChild(node, p.parseNode(false, false))
		}
	}
	node.End = p.next().end
}

// parsePair reads a single key and value in a list, which is a map of its own.
func (p *parser) parsePair() *Node {
	key := p.next()
	p.count(key.start)
	pair := &Node{Kind: Mapping, Style: Flow, Start: key.start, Properties: key.start}
	if p.at(tokenValue, tokenFlowEntry, tokenFlowSequenceEnd) {
		p.addChild(pair, p.emptyScalar(after(key)))
	} else {
		p.addChild(pair, p.parseNode(false, false))
	}
	p.addChild(pair, p.parseFlowValue(tokenFlowSequenceEnd))
	pair.End = pair.Children[1].End
	return pair
}

// parseFlowValue reads the value of a key within brackets that the given kind of token closes.
func (p *parser) parseFlowValue(end tokenKind) *Node {
	if !p.at(tokenValue) {
		return p.emptyScalar(p.peekToken().start)
	}
	colon := p.next()
	if p.at(tokenFlowEntry, end) {
		return p.emptyScalar(after(colon))
	}
	return p.parseNode(false, false)
}

func (p *parser) parseFlowMapping(node *Node) {
	p.next()
	for first := true; !p.at(tokenFlowMappingEnd); first = false {
		if !first {
			if !p.at(tokenFlowEntry) {
				refuse(p.peekToken().start, "a map goes on with ',' or ends with '}'")
			}
			p.next()
		}
		switch {
		case p.at(tokenKey):
			key := p.next()
			if p.at(tokenValue, tokenFlowEntry, tokenFlowMappingEnd) {
				p.addChild(node, p.emptyScalar(after(key)))
			} else {
				p.addChild(node, p.parseNode(false, false))
			}
			p.addChild(node, p.parseFlowValue(tokenFlowMappingEnd))
		case !p.at(tokenFlowMappingEnd):
			p.addChild(node, p.parseNode(false, false))
			p.addChild(node, p.emptyScalar(p.peekToken().start))
		}
	}
	node.End = p.next().end
}

func (p *parser) addChild(node, child *Node) { node.Children = append(node.Children, child) }

// after is the place behind a token of one character.
func after(indicator token) Mark {
	at := indicator.start
	return Mark{Offset: indicator.end, Line: at.Line, Column: at.Column + indicator.end - at.Offset}
}
