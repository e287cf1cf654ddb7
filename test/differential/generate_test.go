package differential

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// makers are all that make cases of a seed and a number.
func makers(t *testing.T) map[string]func(seed uint64, number int) Case {
	t.Helper()
	all := map[string]func(uint64, int) Case{"choice": ChoiceCase, "high availability": HighAvailabilityCase}
	for _, grammar := range []Grammar{Legacy, Standard} {
		corpus, err := Corpus(grammar)
		if err != nil {
			t.Fatal(err)
		}
		all[string(grammar)] = func(seed uint64, number int) Case {
			return Generator{Seed: seed, Grammar: grammar, Corpus: corpus}.Case(len(corpus) + number)
		}
	}
	return all
}

func TestCasesAreTheSameForTheSameSeed(t *testing.T) {
	for name, maker := range makers(t) {
		differ := 0
		for number := range 300 {
			first, second := maker(7, number), maker(7, number)
			if !maps.Equal(first.Files, second.Files) || first.Name != second.Name {
				t.Fatalf("%s: got %s and %s", name, quoted(first.Files), quoted(second.Files))
			}
			if !maps.Equal(first.Files, maker(8, number).Files) {
				differ++
			}
		}
		if differ < 100 {
			t.Errorf("%s: %d of 300 cases depend on the seed, want most", name, differ)
		}
	}
}

func TestCasesAreSmall(t *testing.T) {
	for name, maker := range makers(t) {
		for number := range 5000 {
			for _, text := range maker(1, number).Files {
				if len(text) > 4*maxMutated {
					t.Fatalf("%s: case %d has %d bytes", name, number, len(text))
				}
			}
		}
	}
}

// TestCorpusComesFirst has each file of the corpus once, under its name.
func TestCorpusComesFirst(t *testing.T) {
	for _, grammar := range []Grammar{Legacy, Standard} {
		corpus, err := Corpus(grammar)
		if err != nil {
			t.Fatal(err)
		}
		generator := Generator{Seed: 1, Grammar: grammar, Corpus: corpus}
		var names []string
		for number := range corpus {
			first := generator.Case(number)
			names = append(names, first.Name)
			if first.Generated || len(first.Files) != 1 {
				t.Errorf("%s: got %+v, want a file of the corpus", grammar, first)
			}
		}
		if len(names) < 50 || len(slices.Compact(names)) != len(corpus) {
			t.Errorf("%s: got %d names of %d files", grammar, len(names), len(corpus))
		}
	}
}

// TestGeneratedYAMLIsWorthReading looks for what the cases are made for.
func TestGeneratedYAMLIsWorthReading(t *testing.T) {
	const cases = 3000
	loads, lists, options := 0, 0, 0
	for number := range cases {
		files := Generator{Seed: 1, Grammar: Standard}.Case(number).Files
		text := files[flink.StandardFile]
		if reading := OurFiles(files, Release("2.3.0").Version()); reading.Refused == "" && len(reading.Settings) > 0 {
			loads++
		}
		if strings.Contains(text, "[") || strings.Contains(text, "- ") {
			lists++
		}
		if strings.Contains(text, "high-availability") {
			options++
		}
	}
	if loads < cases/3 || lists < cases/3 || options < cases/4 {
		t.Errorf("of %d cases %d load, %d have lists, %d have options of high availability: too few", cases, loads, lists, options)
	}
}
