package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// spellings are all keys that the options of Flink's catalogue have, or had, each with the newest key of its option. A rule makes
// them once, when the catalogue of rules is made.
type spellings map[string]string

func allSpellings() spellings {
	all := spellings{}
	for _, option := range flink.Options() {
		all[option] = option
	}
	for _, option := range flink.Options() {
		for _, era := range flink.OptionOf(option).Eras {
			for _, key := range era.Keys {
				if all[key] == "" { // kubernetes.service-account is an option, and a fallback of others
					all[key] = option
				}
			}
		}
	}
	return all
}

// concernsState tells whether a key belongs to what keeps a cluster's state through a failure: high availability, its ids,
// checkpoints and results.
func concernsState(key string) bool {
	return strings.HasPrefix(key, "high-availability") || strings.HasPrefix(key, "kubernetes.") || strings.HasPrefix(key, "recovery.") ||
		strings.HasPrefix(key, "job-result-store.") || strings.Contains(key, "checkpoint")
}
