package yaml12

import "slices"

// maxSimpleKey is how many characters may stand between the start of a key and its colon (ScannerImpl). A longer key has to
// be introduced by "?".
const maxSimpleKey = 1024

// maxDepth bounds how deep collections may nest. Flink has no such bound but the size of its stack.
const maxDepth = 200

// scanner cuts a text into tokens as org.snakeyaml.engine.v2.scanner.ScannerImpl does. That something is a key shows only at
// the colon behind it, so tokens wait in a queue until it is clear that none has to be put before them.
type scanner struct {
	cursor
	// queue holds tokens from head on.
	queue []token
	head  int
	// taken counts the tokens that have left the queue.
	taken int
	done  bool
	// indent is the column of the innermost block collection, -1 outside all of them.
	indent  int
	indents []int
	// flowLevel counts the brackets that are open. In them, indentation means nothing.
	flowLevel int
	// allowSimpleKey tells whether a key without "?" may begin here.
	allowSimpleKey bool
	// simpleKeys are the places that may turn out to be keys, at most one for each flow level, outermost first.
	simpleKeys []simpleKey
}

type simpleKey struct {
	flowLevel int
	// token is the number of the token that begins the key.
	token int
	// required is true where nothing but a key can stand.
	required bool
	index    int
	mark     Mark
}

// peekToken returns the next token and leaves it in the queue.
func (s *scanner) peekToken() *token {
	for s.needsMoreTokens() {
		s.fetchMoreTokens()
	}
	return &s.queue[s.head]
}

// next takes the next token out of the queue.
func (s *scanner) next() token {
	taken := *s.peekToken()
	s.taken++
	if s.head++; s.head*2 >= len(s.queue) {
		s.queue = s.queue[:copy(s.queue, s.queue[s.head:])]
		s.head = 0
	}
	return taken
}

func (s *scanner) waiting() int { return len(s.queue) - s.head }

func (s *scanner) needsMoreTokens() bool {
	if s.done {
		return false
	}
	if s.waiting() == 0 {
		return true
	}
	s.dropStaleKeys()
	return len(s.simpleKeys) > 0 && s.simpleKeys[0].token == s.taken
}

func (s *scanner) add(added token) { s.queue = append(s.queue, added) }

// addHere adds a token that takes up nothing of the text.
func (s *scanner) addHere(kind tokenKind, at Mark) {
	s.add(token{kind: kind, start: at, end: at.Offset})
}

// insert puts a token that takes up nothing before the one of that number.
func (s *scanner) insert(number int, kind tokenKind, at Mark) {
	s.queue = slices.Insert(s.queue, s.head+number-s.taken, token{kind: kind, start: at, end: at.Offset})
}

func (s *scanner) fetchMoreTokens() {
	s.skipToNextToken()
	s.dropStaleKeys()
	s.unwindIndent(s.mark.Column)
	r := s.peek()
	if fetch := s.fetcher(r); fetch != nil {
		fetch(s)
		return
	}
	if s.startsPlain(r) {
		s.fetchScalar(s.scanPlain)
		return
	}
	if r == '\t' {
		refuse(s.mark, "a tab cannot stand here; YAML is indented with spaces")
	}
	refuse(s.mark, "a value cannot begin with this character; put it into quotes")
}

// fetcher is what reads the token that begins with a character, nil where that is a plain scalar or nothing at all.
func (s *scanner) fetcher(r rune) func(*scanner) {
	switch r {
	case 0:
		return (*scanner).fetchStreamEnd
	case '[', '{':
		return (*scanner).fetchFlowStart
	case ']', '}':
		return (*scanner).fetchFlowEnd
	case ',':
		return (*scanner).fetchFlowEntry
	case '*', '&':
		return (*scanner).fetchAnchor
	case '!':
		return (*scanner).fetchTag
	case '\'', '"':
		return func(s *scanner) { s.fetchScalar(s.scanQuoted) }
	case '|', '>':
		if s.flowLevel == 0 {
			return (*scanner).fetchBlockScalar
		}
	case '-', '.', '%':
		return s.lineStartFetcher(r)
	case '?':
		if isBlank(s.peekSecond()) {
			return (*scanner).fetchKey
		}
	case ':':
		if s.flowLevel > 0 || isBlank(s.peekSecond()) {
			return (*scanner).fetchValue
		}
	}
	return nil
}

