package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func configurationLineMisread() Rule {
	options := allSpellings()
	return Rule{
		ID:         "configuration-line-misread",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		Versions:   flink.VersionBefore(2, 0),
		On:         configured(),
		Modes:      modesOfFlink(),
		Effect:     "Flink passes over the line",
		Summary:    "Flink does not read a line of flink-conf.yaml, about high availability, checkpoints or Kubernetes, as it is written.",
		Why: "flink-conf.yaml is not YAML to Flink up to 1.20. Each line is one option: it is cut at the first #, wherever that stands, and split " +
			"at the first colon that a space follows; indentation means nothing, and quotes belong to the value. What does not fit is passed " +
			"over with a warning in the log.",
		Remedy: "Write each option on a line of its own: the whole key, a colon, a space, and the value without quotes and without a #.",
		Source: "org.apache.flink.configuration.GlobalConfiguration.loadYAMLResource (to 1.18), loadLegacyYAMLResource (1.19, 1.20)",
		Example: Example{
			Wrong: misreadExample("state.checkpoints.dir: s3://my-bucket/checkpoints#orders"),
			Right: misreadExample("state.checkpoints.dir: s3://my-bucket/checkpoints-orders"),
		},
		Check: func(subject *Subject) []Violation {
			if !subject.readable() {
				return nil
			}
			return append(ignoredLines(subject, options), changedValues(subject, options)...)
		},
	}
}

func misreadExample(line string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: shop}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    high-availability.cluster-id: orders
    kubernetes.cluster-id: orders
    kubernetes.namespace: shop
    ` + line + `
`
}

// maxIgnoredLines bounds the lines that are compared with all settings.
const maxIgnoredLines = 2 * MaxPerRule

// ignoredLines are lines that Flink passes over. An option that was left empty means what Flink makes of it, and one that another
// line sets is not missed.
func ignoredLines(subject *Subject, options spellings) []Violation {
	var violations []Violation
	looked := 0
	for _, ignored := range subject.Configuration.Ignored {
		if ignored.Line == 0 || !concernsState(ignored.Key) {
			continue
		}
		if looked++; looked > maxIgnoredLines {
			break
		}
		if ignored.Reason == flink.NoValue && !subject.hasNested(ignored) {
			continue
		}
		key := firstWord(ignored.Key)
		if _, set := subject.Configuration.Lookup(key); set {
			continue
		}
		violation := Violation{
			Option:   options.optionOf(key),
			Setting:  key,
			Position: ignored.Position,
			Detail:   subject.whyIgnored(ignored),
			Needed:   `the key, a colon, a space and the value on one line`,
			Remedy:   key + ": <value>",
		}
		if ignored.Reason == flink.NoValue {
			violation.Remedy = key + ".<name>: <value>, a line for each"
		}
		violations = append(violations, violation)
	}
	return violations
}

// changedValues are values that Flink reads other than they are written.
func changedValues(subject *Subject, options spellings) []Violation {
	var violations []Violation
	for i := range subject.Configuration.Settings {
		setting := &subject.Configuration.Settings[i]
		violation := Violation{Setting: setting.Key, Position: setting.Position, Found: &setting.Value}
		switch {
		case setting.Cut && concernsState(setting.Key):
			violation.Effect = "Flink takes the # behind it, and what follows, for a comment"
			violation.Needed = "a value that ends with its line, or a space before the comment"
			violation.Remedy = "a space before the #, or no #"
		case isQuoted(setting) && options[setting.Key] != "":
			violation.Detail = "the quotes are part of the value"
			violation.Effect = "Flink takes the value with them"
			violation.Needed = "the value without quotes"
			violation.Remedy = line(setting.Position, setting.Key, unquoted(setting.Value))
			violation.Fix = subject.unquote(*setting, options[setting.Key])
		default:
			continue
		}
		violation.Option = options.optionOf(setting.Key)
		violations = append(violations, violation)
	}
	return violations
}

// isQuoted tells whether a value from a file or from FLINK_PROPERTIES is in quotes. Only flink-conf.yaml and what is like it keeps
// them.
func isQuoted(setting *flink.Setting) bool {
	value := setting.Value
	if len(value) < 2 || value[0] != '"' && value[0] != '\'' || value[len(value)-1] != value[0] {
		return false
	}
	return setting.Origin == flink.OriginFile || setting.Origin == flink.OriginEnvironment
}

// optionOf is the newest key of the option that a key was meant for, or the key itself.
func (s spellings) optionOf(key string) string {
	if option := s[key]; option != "" {
		return option
	}
	return key
}

// unquoted is a value without its quotes, as far as a message has room for it and may show it.
func unquoted(value string) string {
	value = strings.Trim(value, `"'`)
	if redacted := flink.RedactURI(value); len(value) > maxShown || redacted != value {
		return "<the same>"
	}
	return value
}
