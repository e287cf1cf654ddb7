package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Patch writes the edits that admission would make as JSON Patch (RFC 6902), in the form of a component of Kustomize: one patch an
// object, each with the object that it is for.
//
//	apiVersion: kustomize.config.k8s.io/v1alpha1
//	kind: Component
//	patches:
//	# Deployment team/jobmanager (deploy/jobmanager.yaml:1)
//	# runs as "flink", because …
//	- target: {"group":"apps","version":"v1","kind":"Deployment","name":"jobmanager","namespace":"team"}
//	  patch: |-
//	    [
//	      {"op":"add","path":"/spec/template/spec/serviceAccountName","value":"flink"}
//	    ]
//
// Written to high-availability/kustomization.yaml, it is used with
//
//	components: [high-availability]
//
// in the kustomization of the manifests; what stands below patches can be copied into one just as well. A patch is a whole document
// for kubectl:
//
//	kubectl -n team patch deployment jobmanager --type json -p "$(yq '.patches[0].patch' kustomization.yaml)"
//
// Kustomize takes name and namespace of a target for regular expressions, in which a dot is any character; in those here it is
// escaped. A target names the namespace that the object is in: give no namespace to the check for manifests that name none
// themselves, or Kustomize will not find them.
//
// Edits that the policy only has reported are left out. An object without a name of its own (metadata.generateName) cannot be the
// target of a patch; a comment says so. Patches hold what they write as it is: for a cluster in native mode this is the whole text
// of its configuration file, with all that the user has in it.
//
// The error is that of writing.
func Patch(out io.Writer, report *check.Report, _ Options) error {
	var body bytes.Buffer
	seen := map[string]bool{}
	for i := range report.Objects {
		object := &report.Objects[i]
		operations := mutation.Patch(object.Edits)
		if len(operations) == 0 {
			continue
		}
		if object.Name == "" {
			body.WriteString("# " + printable(object.Title()+" ("+object.Place.String()+")") + " has no name by which a patch could find it\n")
			continue
		}
		patch, err := patchOf(object, operations)
		if err != nil {
			return fmt.Errorf("encoding the edits of %s: %w", object.Title(), err)
		}
		// The same object may be in several files; an edit that adds an item would be made twice.
		if seen[patch] {
			continue
		}
		seen[patch] = true
		for _, line := range introductionOf(object) {
			body.WriteString("# " + line + "\n")
		}
		body.WriteString(patch)
	}
	patches := "patches:\n" + body.String()
	if len(seen) == 0 {
		patches = "patches: []\n" + body.String()
	}
	_, err := io.WriteString(out, "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"+patches)
	return err
}

// target is how Kustomize finds the object of a patch.
type target struct {
	Group     string `json:"group,omitempty"`
	Version   string `json:"version"`
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
}

// patchOf is an item of patches. All that comes from outside stands in it as JSON, which is YAML too, and in a single line.
func patchOf(object *check.Object, operations []mutation.Operation) (string, error) {
	group, version, ok := strings.Cut(object.APIVersion, "/")
	if !ok {
		group, version = "", object.APIVersion
	}
	selector, err := oneLine(target{
		group, version, object.Kind, regexp.QuoteMeta(object.Name), regexp.QuoteMeta(object.Namespace),
	})
	if err != nil {
		return "", err
	}
	lines := make([]string, len(operations))
	for i := range operations {
		if lines[i], err = oneLine(operations[i]); err != nil {
			return "", err
		}
	}
	return "- target: " + selector + "\n  patch: |-\n    [\n      " + strings.Join(lines, ",\n      ") + "\n    ]\n", nil
}

// introductionOf are the lines of comment over a patch.
func introductionOf(object *check.Object) []string {
	lines := []string{printable(object.Title() + " (" + object.Place.String() + ")")}
	for _, edit := range object.Edits {
		lines = append(lines, printable(edit.Reason))
	}
	return lines
}

// oneLine is a value as JSON in one line that is printable ASCII, or prints as it is: YAML knows line breaks that JSON does not.
func oneLine(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return printable(strings.TrimSuffix(text.String(), "\n")), nil
}

// printable writes the characters of a text that do not print as escape sequences that JSON and YAML have in common: there is none
// for those beyond 16 bits, and none of them ends a line.
func printable(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) || r > 0xffff {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}
