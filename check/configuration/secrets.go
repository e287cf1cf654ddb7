package configuration

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Hidden is what Flink shows in place of a value (GlobalConfiguration.HIDDEN_CONTENT).
const Hidden = "******"

// IsSensitive tells whether the value of a key is hidden from people: where Flink does so (GlobalConfiguration.isSensitive, the
// lists of all versions), and wherever else a key may be meant, as in s3.access-key, which Flink shows.
func IsSensitive(key string) bool {
	lower := strings.ToLower(key)
	return slices.ContainsFunc([]string{
		"password", "secret", "auth-params", "token", "basic-auth", "jaas.config", "http-headers", "key",
	}, func(part string) bool { return strings.Contains(lower, part) })
}

// Redact hides the values of sensitive keys, and user and password in the URIs of all others.
func Redact(key, value string) string {
	if value == "" {
		return ""
	}
	if IsSensitive(key) {
		return Hidden
	}
	return flink.RedactURI(value)
}
