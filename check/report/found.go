package report

import (
	"regexp"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// secretInside finds a setting within a value: a line that Flink takes for one option may hold a whole configuration. The words
// are those of configuration.IsSensitive.
var secretInside = regexp.MustCompile(`(?i)(?:password|secret|auth-params|token|basic-auth|jaas\.config|http-headers|key)[^\s:=/]*["']?\s*[:=]`)

// shownValue is the value that a finding is about as everybody may see it who can read a build's log: nil where there is none.
// Values of keys that passwords have are hidden, and so are user and password in a URI and a value in which another setting with
// such a key stands.
func shownValue(finding *check.Finding) *string {
	if finding.Found == nil {
		return nil
	}
	key := finding.Setting
	switch {
	case strings.HasPrefix(key, policy.AnnotationExemptPrefix):
		key = "" // it has the name of a rule in it, and no secret behind it
	case *finding.Found == "true" || *finding.Found == "false":
		key = "" // a switch is no secret, such as that of automountServiceAccountToken
	}
	shown := configuration.Redact(key, *finding.Found)
	if secretInside.MatchString(shown) {
		shown = configuration.Hidden
	}
	return &shown
}

// unlessHidden is a part of a finding, "" where it may repeat a value that is hidden.
func unlessHidden(shown *string, part string) string {
	if shown != nil && *shown == configuration.Hidden && secretInside.MatchString(part) {
		return ""
	}
	return part
}
