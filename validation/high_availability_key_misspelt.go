package validation

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityKeyMisspelt() Rule {
	dictionary := newDictionary(allSpellings())
	return Rule{
		ID:         "high-availability-key-misspelt",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      modesOfFlink(),
		Effect:     "Flink does not know the key",
		Summary:    "A key is almost, but not quite, one of the options that high availability rests on.",
		Why: "Flink takes any key, and says nothing of one that it does not know. Keys have a case, and dots, dashes and underscores are not " +
			"the same: high-availability.storage-dir, which how-tos have, sets nothing.",
		Remedy: "Write the key as Flink spells it.",
		Source: "org.apache.flink.configuration.HighAvailabilityOptions, org.apache.flink.kubernetes.configuration.KubernetesHighAvailabilityOptions; " +
			"org.apache.flink.configuration.Configuration",
		Example: Example{
			Wrong: misspeltExample("high-availability.kubernetes.leader_election.lease-duration"),
			Right: misspeltExample("high-availability.kubernetes.leader-election.lease-duration"),
		},
		Check: func(subject *Subject) []Violation {
			if !subject.readable() {
				return nil
			}
			var violations []Violation
			for i := range subject.Configuration.Settings {
				setting := &subject.Configuration.Settings[i]
				meant, ok := dictionary.meant(setting.Key)
				if !ok || setting.Origin == flink.OriginOperatorDefault {
					continue
				}
				var fix []Change
				if len(violations) < MaxPerRule {
					fix = subject.spell(setting, meant, dictionary.options[meant])
				}
				violations = append(violations, Violation{
					Option:   dictionary.options[meant],
					Setting:  setting.Key,
					Position: setting.Position,
					Target:   keyOf(*setting),
					Fix:      fix,
					Found:    &setting.Value,
					Needed:   "the key " + meant,
					Remedy:   "rename it to " + meant,
				})
			}
			return violations
		},
	}
}

func misspeltExample(key string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: shop}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    high-availability.cluster-id: orders
    ` + key + `: 30 s
    kubernetes.cluster-id: orders
    kubernetes.namespace: shop
    state.checkpoints.dir: s3://my-bucket/checkpoints
`
}

// dictionary finds what a misspelt key was meant to be, without looking long at keys that are like none.
type dictionary struct {
	options spellings
	// near are the keys that begin with some letters, with how many letters they have besides punctuation.
	near map[beginning][]entry
}

// beginning is the first four letters of a key, in lower case. Hardly anybody misspells those.
type beginning uint32

type entry struct {
	key     string
	letters int
}

func newDictionary(options spellings) dictionary {
	d := dictionary{options: options, near: map[beginning][]entry{}}
	for key := range options {
		at := beginningOf(key)
		d.near[at] = append(d.near[at], entry{key, lettersOf(key)})
	}
	for _, entries := range d.near {
		slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	}
	return d
}

func beginningOf(key string) beginning {
	var at beginning
	for i, letters := 0, 0; i < len(key) && letters < 4; i++ {
		if !isPunctuation(key[i]) {
			at = at<<8 | beginning(lower(key[i]))
			letters++
		}
	}
	return at
}

// lettersOf counts what is no punctuation.
func lettersOf(key string) int {
	letters := 0
	for i := range len(key) {
		if !isPunctuation(key[i]) {
			letters++
		}
	}
	return letters
}

func isPunctuation(letter byte) bool { return strings.IndexByte(punctuation, letter) >= 0 }

// meant is the key that one that Flink does not know was probably meant to be.
func (d dictionary) meant(written string) (key string, ok bool) {
	candidates := d.near[beginningOf(written)]
	if len(candidates) == 0 {
		return "", false
	}
	if _, known := d.options[written]; known {
		return "", false
	}
	letters := lettersOf(written)
	for _, candidate := range candidates {
		if letters == candidate.letters && resembles(written, candidate.key) || nearly(written, candidate.key) {
			return candidate.key, true
		}
	}
	return "", false
}

// spell is the fix of a misspelt key: the key as it was meant, or none at all where the option is set to the same. The mode itself is
// left to people, since it would turn high availability on or off, and so is what would move the state of a cluster that runs.
func (s *Subject) spell(setting *flink.Setting, meant, option string) []Change {
	reading := s.Configuration.Get(option, s.Version)
	switch {
	case option == flink.KeyHighAvailabilityType || movesState(option) || reading.Unknown != "" && reading.Set || len(reading.Unread) > 0:
		return nil
	case reading.Set && reading.Setting.Value == setting.Value:
		return s.drop(*setting)
	case reading.Set || !s.suits(option, setting.Value):
		return nil
	}
	return s.rename(*setting, meant)
}
