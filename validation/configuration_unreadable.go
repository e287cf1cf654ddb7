package validation

import "github.com/flink-ha/flink-ha-webhook/policy"

func configurationUnreadable() Rule {
	return Rule{
		ID:      "configuration-unreadable",
		Level:   policy.LevelBaseline,
		Summary: "Flink would refuse to load config.yaml.",
		Why: "Flink's parser is stricter than most: a key that is written twice, a key without a value, a second document or a list " +
			"at the top keeps every process from starting.",
		Remedy: "Mend the place that the finding names.",
		Source: "org.apache.flink.configuration.YamlParserUtils, org.apache.flink.configuration.GlobalConfiguration (1.19 and later)",
		Check: func(subject Subject) []Violation {
			if subject.readable() {
				return nil
			}
			problem := subject.Configuration.Err
			return []Violation{{
				Position: problem.Position,
				Detail:   problem.Reason,
				Needed:   "a map of options that names each once and gives each a value",
				Remedy:   "mend this line",
			}}
		},
	}
}
