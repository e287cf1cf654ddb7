package flink

import (
	"errors"
	"regexp"
	"strings"
)

// Storage is where a Flink process keeps its HA data.
type Storage struct {
	// Dir is high-availability.storageDir, and ClusterID high-availability.cluster-id, which is appended to it.
	Dir, ClusterID Reading
	// Path is the directory as Flink logs and uses it, "" where it is refused or not known.
	Path string
	// Problem says why Flink certainly refuses the directory, "" if it does not or that cannot be said.
	Problem string
	// Unknown says why it cannot be known which directory it is.
	Unknown string
	// Doubt says under which Java the directory would be refused all the same; which one runs is not known here.
	Doubt string
}

// oldJava is about s3://bucket and the like, with nothing behind the bucket.
const oldJava = "older versions of Java refuse a directory below a path that is only a host or bucket; a slash after it helps"

// errBlankStorage is Flink's "Configuration is missing the mandatory parameter".
var errBlankStorage = errors.New("it is not set")

// ResolveStorage finds the HA storage directory as HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath does. Flink
// asks for it only where high availability is on.
func ResolveStorage(configuration Configuration, version Version) Storage {
	storage := Storage{Dir: configuration.Get(KeyStorageDir, version), ClusterID: configuration.Get(KeyHAClusterID, version)}
	for _, part := range []Reading{storage.Dir, storage.ClusterID} {
		switch {
		case storage.Unknown != "":
		case part.Unknown != "":
			storage.Unknown = part.Unknown
		case IsExpanded(part.Value()):
			storage.Unknown = "something may replace parts of " + part.Setting.Key
		}
	}
	if storage.Unknown != "" {
		return storage
	}
	path, err := storagePath(storage.Dir.Value(), storage.ClusterID.Value())
	switch {
	case errors.Is(err, errSchemeUnusual):
		storage.Unknown = err.Error()
	case err != nil:
		storage.Problem = err.Error()
	default:
		storage.Path = path.String()
		if dir, _ := parsePath(storage.Dir.Value()); dir.path == "" && dir.scheme != "" && dir.scheme == path.scheme && dir.authority == path.authority {
			storage.Doubt = oldJava
		}
	}
	return storage
}

// storagePath appends the cluster's id to the storage directory.
func storagePath(dir, clusterID string) (fsPath, error) {
	if IsBlank(dir) {
		return fsPath{}, errBlankStorage
	}
	path, err := parsePath(dir)
	if err != nil {
		return fsPath{}, err
	}
	path, err = path.below(clusterID)
	if err != nil && !errors.Is(err, errSchemeUnusual) {
		return fsPath{}, errors.New("high-availability.cluster-id cannot be a directory below it: " + err.Error())
	}
	return path, err
}

// StorageProblem says why a value of high-availability.storageDir cannot work, or "" if that cannot be said. It holds what
// HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath and the file systems refuse when the process starts, and what
// no file system can have.
func StorageProblem(value string) string {
	path, err := parsePath(value)
	switch {
	case IsExpanded(value):
		return ""
	case strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'"):
		return "the quotes are part of the value"
	case placeholder.MatchString(value):
		return "it still holds a placeholder"
	case errors.Is(err, errScheme):
		return "its scheme is not the scheme of a URI"
	case err != nil && !errors.Is(err, errSchemeUnusual):
		return err.Error()
	case path.scheme == "file" && path.authority != "":
		// FileSystem.getUnguardedFileSystem: "Found local file path with authority … Did you forget a slash?"
		return "a file URI takes three slashes; with two, its first folder is taken for a host"
	}
	return ""
}

// placeholder is text between angle brackets, as instructions leave it to be filled in; no bucket or host has such a name.
var placeholder = regexp.MustCompile(`<[^<>]*>`)

// StorageScheme is the scheme of the file system that a storage directory lies on: its own, else that of fs.default-scheme, else
// "file", the process's own disk (org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem). It is "" where that is not known,
// or where fs.default-scheme has no scheme, with which no path without one works. Schemes have a case: FILE is not file.
func StorageScheme(configuration Configuration, value string) string {
	if path, err := parsePath(value); err != nil || path.scheme != "" {
		return path.scheme
	}
	preset := configuration.Get(KeyDefaultScheme, Version{})
	switch {
	case preset.Unknown != "" || IsExpanded(preset.Value()):
		return ""
	case !preset.Set:
		return "file"
	}
	if scheme, rest, ok := cutScheme(preset.Value()); ok && rest != "" && validScheme.MatchString(scheme) {
		return scheme
	}
	return ""
}

// RedactURI hides user and password of a URI, and what follows its path, which may be a signature or a key, so that the value can be
// shown in a message. A password may hold any character, so that what is hidden ends at the last "@". A name alone before the host
// stays: it is the container of an Azure path.
func RedactURI(value string) string {
	return parameters.ReplaceAllString(userInfo.ReplaceAllString(value, "://***@"), "$1***")
}

var (
	userInfo   = regexp.MustCompile(`://[^\s]*:[^\s]*@`)
	parameters = regexp.MustCompile(`(://[^\s?;]*[?;])[^\s]+`)
)
