package validation

import (
	"strconv"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityTypeContradictory() Rule {
	return Rule{
		ID:         "high-availability-type-contradictory",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Effect:     "Flink takes one and passes over the other",
		Summary:    "The HA mode is set under several keys, with values that mean different things.",
		Why: "The mode has three keys, and Flink takes the first that is set: high-availability, then recovery.mode, up to 1.16; " +
			"high-availability.type, then recovery.mode, then high-availability, from 1.17 on. A dynamic property under an old key does not " +
			"override a file that has the new one, and an upgrade may turn high availability off or into another kind.",
		Remedy: "Keep one of the keys: high-availability.type from Flink 1.17 on, high-availability before.",
		Source: "org.apache.flink.configuration.HighAvailabilityOptions.HA_MODE, org.apache.flink.configuration.Configuration.applyWithOption; FLINK-29372",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: shop}
data:
  config.yaml: |
    recovery.mode: zookeeper
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: orders
    kubernetes:
      cluster-id: orders
      namespace: shop
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: shop}
data:
  config.yaml: |
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: orders
    kubernetes:
      cluster-id: orders
      namespace: shop
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: checkHighAvailabilityTypeContradictory,
	}
}

func checkHighAvailabilityTypeContradictory(subject *Subject) []Violation {
	ha := subject.highAvailability()
	shadowed, unread := subject.passedOver()
	if !ha.Set || len(shadowed)+len(unread) == 0 || !subject.readable() {
		return nil
	}
	counts := ha.Reading.Setting
	// Which one counts is known only if all versions that it may be agree.
	passesOver := subject.Version.AtLeast(1, 17) || subject.Version.Before(1, 17)
	var violations []Violation
	contradict := func(other flink.Setting, effect string) {
		if !contradicts(counts, other) {
			return
		}
		var fix []Change
		if passesOver && meaningOf(counts) != flink.ModeNone { // else high availability may well be what was meant
			fix = subject.drop(other)
		}
		violations = append(violations, Violation{
			Option:   flink.KeyHighAvailabilityType,
			Setting:  other.Key,
			Position: other.Position,
			Target:   keyOf(other),
			Fix:      fix,
			Found:    found(other, true),
			Detail:   counts.Key + " is " + Show(counts.Value) + " " + seenFrom(other.Position, counts.Position),
			Effect:   effect,
			Remedy:   "keep only " + subject.modeKey(),
		})
	}
	for _, other := range shadowed {
		contradict(other, takesFirst(subject.Version, counts.Key, other.Key))
	}
	for _, other := range unread {
		contradict(other, "this version of Flink does not know it, and others do")
	}
	return violations
}

// contradicts tells whether two settings of the mode certainly mean different things. Of two factory classes only their names are
// known.
func contradicts(one, other flink.Setting) bool {
	meaning, otherMeaning := meaningOf(one), meaningOf(other)
	switch {
	case meaning == flink.ModeUnknown || otherMeaning == flink.ModeUnknown:
		return false
	case meaning == flink.ModeCustom && otherMeaning == flink.ModeCustom:
		return one.Value != other.Value
	}
	return meaning != otherMeaning
}

// takesFirst says which of two keys counts. What counts from 1.17 on did not do so before.
func takesFirst(version flink.Version, counts, other string) string {
	if version.AtLeast(1, 17) || version.Before(1, 17) {
		return "Flink passes over it"
	}
	return "Flink takes " + counts + " from 1.17 on, and " + other + " before"
}

// seenFrom says where one position is for somebody who reads another one.
func seenFrom(here, there flink.Position) string {
	if here.Path == there.Path && there.Line > 0 {
		return "in line " + strconv.Itoa(there.Line)
	}
	return "at " + there.String()
}
