package yaml12

// tokenKind is what the scanner finds in a text.
type tokenKind uint8

const (
	tokenStreamEnd tokenKind = iota
	tokenDirective
	tokenDocumentStart
	tokenDocumentEnd
	tokenBlockSequenceStart
	tokenBlockMappingStart
	tokenBlockEnd
	tokenFlowSequenceStart
	tokenFlowSequenceEnd
	tokenFlowMappingStart
	tokenFlowMappingEnd
	tokenFlowEntry
	tokenBlockEntry
	tokenKey
	tokenValue
	tokenAlias
	tokenAnchor
	tokenTag
	tokenScalar
)

// token is a piece of a text.
type token struct {
	kind  tokenKind
	style Style
	// hasHandle tells whether a tag has a handle, "!" included; a verbatim tag has none.
	hasHandle bool
	// value of a scalar, name of an anchor, alias or directive, suffix of a tag.
	value string
	// handle of a tag or of a %TAG directive.
	handle string
	// prefix that a %TAG directive gives a handle.
	prefix string
	start  Mark
	end    int
}
