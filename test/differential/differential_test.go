package differential

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

const (
	// casesVariable and seedVariable ask for more cases, or other ones.
	casesVariable = "FLINK_DIFFERENTIAL_CASES"
	seedVariable  = "FLINK_DIFFERENTIAL_SEED"
	// mostReported is how many disagreements a failing test shows.
	mostReported = 20
)

// TestFilesAreReadAsFlinkReadsThem is the proof of what this product claims: same settings, same refusals.
func TestFilesAreReadAsFlinkReadsThem(t *testing.T) {
	tools := prepared(t, Releases()...)
	for _, grammar := range []Grammar{Legacy, Standard} {
		t.Run(string(grammar), func(t *testing.T) {
			corpus, err := Corpus(grammar)
			if err != nil {
				t.Fatal(err)
			}
			generator := Generator{Seed: setting(t, seedVariable, 1), Grammar: grammar, Corpus: corpus}
			agree(t, FilesTrial(tools, Releases(), generator, int(setting(t, casesVariable, 10_000))))
		})
	}
}

func TestTheFileIsChosenAsFlinkChoosesIt(t *testing.T) {
	agree(t, ChoiceTrial(prepared(t, Releases()...), Releases(), setting(t, seedVariable, 1), 1000))
}

func TestHighAvailabilityIsResolvedAsFlinkResolvesIt(t *testing.T) {
	cases := int(setting(t, casesVariable, 10_000))
	agree(t, HighAvailabilityTrial(prepared(t, Releases()...), Releases(), setting(t, seedVariable, 1), cases))
}

// TestHighAvailabilityOfFiles goes the whole way, from a file to the mode and the storage path.
func TestHighAvailabilityOfFiles(t *testing.T) {
	for _, grammar := range []Grammar{Legacy, Standard} {
		t.Run(string(grammar), func(t *testing.T) {
			corpus, err := Corpus(grammar)
			if err != nil {
				t.Fatal(err)
			}
			generator := Generator{Seed: setting(t, seedVariable, 1), Grammar: grammar, Corpus: corpus}
			agreeWhereKnown(t, HighAvailabilityOfFilesTrial(prepared(t, Releases()...), Releases(), generator, 2000))
		})
	}
}

// TestWrongReadersAreReported breaks the readings, and wants to be told, with the smallest case that shows it.
func TestWrongReadersAreReported(t *testing.T) {
	tools := prepared(t, "1.18.1", "1.20.5")
	cases := map[string]struct {
		grammar Grammar
		spoil   func(Reading) Reading
		verdict Verdict
		small   Files
	}{
		"one that drops quotes": {
			grammar: Legacy,
			spoil: func(reading Reading) Reading {
				for key, value := range reading.Settings {
					reading.Settings[key] = strings.Trim(value, `"`)
				}
				return reading
			},
			verdict: OtherSettings,
			small:   Files{flink.LegacyFile: `a: "`},
		},
		"one that takes a null value": {
			grammar: Standard,
			spoil: func(reading Reading) Reading {
				if strings.Contains(reading.Refused, "has no value") {
					return Reading{}
				}
				return reading
			},
			verdict: OnlyWeLoad,
			small:   Files{flink.StandardFile: "a:"},
		},
		"one that refuses lists": {
			grammar: Standard,
			spoil: func(reading Reading) Reading {
				for _, value := range reading.Settings {
					if isList(value) {
						return Reading{Refused: "a list"}
					}
				}
				return reading
			},
			verdict: OnlyWeRefuse,
			small:   Files{flink.StandardFile: "a: []"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			trial := FilesTrial(tools, []Release{"1.18.1", "1.20.5"}, Generator{Seed: 1, Grammar: tc.grammar}, 500)
			trial.Read = func(files Files, version flink.Version) Reading { return tc.spoil(OurFiles(files, version)) }
			tallies, err := trial.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, tally := range tallies {
				if tally.Verdicts[tc.verdict] == 0 {
					t.Errorf("Flink %s: got %v, want some %q", tally.Release, tally.Verdicts, tc.verdict)
				}
			}
			found := Disagreements(tallies)
			if len(found) == 0 || quoted(found[0].Small) != quoted(tc.small) || len(found[0].Releases) != len(tallies) {
				var report bytes.Buffer
				Report(&report, tallies, mostReported)
				t.Errorf("got %s\nwant %s of all releases first", report.Bytes(), quoted(tc.small))
			}
		})
	}
}

func TestTooMuchUnknownIsReported(t *testing.T) {
	trial := FilesTrial(prepared(t, "2.3.0"), []Release{"2.3.0"}, Generator{Seed: 1, Grammar: Standard}, 100)
	trial.Read = func(Files, flink.Version) Reading { return Reading{Unknown: map[string]string{"": "no idea"}} }
	tallies, err := trial.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := tallies[0].TooMuchUnknown(); err == nil || tallies[0].Unknown["no idea"] != 100 {
		t.Errorf("got %v of %+v, want an error for a hundred cases", err, tallies[0])
	}
}

// agree fails the test where we and Flink disagree, or where we leave too much open.
func agree(t *testing.T, trial Trial) {
	t.Helper()
	for _, tally := range agreeWhereKnown(t, trial) {
		if err := tally.TooMuchUnknown(); err != nil {
			t.Error(err)
		}
	}
}

// agreeWhereKnown fails the test where we and Flink disagree.
func agreeWhereKnown(t *testing.T, trial Trial) []Tally {
	t.Helper()
	tallies, err := trial.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	Report(&report, tallies, mostReported)
	t.Logf("%s", report.Bytes())
	for _, tally := range tallies {
		if disagreed := tally.Disagreed(); disagreed > 0 {
			t.Errorf("Flink %s: %d cases of %d are read differently; to see one case by itself: go run ./cmd/flink-differential -only KIND -seed SEED -case NUMBER", tally.Release, disagreed, tally.Cases)
		}
	}
	return tallies
}

// prepared has the releases at hand; the first time it fetches them.
func prepared(t *testing.T, releases ...Release) Toolchain {
	t.Helper()
	tools, err := Prepare(t.Context(), os.Stderr, releases)
	if err != nil {
		t.Fatal(err)
	}
	return tools
}

// appointed is a referee that is dismissed when the test ends.
func appointed(t *testing.T, release Release) *Referee {
	t.Helper()
	referee, err := Appoint(prepared(t, release), release)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := referee.Dismiss(); err != nil {
			t.Error(err)
		}
	})
	return referee
}

// setting is a number from the environment.
func setting(t *testing.T, variable string, preset uint64) uint64 {
	t.Helper()
	text, ok := os.LookupEnv(variable)
	if !ok {
		return preset
	}
	number, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return number
}
