package flink

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is a Flink release line such as 1.20. The zero value is "unknown", which is a first-class answer: a comparison
// with an unknown version is never true, so a rule that depends on the version stays silent instead of guessing.
type Version struct {
	Major, Minor int
}

// Known tells whether the version is known at all.
func (v Version) Known() bool { return v.Major > 0 }

// AtLeast is true if the version is known and not older than major.minor.
func (v Version) AtLeast(major, minor int) bool {
	return v.Known() && (v.Major > major || v.Major == major && v.Minor >= minor)
}

// Before is true if the version is known and older than major.minor.
func (v Version) Before(major, minor int) bool {
	return v.Known() && !v.AtLeast(major, minor)
}

// String returns "1.20", or "unknown".
func (v Version) String() string {
	if !v.Known() {
		return "unknown"
	}
	return fmt.Sprintf("%d.%d", v.Major, v.Minor)
}

// imageTag is how the official images are tagged, for example 1.20.1-scala_2.12-java17.
var imageTag = regexp.MustCompile(`^v?([12])\.([0-9]{1,2})(?:[.\-].*)?$`)

// VersionOfImage reads the version from an image reference. A tag is believed only for an image whose name is "flink"
// (flink:1.20, registry:5000/x/flink:2.0): the tag of any other image counts that image's own releases.
func VersionOfImage(reference string) Version {
	name, tag := splitImage(reference)
	if path := strings.Split(name, "/"); path[len(path)-1] != "flink" {
		return Version{}
	}
	match := imageTag.FindStringSubmatch(tag)
	if match == nil {
		return Version{}
	}
	major, _ := strconv.Atoi(match[1])
	minor, _ := strconv.Atoi(match[2])
	return Version{Major: major, Minor: minor}
}

// splitImage cuts a reference into its name and its tag; a digest is dropped.
func splitImage(reference string) (name, tag string) {
	reference, _, _ = strings.Cut(reference, "@")
	slash := strings.LastIndex(reference, "/")
	if colon := strings.LastIndex(reference, ":"); colon > slash {
		return reference[:colon], reference[colon+1:]
	}
	return reference, ""
}
