package differential

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Release is a release of Flink, such as 1.20.5, that can be asked.
type Release string

// Releases are the last ones of each minor version from 1.16 on, oldest first.
func Releases() []Release {
	return []Release{"1.16.3", "1.17.2", "1.18.1", "1.19.3", "1.20.5", "2.0.1", "2.1.3", "2.2.1", "2.3.0"}
}

// ParseReleases reads a list with commas; each must be one of Releases.
func ParseReleases(list string) ([]Release, error) {
	var releases []Release
	for name := range strings.SplitSeq(list, ",") {
		release := Release(strings.TrimSpace(name))
		if !slices.Contains(Releases(), release) {
			return nil, fmt.Errorf("release %q is none of %v", name, Releases())
		}
		releases = append(releases, release)
	}
	return releases, nil
}

// Version is the release's version as package flink has it.
func (r Release) Version() flink.Version {
	var numbers [3]int
	for i, part := range strings.SplitN(string(r), ".", 3) {
		numbers[i], _ = strconv.Atoi(part)
	}
	return flink.Release(numbers[0], numbers[1], numbers[2])
}

// hasApplication tells whether Maven Central has the entry point of application mode (flink-container).
func (r Release) hasApplication() bool { return r.Version().AtLeast(2, 3) }

// Readers are those of the releases that read files of the grammar.
func (g Grammar) Readers(releases []Release) []Release {
	var readers []Release
	for _, release := range releases {
		if version := release.Version(); g == Legacy && version.Before(2, 0) || g == Standard && version.AtLeast(1, 19) {
			readers = append(readers, release)
		}
	}
	return readers
}
