package flink

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Bounds of one configuration file. A ConfigMap holds at most 1 MiB; the others keep a small file from growing into a large
// one through nesting and aliases, which may even contain themselves.
const (
	maxFileBytes = 1 << 20
	maxDepth     = 100
	maxNodes     = 100_000
	// maxKeyBytes bounds the flattened keys together: a deep map repeats its path in each of them.
	maxKeyBytes = 4 << 20
	// maxPieces bounds the lines and commas of a file that is parsed at all. The tree of a file has about as many nodes, each
	// of which takes some hundred bytes of memory.
	maxPieces = 50_000
)

// tooLarge is why a configuration beyond the bounds is incomplete. Flink may well load it: it is unknown, and not wrong.
const tooLarge = "the file is larger or deeper than what is read here"

// LoadStandard reads config.yaml as Flink from 1.19 on does (YamlParserUtils over snakeyaml-engine, YAML 1.2 core schema):
// nested maps are flattened with dots, of two spellings of one option the later counts, and a duplicate key, a null value,
// a root that is no map, a second document or a key that is no text keep Flink from starting. Merge keys are not merged.
//
// source is the field that holds the text. Where Flink would refuse the file, Err says why, and Settings has what could be
// read all the same. A file beyond the bounds is incomplete.
func LoadStandard(text, source string) Configuration {
	configuration := Configuration{Source: source}
	if len(text) > maxFileBytes || strings.Count(text, "\n")+strings.Count(text, ",") > maxPieces {
		configuration.gap(tooLarge)
		return configuration
	}
	decoder := yaml.NewDecoder(strings.NewReader(versionDirective.ReplaceAllString(text, "#$1")))
	flattener := flattener{configuration: &configuration}
	var first, second yaml.Node
	err := decoder.Decode(&first)
	if err == nil && len(first.Content) > 0 {
		flattener.root(first.Content[0])
		if err = decoder.Decode(&second); err == nil {
			flattener.refuse(contentOf(&second), "there is more than one document")
		}
	}
	if err != nil && !errors.Is(err, io.EOF) && configuration.Err == nil {
		configuration.Err = syntaxError(err, source)
	}
	if configuration.Err != nil && strings.Contains(text, "{{") {
		// A template that something renders before Flink reads it; what it becomes is not known.
		configuration.Err = nil
		configuration.gap("the file is a template")
	}
	return configuration
}

// versionDirective is the line %YAML 1.2, which Flink's parser takes and yaml.v3 does not.
var versionDirective = regexp.MustCompile(`(?m)^%(YAML 1\.[0-9]+[ \t]*\r?)$`)

// contentOf is the content of a document, whose own position is that of the separator before it.
func contentOf(document *yaml.Node) *yaml.Node {
	if len(document.Content) == 0 {
		return document
	}
	return document.Content[0]
}

// yamlErrorLine finds the line that yaml.v3 puts into its messages ("yaml: line 3: …").
var yamlErrorLine = regexp.MustCompile(`line (\d+): `)

// syntaxError keeps the line of a YAML error and not its text, which can quote the file.
func syntaxError(err error, source string) *LoadError {
	position := Position{Path: source}
	if match := yamlErrorLine.FindStringSubmatch(err.Error()); match != nil {
		position.Line, _ = strconv.Atoi(match[1])
		position.Column = 1
	}
	return &LoadError{Reason: "it is not valid YAML", Position: position}
}

// flattener turns a tree of YAML nodes into Flink's flat settings.
type flattener struct {
	configuration          *Configuration
	depth, nodes, keyBytes int
}

func (f *flattener) root(node *yaml.Node) {
	switch {
	case node.Kind == yaml.MappingNode:
		f.mapping("", node)
	case node.Kind == yaml.ScalarNode && coreTag(node) == tagNull:
		// A document of comments only is an empty configuration.
	default:
		f.refuse(node, "the file is not a map of options")
	}
}

func (f *flattener) mapping(prefix string, node *yaml.Node) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := resolve(node.Content[i]), resolve(node.Content[i+1])
		if f.exceeds(len(prefix) + len(key.Value)) {
			return
		}
		if key.Kind != yaml.ScalarNode || coreTag(key) != tagText {
			f.refuse(key, "a key is not text")
			continue
		}
		if seen[key.Value] {
			f.refuse(key, "the key "+quoteKey(key.Value)+" is written twice")
		}
		seen[key.Value] = true
		f.value(prefix+key.Value, key, value)
	}
}

// exceeds counts another option and tells whether that is one too many.
func (f *flattener) exceeds(keyBytes int) bool {
	f.nodes++
	f.keyBytes += keyBytes
	if f.nodes > maxNodes || f.keyBytes > maxKeyBytes || f.depth > maxDepth {
		f.configuration.gap(tooLarge)
	}
	return !f.configuration.Complete()
}

func (f *flattener) value(path string, key, node *yaml.Node) {
	switch {
	case node.Kind == yaml.MappingNode && len(node.Content) > 0:
		f.depth++
		f.mapping(path+".", node)
		f.depth--
	case node.Kind == yaml.ScalarNode && coreTag(node) == tagNull:
		f.refuse(key, "the key "+quoteKey(path)+" has no value")
	default:
		f.configuration.Settings = append(f.configuration.Settings, Setting{
			Key:      path,
			Value:    text(node),
			Position: Position{Path: f.configuration.Source, Line: node.Line, Column: node.Column},
		})
	}
}

// resolve follows an alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// maxShownKey bounds what a message repeats of a key.
const maxShownKey = 100

func quoteKey(key string) string { return Quote(key, maxShownKey) }

// Quote puts a text of the user's between quotes for a message, and cuts it after so many characters.
func Quote(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}

// refuse records the first reason why Flink would not load the file.
func (f *flattener) refuse(node *yaml.Node, reason string) {
	if f.configuration.Err == nil {
		f.configuration.Err = &LoadError{
			Reason:   reason,
			Position: Position{Path: f.configuration.Source, Line: node.Line, Column: node.Column},
		}
	}
}

// text is a value as Configuration.toMap has it.
func text(node *yaml.Node) string {
	switch node.Kind {
	case yaml.SequenceNode:
		items := make([]string, 0, len(node.Content))
		for _, item := range node.Content {
			if item = resolve(item); item.Kind == yaml.ScalarNode {
				items = append(items, text(item))
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	case yaml.MappingNode:
		return "{}"
	}
	if coreTag(node) == tagNumber {
		return number(node.Value)
	}
	return node.Value
}
