package inventory

import (
	"regexp"
	"strings"
)

var (
	// hashOfKustomize is what kustomize and kubectl append to the names of ConfigMaps (their function encodeHash has an alphabet
	// without vowels, so that "jobmanager" is no hash).
	hashOfKustomize = regexp.MustCompile(`-[bcdfghkmt2456789]{10}$`)
	// hashInHex is what templates of Helm charts append: the first characters of a checksum.
	hashInHex = regexp.MustCompile(`-[0-9a-f]{8,10}$`)
	// randomOfKubernetes is what the API server appends to metadata.generateName
	// (k8s.io/apimachinery/pkg/util/rand, which has no vowels either).
	randomOfKubernetes = regexp.MustCompile(`-[bcdfghjklmnpqrstvwxz2456789]{5}$`)
)

// kindJob is the kind whose objects are made under names of their own each time.
const kindJob = "Job"

// baseName is the name of an object without what tells it from those that it replaces: a hash of its content or, for a Job, the
// random end of its name. What is all letters is taken for a word, except from an alphabet that words do not have.
func baseName(kind, name string) string {
	dash := strings.LastIndexByte(name, '-')
	if dash <= 0 {
		return name
	}
	end := name[dash:]
	switch {
	case hashOfKustomize.MatchString(end),
		hashInHex.MatchString(end) && strings.ContainsAny(end, "0123456789"),
		kind == kindJob && randomOfKubernetes.MatchString(end):
		return name[:dash]
	}
	return name
}
