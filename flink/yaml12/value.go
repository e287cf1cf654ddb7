package yaml12

import (
	"slices"
	"strconv"
	"strings"
)

// ValueKind is what a value is to Java.
type ValueKind uint8

// The kinds.
const (
	NullValue ValueKind = iota
	BoolValue
	IntValue
	FloatValue
	TextValue
	ListValue
	MapValue
	SetValue
)

// Value is what snakeyaml-engine makes of a node.
type Value struct {
	Kind ValueKind
	// Text of a scalar, as Configuration.toMap has it.
	Text string
	// Items of a list.
	Items []*Value
	// Entries of a map, or of a set, where only the keys count, in the order in which they are written.
	Entries []Entry
	// Recursive is set on a collection that contains itself.
	Recursive bool
	// Unknown says why the text that Java has for a scalar is not known here.
	Unknown string

	// identity is the same for two values that are equal in Java; it is given when the value becomes a key.
	identity int
	building bool
}

// Entry is a key of a map with its value, and where both are written. A node may be an alias.
type Entry struct {
	Key, Value         *Value
	KeyNode, ValueNode *Node
}

// Load reads a text as Flink's parser does and returns the value of its document: nil for an empty text, a null or comments
// only. For errors and bounds see Parse. A key that is written twice is refused, and the value is returned all the same.
func Load(text string) (value *Value, err error) {
	root, err := Parse(text)
	if err != nil || root == nil {
		return nil, err
	}
	defer catch(&err)
	constructor := constructor{built: map[*Node]*Value{}, identities: map[string]int{}}
	value = constructor.construct(root)
	if value.Kind == NullValue {
		return nil, nil
	}
	if constructor.refused != nil {
		return value, constructor.refused
	}
	return value, nil
}

// constructor turns nodes into values, as StandardConstructor does.
type constructor struct {
	// built holds the collections, since aliases of one are one and the same in Java.
	built      map[*Node]*Value
	identities map[string]int
	// refused is the first key that is written twice.
	refused *RefusedError
}

// tagOf is the tag of a node, found by its content where none is written.
func (c *constructor) tagOf(node *Node) string {
	if node.Tag != "" && node.Tag != "!" {
		return node.Tag
	}
	switch {
	case node.Kind == Sequence:
		return tagList
	case node.Kind == Mapping:
		return tagMap
	case node.Style == Plain && node.Tag == "":
		return resolvePlain(node.Value)
	}
	return tagText
}

func (c *constructor) construct(node *Node) *Value {
	node = node.Resolve()
	tag := c.tagOf(node)
	switch tag {
	case tagBinary, tagUUID, tagOptional:
		undecided(node.Start, "a tag of Java's own is used")
	}
	if tag == tagNull {
		// The tag makes anything null, a map as well.
		return &Value{Kind: NullValue, Text: "null"}
	}
	if node.Kind != Scalar {
		return c.constructCollection(node, tag)
	}
	switch tag {
	case tagText, tagVariable:
		return &Value{Kind: TextValue, Text: node.Value}
	case tagInt:
		return &Value{Kind: IntValue, Text: integerText(node.Value, node.Start)}
	case tagFloat:
		if node.Value == "" {
			refuse(node.Start, "a value tagged as a number is empty")
		}
		text, unknown := floatText(node.Value, node.Start)
		return &Value{Kind: FloatValue, Text: text, Unknown: unknown}
	case tagBool:
		switch text := strings.ToLower(node.Value); text {
		case "true", "false":
			return &Value{Kind: BoolValue, Text: text}
		}
		return &Value{Kind: NullValue, Text: "null"}
	}
	refuseTag(node)
	return nil
}

func refuseTag(node *Node) {
	refuse(node.Properties, "its tag is unknown to Flink, or belongs to another kind of value")
}

func (c *constructor) constructCollection(node *Node, tag string) *Value {
	if value, ok := c.built[node]; ok {
		return value
	}
	value := &Value{Recursive: node.recursive, building: true}
	c.built[node] = value
	switch {
	case node.Kind == Sequence && tag == tagList:
		value.Kind = ListValue
		value.Items = make([]*Value, 0, len(node.Children))
		for _, child := range node.Children {
			value.Items = append(value.Items, c.construct(child))
		}
	case node.Kind == Mapping && tag == tagMap:
		value.Kind = MapValue
		c.constructEntries(node, value)
	case node.Kind == Mapping && tag == tagSet:
		value.Kind = SetValue
		c.constructEntries(node, value)
	default:
		refuseTag(node)
	}
	value.building = false
	return value
}

// constructEntries refuses keys that are equal in Java, which two that are written differently can be: 1 and 0x1.
func (c *constructor) constructEntries(node *Node, into *Value) {
	seen := make(map[int]bool, len(node.Children)/2)
	texts := make(map[string]bool, len(node.Children)/2)
	into.Entries = make([]Entry, 0, len(node.Children)/2)
	for i := 0; i+1 < len(node.Children); i += 2 {
		entry := Entry{KeyNode: node.Children[i], ValueNode: node.Children[i+1]}
		entry.Key = c.construct(entry.KeyNode)
		var twice bool
		if entry.Key.Kind == TextValue {
			twice = texts[entry.Key.Text]
			texts[entry.Key.Text] = true
		} else {
			identity := c.identify(entry.Key, entry.KeyNode)
			twice = seen[identity]
			seen[identity] = true
		}
		if at := entry.KeyNode.Start; twice && c.refused == nil {
			c.refused = &RefusedError{Reason: "a key is written twice", Key: entry.Key.Text, Line: at.Line + 1, Column: at.Column + 1}
		}
		into.Entries = append(into.Entries, entry)
	}
	if into.Kind == SetValue {
		return
	}
	for i := range into.Entries {
		into.Entries[i].Value = c.construct(into.Entries[i].ValueNode)
	}
}

// identify gives equal values one number. A collection that contains itself cannot be a key.
func (c *constructor) identify(value *Value, at *Node) int {
	if value.Recursive || value.building {
		undecided(at.Start, "a key contains itself")
	}
	if value.identity > 0 {
		return value.identity
	}
	parts := make([]string, 0, len(value.Items)+len(value.Entries))
	for _, item := range value.Items {
		parts = append(parts, strconv.Itoa(c.identify(item, at)))
	}
	for _, entry := range value.Entries {
		part := strconv.Itoa(c.identify(entry.Key, at))
		if entry.Value != nil {
			part += "=" + strconv.Itoa(c.identify(entry.Value, at))
		}
		parts = append(parts, part)
	}
	if value.Kind != ListValue {
		// The entries of two maps may stand in another order.
		slices.Sort(parts)
	}
	description := strconv.Itoa(int(value.Kind)) + " " + value.Text + strings.Join(parts, ",")
	identity, ok := c.identities[description]
	if !ok {
		identity = len(c.identities) + 1
		c.identities[description] = identity
	}
	value.identity = identity
	return identity
}
