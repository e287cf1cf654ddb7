package flink

import "strings"

// Release is a release of Flink, such as 2.3.0.
type Release string

// The releases that are run: the last patch of a minor version of which Maven Central has flink-kubernetes. Of 1.20 that is
// not the last that there is, which comes from PyPI.
const (
	Release115 Release = "1.15.4"
	Release116 Release = "1.16.3"
	Release118 Release = "1.18.1"
	Release120 Release = "1.20.5"
	Release23  Release = "2.3.0"
)

// The two configuration files; 1.19 and 1.20 read either.
const (
	LegacyFile   = "flink-conf.yaml"
	StandardFile = "config.yaml"
)

// File is the one that a release's image comes with or, for 1.20, the one that wins.
func (r Release) File() string {
	if strings.HasPrefix(string(r), "1.") {
		return LegacyFile
	}
	return StandardFile
}

// container is the release of flink-container that goes with it; empty where Maven Central has none of its minor version, or
// none is needed. It holds no more than the entry point of application mode.
func (r Release) container() string {
	if r == Release23 {
		return "2.3.0"
	}
	return ""
}

// digest is the SHA-256 of the archive on PyPI that has the libraries of a release's image; empty where Maven Central has what
// is needed, which is a third of the size.
func (r Release) digest() string {
	if r == Release120 {
		return "e6aee62ea1a1fe7b32e28894ad079f3f1a50a372a4caac3df52405267f4228c8"
	}
	return ""
}
