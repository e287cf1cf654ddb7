package policy

import "strings"

// namespacePlaceholder in a storage prefix stands for the namespace of the object under review.
const namespacePlaceholder = "{namespace}"

// Storage is about where HA data may lie.
type Storage struct {
	// AllowedPrefixes are the paths below which storage directories must lie; empty if any is right. {namespace} in them
	// stands for the namespace of the object.
	AllowedPrefixes []string `file:"allowedPrefixes"`
}

// PrefixesFor are the prefixes that are allowed in a namespace. What is below a prefix is for Flink's paths to say: a prefix
// without a slash at its end is a folder too, and not the beginning of a longer name.
func (s Storage) PrefixesFor(namespace string) []string {
	prefixes := make([]string, 0, len(s.AllowedPrefixes))
	for _, prefix := range s.AllowedPrefixes {
		prefixes = append(prefixes, strings.ReplaceAll(prefix, namespacePlaceholder, namespace))
	}
	return prefixes
}
