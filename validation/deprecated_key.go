package validation

import (
	"fmt"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func deprecatedKey() Rule {
	deprecated := deprecatedSpellings()
	return Rule{
		ID:         "deprecated-key",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      modesOfFlink(),
		Effect:     "Flink still reads it, after the newer key",
		Summary:    "An option of high availability or checkpointing has a deprecated key.",
		Why: "Flink tries the newer key first, so that whatever sets that one, such as a default of the platform, silently beats the old one. " +
			"A later version may drop the old key: from then on the option is not set, and nothing says so.",
		Remedy: "Write the newer key.",
		Source: "org.apache.flink.configuration.HighAvailabilityOptions, org.apache.flink.configuration.CheckpointingOptions; FLINK-29372",
		Example: Example{
			Wrong: deprecatedExample("high-availability.zookeeper.path.namespace"),
			Right: deprecatedExample("high-availability.cluster-id"),
		},
		Check: func(subject *Subject) []Violation { return checkDeprecatedKey(subject, deprecated) },
	}
}

func deprecatedExample(key string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: shop}
data:
  flink-conf.yaml: |
    high-availability: zookeeper
    high-availability.storageDir: s3://my-bucket/ha
    ` + key + `: /orders
    high-availability.zookeeper.quorum: zk-0:2181,zk-1:2181,zk-2:2181
    state.checkpoints.dir: s3://my-bucket/checkpoints
`
}

// deprecatedSpellings are the keys of high availability that were, at some time, not the first of their option.
func deprecatedSpellings() spellings {
	deprecated := spellings{}
	for _, option := range flink.Options() {
		if !strings.HasPrefix(option, flink.KeyHighAvailability) {
			continue // everybody writes state.checkpoints.dir, and nothing depends on it
		}
		for _, era := range flink.OptionOf(option).Eras {
			for _, key := range era.Keys[min(len(era.Keys), 1):] {
				deprecated[key] = option
			}
		}
	}
	return deprecated
}

// checkDeprecatedKey reports the first key of each file.
func checkDeprecatedKey(subject *Subject, deprecated spellings) []Violation {
	if !subject.readable() {
		return nil
	}
	var violations []Violation
	var files []string
	more := map[string]int{}
	for i := range subject.Configuration.Settings {
		setting := &subject.Configuration.Settings[i]
		switch setting.Key[:min(len(setting.Key), 1)] {
		case "h", "r", "s":
		default:
			continue
		}
		option, isOld := deprecated[setting.Key]
		if !isOld || setting.Origin == flink.OriginOperatorDefault {
			continue
		}
		newer, ok := flink.NewerKey(option, setting.Key, subject.Version)
		if !ok {
			continue
		}
		file := string(setting.Origin)
		if setting.Line > 0 {
			file = setting.Path
		}
		if more[file]++; more[file] > 1 {
			continue
		}
		files = append(files, file)
		violations = append(violations, Violation{
			Option:   option,
			Setting:  setting.Key,
			Position: setting.Position,
			Target:   keyOf(*setting),
			Fix:      subject.renew(setting, option, newer),
			Found:    &setting.Value,
			Needed:   "the key " + newer,
			Remedy:   "rename it to " + newer,
		})
	}
	for i, file := range files {
		if others := more[file] - 1; others == 1 {
			violations[i].Detail = "and one more deprecated key here"
		} else if others > 1 {
			violations[i].Detail = fmt.Sprintf("and %d more deprecated keys here", others)
		}
	}
	return violations
}

// renew is the fix of a deprecated key that counts: the newer one with the same value. In a custom resource it counts as far as that
// says; what the operator may have by default under the newer key is not what its author meant.
func (s *Subject) renew(setting *flink.Setting, option, newer string) []Change {
	reading := s.Configuration.Get(option, s.Version)
	known := reading.Unknown == "" || s.Kind == OfResource && len(reading.Shadowed) == 0
	if !reading.Set || !known || reading.Setting.Key != setting.Key {
		return nil
	}
	return s.rename(*setting, newer)
}
