package report

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// sourceRoot is what code scanning replaces by the root of the repository.
const sourceRoot = "%SRCROOT%"

// standardInput is how the check names it.
const standardInput = "-"

// physicalOf is a place as SARIF has it, nil for none.
func physicalOf(place manifest.Place) *sarifPhysical {
	if place.File == "" {
		return nil
	}
	physical := &sarifPhysical{Artifact: artifactOf(place.File)}
	if place.Line > 0 {
		physical.Region = &sarifRegion{StartLine: place.Line, StartColumn: place.Column}
	}
	return physical
}

// artifactOf is the address of a file: below the source root, or elsewhere where its name says so.
func artifactOf(file string) sarifArtifact {
	if file == standardInput {
		return sarifArtifact{URI: "stdin", Description: &sarifText{Text: "standard input"}}
	}
	name := path.Clean(filepath.ToSlash(file))
	switch {
	case filepath.VolumeName(file) != "":
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(name, "/")}).String()}
	case path.IsAbs(name):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: name}).String()}
	case name == ".." || strings.HasPrefix(name, "../"):
		return sarifArtifact{URI: (&url.URL{Path: name}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: name}).String(), URIBaseID: sourceRoot}
}

// logicalOf is an object as SARIF names what is in a file: nothing for a file that Flink reads as it is.
func logicalOf(object *check.Object) []sarifLogical {
	if object.Kind == "" {
		return nil
	}
	return []sarifLogical{{Name: object.Name, FullyQualifiedName: object.Title(), Kind: "resource"}}
}
