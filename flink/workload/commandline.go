package workload

import "strings"

// option is an option of a command line (org.apache.commons.cli.Option).
type option struct {
	short, long string
	// values that it takes: 0, 1, 2, or unlimited.
	values int
	// separator cuts one word into several values; 0 for none.
	separator byte
	required  bool
}

const unlimited = -1

// given is an option that a command line has, with its values and the word that each was in.
type given struct {
	option *option
	values []string
	words  []int
}

func (g *given) acceptsValue() bool {
	return g.option.values == unlimited || len(g.values) < g.option.values
}

// lacksValue is what commons-cli asks for before the next option: all values that an option takes, but only one of unlimited
// ones.
func (g *given) lacksValue() bool {
	if g.option.values == unlimited {
		return len(g.values) == 0
	}
	return g.acceptsValue()
}

// add gives the option a value, cut at its separator into as many as it takes.
func (g *given) add(text string, word int) {
	for g.option.separator != 0 {
		value, rest, found := strings.Cut(text, string(g.option.separator))
		if !found || g.option.values != unlimited && len(g.values) == g.option.values-1 {
			break
		}
		g.values, g.words = append(g.values, value), append(g.words, word)
		text = rest
	}
	g.values, g.words = append(g.values, text), append(g.words, word)
}

// commandLine is what commons-cli makes of words.
type commandLine struct {
	given []*given
	// rest is the index of the first word that is left to the program, len(words) if there is none.
	rest int
	// refused says why the words are refused, at the word with the index refusedAt; "" if they are not.
	refused   string
	refusedAt int
}

// value of the first of the options of one name, which is the one that CommandLine.getOptionValue returns.
func (c commandLine) value(short string) (text string, word int, ok bool) {
	for _, g := range c.given {
		if g.option.short == short && len(g.values) > 0 {
			return g.values[0], g.words[0], true
		}
	}
	return "", 0, false
}

// parseCommandLine reads words as Flink's entry points do: with org.apache.commons.cli.DefaultParser and stopAtNonOption
// (org.apache.flink.runtime.entrypoint.parser.CommandLineParser). The first word that is neither an option nor the value of one
// ends the options, and all words from there on go to the user's program.
//
// Flink has commons-cli 1.5.0 since 1.15, and had 1.3.1 before (older), which knows fewer words for options when it looks for a
// value.
func parseCommandLine(words []string, options []option, older bool) commandLine {
	p := parser{options: options, older: older, commandLine: commandLine{rest: len(words)}}
	for i, text := range words {
		p.word = i
		if p.stopped {
			break
		}
		p.token(text)
		if p.current != nil && !p.current.acceptsValue() {
			p.current = nil
		}
		if p.refused != "" {
			return p.commandLine
		}
	}
	p.word = len(words)
	p.checkValue()
	if p.refused == "" {
		p.checkRequired()
	}
	return p.commandLine
}

type parser struct {
	commandLine
	options []option
	older   bool
	current *given
	word    int
	stopped bool
}

func (p *parser) refuse(reason string) {
	if p.refused == "" {
		p.refused, p.refusedAt = reason, p.word
	}
}

// token is DefaultParser.handleToken.
func (p *parser) token(text string) {
	switch {
	case text == "--":
		p.stop(p.word + 1)
	case p.current != nil && p.current.acceptsValue() && !p.isOption(text):
		p.current.add(unquote(text), p.word)
	case strings.HasPrefix(text, "--"):
		p.longOption(text)
	case strings.HasPrefix(text, "-") && text != "-":
		p.anyOption(text)
	default:
		p.stop(p.word)
	}
}

func (p *parser) stop(rest int) { p.stopped, p.rest = true, rest }

// start is DefaultParser.handleOption.
func (p *parser) start(o *option) {
	p.checkValue()
	g := &given{option: o}
	p.given = append(p.given, g)
	p.current = nil
	if o.values != 0 {
		p.current = g
	}
}

func (p *parser) startWith(o *option, values ...string) {
	p.start(o)
	for _, value := range values {
		p.current.add(value, p.word)
	}
	p.current = nil
}

func (p *parser) checkValue() {
	if p.current != nil && p.current.lacksValue() {
		p.refuse("an option has no value, or a dynamic property in two words has no \"=\"")
	}
}

func (p *parser) checkRequired() {
	for i := range p.options {
		if _, _, ok := p.value(p.options[i].short); p.options[i].required && !ok {
			p.refuse("the option --" + p.options[i].long + " is missing")
		}
	}
}