// lineStartFetcher knows what means something special at the start of a line.
func (s *scanner) lineStartFetcher(r rune) func(*scanner) {
	atStart := s.mark.Column == 0
	switch {
	case r == '%' && atStart:
		return (*scanner).fetchDirective
	case r == '-' && atStart && s.atDocumentMarker("---"):
		return func(s *scanner) { s.fetchDocumentMarker(tokenDocumentStart) }
	case r == '.' && atStart && s.atDocumentMarker("..."):
		return func(s *scanner) { s.fetchDocumentMarker(tokenDocumentEnd) }
	case r == '-' && isBlank(s.peekSecond()):
		return (*scanner).fetchBlockEntry
	}
	return nil
}

// startsPlain tells whether a plain scalar may begin with a character.
func (s *scanner) startsPlain(r rune) bool {
	if isBlank(r) {
		return false
	}
	next := s.peekSecond()
	switch r {
	case '-', '?':
		return !isBlank(next) && (s.flowLevel == 0 || next != ',' && next != ']')
	case ':':
		return s.flowLevel == 0 && !isBlank(next)
	case ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		return false
	}
	return true
}

// skipToNextToken steps over spaces, comments and line breaks. A comment needs no space before it here.
func (s *scanner) skipToNextToken() {
	if s.index == 0 && s.peek() == byteOrderMark {
		s.forward()
	}
	for {
		s.skipSpaces()
		if s.peek() == '#' {
			s.take(s.lineEnd())
		}
		if s.scanLineBreak() == "" {
			return
		}
		if s.flowLevel == 0 {
			s.allowSimpleKey = true
		}
	}
}

// dropStaleKeys forgets places that can no longer be keys: those on another line, or too far back.
func (s *scanner) dropStaleKeys() {
	s.simpleKeys = slices.DeleteFunc(s.simpleKeys, func(key simpleKey) bool {
		stale := key.mark.Line != s.mark.Line || s.index-key.index > maxSimpleKey
		if stale && key.required {
			refuse(key.mark, "there is no colon after this key")
		}
		return stale
	})
}

// saveSimpleKey remembers that the next token may begin a key.
func (s *scanner) saveSimpleKey() {
	required := s.flowLevel == 0 && s.indent == s.mark.Column
	if !s.allowSimpleKey {
		if required {
			refuse(s.mark, "a key has to be the first on its line")
		}
		return
	}
	s.removeSimpleKey()
	s.simpleKeys = append(s.simpleKeys, simpleKey{
		flowLevel: s.flowLevel, token: s.taken + s.waiting(), required: required, index: s.index, mark: s.mark,
	})
}

// takeSimpleKey removes and returns the place of the current flow level that may be a key.
func (s *scanner) takeSimpleKey() (simpleKey, bool) {
	last := len(s.simpleKeys) - 1
	if last < 0 || s.simpleKeys[last].flowLevel != s.flowLevel {
		return simpleKey{}, false
	}
	key := s.simpleKeys[last]
	s.simpleKeys = s.simpleKeys[:last]
	return key, true
}

func (s *scanner) removeSimpleKey() {
	if key, ok := s.takeSimpleKey(); ok && key.required {
		refuse(key.mark, "there is no colon after this key")
	}
}

// unwindIndent ends the block collections that lie deeper than a column.
func (s *scanner) unwindIndent(column int) {
	if s.flowLevel > 0 {
		return
	}
	for s.indent > column {
		s.indent = s.indents[len(s.indents)-1]
		s.indents = s.indents[:len(s.indents)-1]
		s.addHere(tokenBlockEnd, s.mark)
	}
}

// addIndent begins a block collection if a column lies deeper than the innermost one.
func (s *scanner) addIndent(column int) bool {
	if s.indent >= column {
		return false
	}
	s.indents = append(s.indents, s.indent)
	s.indent = column
	return true
}
