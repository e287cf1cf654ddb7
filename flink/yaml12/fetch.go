package yaml12

// Each of these reads one token at the cursor and adds it to the queue, with those that it implies.

func (s *scanner) fetchStreamEnd() {
	s.unwindIndent(-1)
	s.removeSimpleKey()
	s.allowSimpleKey = false
	s.simpleKeys = s.simpleKeys[:0]
	s.addHere(tokenStreamEnd, s.mark)
	s.done = true
}

func (s *scanner) fetchDirective() {
	s.unwindIndent(-1)
	s.removeSimpleKey()
	s.allowSimpleKey = false
	s.add(s.scanDirective())
}

func (s *scanner) fetchDocumentMarker(kind tokenKind) {
	s.unwindIndent(-1)
	s.removeSimpleKey()
	s.allowSimpleKey = false
	start := s.mark
	s.take(start.Offset + 3)
	s.add(token{kind: kind, start: start, end: s.mark.Offset})
}

// fetchIndicator adds a token of one character.
func (s *scanner) fetchIndicator(kind tokenKind) {
	start := s.mark
	s.forward()
	s.add(token{kind: kind, start: start, end: s.mark.Offset})
}

func (s *scanner) fetchFlowStart() {
	s.saveSimpleKey()
	s.flowLevel++
	if s.flowLevel > maxDepth {
		undecided(s.mark, "it nests deeper than what is read here")
	}
	s.allowSimpleKey = true
	kind := tokenFlowSequenceStart
	if s.peek() == '{' {
		kind = tokenFlowMappingStart
	}
	s.fetchIndicator(kind)
}

func (s *scanner) fetchFlowEnd() {
	if s.flowLevel == 0 {
		refuse(s.mark, "this bracket closes nothing")
	}
	s.removeSimpleKey()
	s.flowLevel--
	s.allowSimpleKey = false
	kind := tokenFlowSequenceEnd
	if s.peek() == '}' {
		kind = tokenFlowMappingEnd
	}
	s.fetchIndicator(kind)
}

func (s *scanner) fetchFlowEntry() {
	s.allowSimpleKey = true
	s.removeSimpleKey()
	s.fetchIndicator(tokenFlowEntry)
}

// startBlock begins a block collection at the cursor unless one begins in this column already.
func (s *scanner) startBlock(kind tokenKind, refusal string) {
	if s.flowLevel > 0 {
		return
	}
	if !s.allowSimpleKey {
		refuse(s.mark, refusal)
	}
	if s.addIndent(s.mark.Column) {
		s.addHere(kind, s.mark)
	}
}

func (s *scanner) fetchBlockEntry() {
	s.startBlock(tokenBlockSequenceStart, "an entry of a list cannot stand here")
	s.allowSimpleKey = true
	s.removeSimpleKey()
	s.fetchIndicator(tokenBlockEntry)
}

func (s *scanner) fetchKey() {
	s.startBlock(tokenBlockMappingStart, "a key cannot stand here")
	s.allowSimpleKey = s.flowLevel == 0
	s.removeSimpleKey()
	s.fetchIndicator(tokenKey)
}

// fetchValue reads a colon. The place that may be a key, if there is one, is a key now, and the token that says so goes before
// it.
func (s *scanner) fetchValue() {
	if key, ok := s.takeSimpleKey(); ok {
		s.insert(key.token, tokenKey, key.mark)
		if s.flowLevel == 0 && s.addIndent(key.mark.Column) {
			s.insert(key.token, tokenBlockMappingStart, key.mark)
		}
		s.allowSimpleKey = false
	} else {
		s.startBlock(tokenBlockMappingStart, "a second colon on this line makes it unreadable; put the value into quotes")
		s.allowSimpleKey = s.flowLevel == 0
	}
	s.fetchIndicator(tokenValue)
}

func (s *scanner) fetchAnchor() {
	s.saveSimpleKey()
	s.allowSimpleKey = false
	s.add(s.scanAnchor())
}

func (s *scanner) fetchTag() {
	s.saveSimpleKey()
	s.allowSimpleKey = false
	s.add(s.scanTag())
}

// fetchScalar reads a plain or quoted scalar. A plain one that ends at a line break allows a key after it.
func (s *scanner) fetchScalar(scan func() token) {
	s.saveSimpleKey()
	s.allowSimpleKey = false
	s.add(scan())
}

func (s *scanner) fetchBlockScalar() {
	s.allowSimpleKey = true
	s.removeSimpleKey()
	s.add(s.scanBlockScalar())
}