// anyOption is DefaultParser.handleShortAndLongOption: a word with one hyphen.
func (p *parser) anyOption(text string) {
	name := text[1:]
	key, value, joined := strings.Cut(name, "=")
	switch {
	case len(name) == 1:
		if o := p.short(name); o != nil {
			p.start(o)
			return
		}
		p.stop(p.word)
	case !joined:
		p.withoutEqual(text, name)
	case key == "":
		p.refuse("a word begins with \"-=\"") // StringIndexOutOfBoundsException
	case len(key) == 1:
		if o := p.find(key); o != nil && o.values != 0 {
			p.startWith(o, value)
			return
		}
		p.stop(p.word)
	case p.isProperty(key):
		p.startWith(p.find(key[:1]), key[1:], value)
	default:
		p.longOption(text)
	}
}

// withoutEqual is the part of handleShortAndLongOption for words like -x, -name, -Dkey and -nx.
func (p *parser) withoutEqual(text, name string) {
	if o := p.short(name); o != nil {
		p.start(o)
		return
	}
	if len(p.matching(name)) > 0 {
		p.longOption(text)
		return
	}
	if o := p.longPrefix(name); o != nil && o.values != 0 {
		p.startWith(o, name[len(o.long):])
		return
	}
	if p.isProperty(name) {
		p.startWith(p.find(name[:1]), name[1:])
		return
	}
	for i := range len(name) {
		o := p.find(name[i : i+1])
		if o == nil {
			p.stop(p.word)
			return
		}
		p.start(o)
		if p.current != nil && i+1 < len(name) {
			p.current.add(name[i+1:], p.word)
			return
		}
	}
}

// longOption is DefaultParser.handleLongOption. A beginning of a name is as good as the name if no other name has it.
func (p *parser) longOption(text string) {
	name, value, joined := strings.Cut(text, "=")
	matching := p.matching(name)
	switch {
	case len(matching) == 0:
		p.stop(p.word)
	case len(matching) > 1:
		p.refuse("a shortened option may mean several")
	case !joined:
		p.start(matching[0])
	case matching[0].values == 0:
		p.stop(p.word)
	default:
		p.startWith(matching[0], value)
	}
}

// matching are the options whose long name begins with a text; the one that has exactly that name alone.
func (p *parser) matching(text string) []*option {
	text = withoutHyphens(text)
	var found []*option
	for i := range p.options {
		switch o := &p.options[i]; {
		case o.long == "":
		case o.long == text:
			return []*option{o}
		case strings.HasPrefix(o.long, text):
			found = append(found, o)
		}
	}
	return found
}

// longPrefix finds the longest long name that a text begins with, if at least two characters follow.
func (p *parser) longPrefix(text string) *option {
	text = withoutHyphens(text)
	var found *option
	for i := range p.options {
		o := &p.options[i]
		if len(o.long) > 1 && strings.HasPrefix(text, o.long) && len(text) >= len(o.long)+2 && (found == nil || len(found.long) < len(o.long)) {
			found = o
		}
	}
	return found
}

// find is Options.getOption: by the short name first, then by the long one.
func (p *parser) find(name string) *option {
	if o := p.short(name); o != nil {
		return o
	}
	for i := range p.options {
		if p.options[i].long == name && name != "" {
			return &p.options[i]
		}
	}
	return nil
}

// short is Options.hasShortOption, which drops hyphens.
func (p *parser) short(name string) *option {
	name = withoutHyphens(name)
	for i := range p.options {
		if p.options[i].short == name {
			return &p.options[i]
		}
	}
	return nil
}

// isProperty is DefaultParser.isJavaProperty.
func (p *parser) isProperty(text string) bool {
	o := p.find(text[:1])
	return o != nil && (o.values >= 2 || o.values == unlimited)
}

// isOption is DefaultParser.isOption. What is none may be the value of an option, whatever it begins with.
func (p *parser) isOption(text string) bool {
	if !strings.HasPrefix(text, "-") || len(text) == 1 {
		return false
	}
	name, _, _ := strings.Cut(text, "=")
	if len(p.matching(name)) > 0 || !strings.HasPrefix(text, "--") && p.longPrefix(text) != nil {
		return true
	}
	if p.older {
		return p.short(text[1:2]) != nil
	}
	name = name[1:]
	return p.short(name) != nil || name != "" && p.short(name[:1]) != nil
}

func withoutHyphens(text string) string {
	if rest, ok := strings.CutPrefix(text, "--"); ok {
		return rest
	}
	return strings.TrimPrefix(text, "-")
}

// unquote is Util.stripLeadingAndTrailingQuotes: a pair of double quotes around a word that is a value by itself is dropped, if
// there is no other inside.
func unquote(text string) string {
	if len(text) > 1 && strings.HasPrefix(text, `"`) && strings.HasSuffix(text, `"`) && strings.Count(text, `"`) == 2 {
		return text[1 : len(text)-1]
	}
	return text
}
