package flink

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// lastOfMajorOne is the newest minor version of Flink 1; after 1.20 came 2.0. A tag such as 1.25 counts something else.
const lastOfMajorOne = 20

// firstWithKubernetes is the oldest release line that is believed of an image from somewhere else than Docker Hub: Kubernetes
// high availability came with 1.12, and a company that names its image "flink" and counts its own releases starts at 1.0.
const firstWithKubernetes = 12

var (
	writtenVersion = regexp.MustCompile(`^v?([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{1,3}))?$`)
	// imageTag is how the official images are tagged, for example 1.20.1-scala_2.12-java17.
	imageTag = regexp.MustCompile(`^v?([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{1,3}))?(?:[.\-].*)?$`)
	// operatorVersion is how spec.flinkVersion of a FlinkDeployment is written (the operator's enum FlinkVersion).
	operatorVersion = regexp.MustCompile(`^v([12])_([0-9]{1,2})$`)
)

// ParseVersion reads a version that a person wrote: 1.20, 1.20.1, v1.20 or, as in a FlinkDeployment, v1_20.
func ParseVersion(text string) (Version, error) {
	match := writtenVersion.FindStringSubmatch(text)
	if match == nil {
		if version := VersionOfOperator(text); version.Known() {
			return version, nil
		}
		return Version{}, fmt.Errorf("%s is not a version of Flink: write major.minor or major.minor.patch, such as 1.20 or 1.20.1", quoteVersion(text))
	}
	version, ok := release(match)
	if !ok {
		return Version{}, fmt.Errorf("there is no Flink %s: the versions are 1.0 to 1.%d, and 2.0 and later", text, lastOfMajorOne)
	}
	return version, nil
}

// quoteVersion bounds what an error repeats.
func quoteVersion(text string) string { return Quote(text, 40) }

// release makes a version of the parts major, minor and patch that an expression found, if Flink has such a release line.
func release(match []string) (Version, bool) {
	major, _ := strconv.Atoi(match[1])
	minor, _ := strconv.Atoi(match[2])
	if major != 2 && (major != 1 || minor > lastOfMajorOne) {
		return Version{}, false
	}
	if len(match) > 3 && match[3] != "" {
		patch, _ := strconv.Atoi(match[3])
		return Release(major, minor, patch), true
	}
	return Version{Major: major, Minor: minor}, true
}

// VersionOfImage reads the version from an image reference. A tag is believed only for an image whose name is "flink"
// (flink:1.20, registry:5000/x/flink:2.0): the tag of any other image counts that image's own releases. A digest says
// nothing, but a tag before it is what the digest was looked up for.
func VersionOfImage(reference string) Version {
	name, tag := SplitImage(reference)
	path := strings.Split(name, "/")
	if path[len(path)-1] != "flink" {
		return Version{}
	}
	match := imageTag.FindStringSubmatch(tag)
	if match == nil {
		return Version{}
	}
	version, ok := release(match)
	if !ok || !IsOfficialImage(reference) && version.Before(1, firstWithKubernetes) {
		return Version{}
	}
	return version
}

// IsOfficialImage tells whether an image is one that Apache Flink publishes, whose own configuration is known: no high
// availability. An image of the same name in another registry may have been built with a configuration of its own.
func IsOfficialImage(reference string) bool {
	name, _ := SplitImage(reference)
	for _, registry := range []string{"docker.io/", "index.docker.io/", "registry-1.docker.io/"} {
		name = strings.TrimPrefix(name, registry)
	}
	switch name {
	case "flink", "library/flink", "apache/flink":
		return true
	}
	return false
}

// SplitImage cuts a reference into its name and its tag; a digest is dropped.
func SplitImage(reference string) (name, tag string) {
	reference, _, _ = strings.Cut(reference, "@")
	slash := strings.LastIndex(reference, "/")
	if colon := strings.LastIndex(reference, ":"); colon > slash {
		return reference[:colon], reference[colon+1:]
	}
	return reference, ""
}

// VersionOfOperator reads spec.flinkVersion of a FlinkDeployment: v1_20. Anything else, such as v1.17, is no constant of the
// operator's enum FlinkVersion. The operator refuses it, so that it says nothing of what runs.
func VersionOfOperator(flinkVersion string) Version {
	match := operatorVersion.FindStringSubmatch(flinkVersion)
	if match == nil || match[2] != "0" && strings.HasPrefix(match[2], "0") {
		return Version{}
	}
	version, ok := release(match)
	if !ok {
		return Version{}
	}
	return version
}

// VersionOfFile is what the name of a configuration file that Flink is known to read says of the version (GlobalConfiguration):
// flink-conf.yaml is read up to 1.20, config.yaml from 1.19 on. That a ConfigMap holds such a file says what its author had
// in mind and no more: an image of another version would pass over it.
func VersionOfFile(name string) Version {
	switch name {
	case LegacyFile:
		return VersionBefore(2, 0)
	case StandardFile:
		return VersionFrom(1, 19)
	}
	return Version{}
}

// The labels that Kubernetes recommends for the name and the version of an application.
const (
	labelName    = "app.kubernetes.io/name"
	labelVersion = "app.kubernetes.io/version"
)

// VersionOfLabels reads app.kubernetes.io/version of an object whose app.kubernetes.io/name is Flink's. Charts write the version
// that they were made for, and values name another image, so that this is a hint for people: nothing may be refused for it,
// and an image or a flinkVersion beats it.
func VersionOfLabels(labels map[string]string) Version {
	if name := labels[labelName]; name != "flink" && name != "apache-flink" {
		return Version{}
	}
	match := writtenVersion.FindStringSubmatch(labels[labelVersion])
	if match == nil {
		return Version{}
	}
	version, ok := release(match)
	if !ok || version.Before(1, firstWithKubernetes) {
		return Version{}
	}
	return version
}
