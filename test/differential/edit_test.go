package differential

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/edit"
)

// editedBy are the releases that read edited files: the last one that knows both grammars, and the last one.
func editedBy() []Release { return []Release{"1.20.5", "2.3.0"} }

// fileEdit is an edit of a file.
type fileEdit struct {
	name       string
	text       string
	key, value string
	removes    bool
	// edited is the text that came out, and refused why none did.
	edited  string
	refused error
}

func (e fileEdit) String() string {
	verb := fmt.Sprintf("set %q to %q", e.key, e.value)
	if e.removes {
		verb = fmt.Sprintf("remove %q", e.key)
	}
	return fmt.Sprintf("%s: %s\n  before: %q\n  after:  %q", e.name, verb, e.text, e.edited)
}

// TestFlinkReadsWhatAnEditMeans edits generated files, and asks Flink what it reads before and after.
func TestFlinkReadsWhatAnEditMeans(t *testing.T) {
	cases := int(setting(t, casesVariable, 10_000)) / 2
	for _, grammar := range []Grammar{Legacy, Standard} {
		corpus, err := Corpus(grammar)
		if err != nil {
			t.Fatal(err)
		}
		generator := Generator{Seed: setting(t, seedVariable, 1), Grammar: grammar, Corpus: corpus}
		for _, release := range grammar.Readers(editedBy()) {
			t.Run(fmt.Sprintf("%s %s", grammar, release), func(t *testing.T) {
				referee := appointed(t, release)
				judgeEdits(t, referee, generator, cases)
			})
		}
	}
}

func judgeEdits(t *testing.T, referee *Referee, generator Generator, cases int) {
	t.Helper()
	made, mended, refused := 0, 0, 0
	for start := 0; start < cases && !t.Failed(); start += chunk {
		var edits []fileEdit
		var files []Files
		for number := start; number < min(start+chunk, cases); number++ {
			next := generateEdit(generator, number)
			if next.refused != nil {
				refused++
				continue
			}
			edits = append(edits, next)
			files = append(files, Files{generator.Grammar.File(): next.text}, Files{generator.Grammar.File(): next.edited})
		}
		answers, err := referee.Load(t.Context(), files)
		if err != nil {
			t.Fatal(err)
		}
		for i, next := range edits {
			made++
			if answers[2*i].Settings == nil {
				mended++
			}
			judgeEdit(t, generator.Grammar, next, answers[2*i], answers[2*i+1])
		}
	}
	t.Logf("%d edits made, %d of them in files that Flink refuses; %d refused", made, mended, refused)
	if made < cases/4 {
		t.Errorf("only %d of %d edits were made", made, cases)
	}
}

// judgeEdit wants the settings of before with the edit made. Where Flink did not load the file, they are those that could be
// read in spite of that.
func judgeEdit(t *testing.T, grammar Grammar, made fileEdit, before, after Answer) {
	t.Helper()
	want := maps.Clone(before.Settings)
	if want == nil {
		reading := grammar.loader().Load(made.text, "")
		want = map[string]string{}
		for _, setting := range reading.Settings {
			want[setting.Key] = setting.Value
			if setting.Unknown != "" {
				want[setting.Key] = after.Settings[setting.Key]
			}
		}
	}
	if want[made.key] = made.value; made.removes {
		delete(want, made.key)
	}
	if after.Settings == nil {
		t.Errorf("%v\n  Flink:  %v", made, after)
	} else if diff := cmp.Diff(withoutAnchorNumbers(want), withoutAnchorNumbers(after.Settings)); diff != "" {
		t.Errorf("%v\n  Flink reads (-want,+got):\n%s", made, diff)
	}
}

// anchorNumber is a name that Flink gives an anchor in a list. It counts them on through all files that a process loads.
var anchorNumber = regexp.MustCompile(`([&*])id[0-9]{3,}`)

func withoutAnchorNumbers(settings map[string]string) map[string]string {
	without := make(map[string]string, len(settings))
	for key, value := range settings {
		if len(value) > 0 && value[0] == '[' {
			value = anchorNumber.ReplaceAllString(value, "${1}id")
		}
		without[key] = value
	}
	return without
}

// loader is the product's reader of the grammar.
func (g Grammar) loader() flink.Loader {
	if g == Legacy {
		return flink.LoaderLegacy
	}
	return flink.LoaderStandard
}

// generateEdit edits a generated file: often a key that is in it.
func generateEdit(generator Generator, number int) fileEdit {
	file := generator.Case(number)
	random := newRandom(generator.Seed+1_000_003, number)
	made := fileEdit{name: file.Name, text: file.Files[generator.Grammar.File()], removes: random.IntN(4) == 0}
	made.key, made.value = editedKey(random, generator.Grammar, made.text), editedValue(random)
	if generator.Grammar == Standard && random.IntN(8) == 0 {
		made.text, made.key = withoutOneValue(random, made.text, made.key)
	}
	if made.removes {
		made.edited, made.refused = edit.Remove(made.text, generator.Grammar.loader(), made.key)
	} else {
		made.edited, made.refused = edit.Set(made.text, generator.Grammar.loader(), made.key, made.value)
	}
	return made
}

// withoutOneValue cuts a line of config.yaml where the value of a setting begins, which leaves most files with a key that has
// no value. It returns the key, or the other one where there is no setting.
func withoutOneValue(random *rand.Rand, text, other string) (cut, key string) {
	settings := flink.LoadStandard(text, "").Settings
	if len(settings) == 0 {
		return text, other
	}
	chosen := settings[random.IntN(len(settings))]
	lines := strings.SplitAfter(text, "\n")
	if chosen.Line > len(lines) || strings.Contains(text, "\r") {
		return text, other
	}
	line := []rune(lines[chosen.Line-1])
	lines[chosen.Line-1] = string(line[:min(chosen.Column-1, len(line))]) + "\n"
	return strings.Join(lines, ""), chosen.Key
}

func editedKey(random *rand.Rand, grammar Grammar, text string) string {
	var keys []string
	for _, setting := range grammar.loader().Load(text, "").Settings {
		keys = append(keys, setting.Key)
	}
	switch choice := random.IntN(10); {
	case choice < 5 && len(keys) > 0:
		return keys[random.IntN(len(keys))]
	case choice < 7 && len(keys) > 0:
		return keys[random.IntN(len(keys))] + "." + pick(random, segments())
	case choice == 7:
		return pick(random, segments()) + "." + pick(random, segments())
	case choice == 8 && random.IntN(4) == 0:
		return pick(random, oddTexts())
	}
	return pick(random, optionKeys())
}

func editedValue(random *rand.Rand) string {
	kinds := [][]string{
		optionValues(), optionValues(), scalarForms(), oddTexts(), quotedTexts(), slices.Concat(nulls(), fatalTexts(), blockHeaders()),
	}
	return pick(random, kinds[random.IntN(len(kinds))])
}
