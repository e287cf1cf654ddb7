package flink

import (
	"regexp"
	"strings"
)

// StorageProblem says why a value of high-availability.storageDir cannot work, or "" if that cannot be said. It holds what
// HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath and the file systems refuse when the process starts.
func StorageProblem(value string) string {
	scheme, rest, hasScheme := cutScheme(value)
	switch {
	case IsExpanded(value):
		return ""
	case strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'"):
		return "the quotes are part of the value"
	case placeholder.MatchString(value):
		return "it still holds a placeholder"
	case hasScheme && !validScheme.MatchString(scheme):
		return "its scheme is not the scheme of a URI"
	case scheme == "file" && strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "///"):
		// LocalFileSystem: "Found local file path with authority … Did you forget a slash?"
		return "a file URI takes three slashes; with two, its first folder is taken for a host"
	}
	return ""
}

var (
	// placeholder is text between angle brackets, as instructions leave it to be filled in; no bucket or host has such a name.
	placeholder = regexp.MustCompile(`<[^<>]*>`)
	validScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.\-]*$`)
)

// StorageScheme is the scheme of the file system that a storage directory lies on: its own, else fs.default-scheme, else
// "file", the process's own disk (org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem).
func StorageScheme(configuration Configuration, value string) string {
	if scheme, _, ok := cutScheme(value); ok {
		return strings.ToLower(scheme)
	}
	if setting, ok := configuration.Lookup(KeyDefaultScheme); ok {
		if scheme, _, ok := cutScheme(setting.Value); ok {
			return strings.ToLower(scheme)
		}
	}
	return "file"
}

// cutScheme splits as org.apache.flink.core.fs.Path does: a scheme ends at the first colon that no slash precedes.
func cutScheme(value string) (scheme, rest string, found bool) {
	colon := strings.Index(value, ":")
	slash := strings.Index(value, "/")
	if colon < 0 || slash >= 0 && slash < colon {
		return "", value, false
	}
	return value[:colon], value[colon+1:], true
}

// RedactURI hides user and password of a URI, so that the value can be shown in a message. A password may hold any
// character, so that what is hidden ends at the last "@". A name alone before the host stays: it is the container of an Azure
// path.
func RedactURI(value string) string {
	return userInfo.ReplaceAllString(value, "://***@")
}

var userInfo = regexp.MustCompile(`://[^\s]*:[^\s]*@`)
