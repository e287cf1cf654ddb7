package differential

import (
	"fmt"
	"math/rand/v2"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Grammar is one of the two kinds of files.
type Grammar string

// The grammars.
const (
	Legacy   Grammar = "legacy"
	Standard Grammar = "standard"
)

// Generator makes cases, the same ones for the same seed.
type Generator struct {
	Seed    uint64
	Grammar Grammar
	// Corpus comes first, and is mutated later on.
	Corpus []Case
}

// Case returns one of the generator's cases: first those of the corpus, then ever new ones. It may be called from several
// goroutines.
func (g Generator) Case(number int) Case {
	if number < len(g.Corpus) {
		return g.Corpus[number]
	}
	return Case{
		Name:      fmt.Sprintf("%s case %d of seed %d", g.Grammar, number, g.Seed),
		Files:     Files{g.Grammar.File(): g.generate(newRandom(g.Seed, number))},
		Generated: true,
	}
}

// File is the name of such a file.
func (g Grammar) File() string {
	if g == Legacy {
		return flink.LegacyFile
	}
	return flink.StandardFile
}

// newRandom draws what one case is made of.
func newRandom(seed uint64, number int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(number))) //nolint:gosec // cases must be the same every time
}

func (g Generator) generate(random *rand.Rand) string {
	text := g.grammatical(random)
	switch random.IntN(10) {
	case 0, 1, 2:
		return mutate(random, text, func() string { return g.grammatical(random) })
	case 3:
		return mutate(random, g.known(random, text), func() string { return text })
	case 4:
		return splice(random, text, g.grammatical(random))
	case 5:
		return generateSoup(random)
	}
	return text
}

func (g Generator) grammatical(random *rand.Rand) string {
	if g.Grammar == Legacy {
		return generateLegacy(random)
	}
	return generateYAML(random)
}

// known is a text of the corpus, or the other one where there is none.
func (g Generator) known(random *rand.Rand, other string) string {
	if len(g.Corpus) == 0 {
		return other
	}
	if text, ok := g.Corpus[random.IntN(len(g.Corpus))].Files[g.Grammar.File()]; ok {
		return text
	}
	return other
}
