package fix

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// contextLines is how many lines a diff has around what differs, as everywhere.
const contextLines = 3

// Diff writes the plan as a unified diff that patch -p1 and git apply take. It has lines of the files as they are, whatever is in them.
//
// The diff is made by go-udiff, which is the one of gopls, made importable: it has no dependencies, and knows of files that end without
// a line break.
func (p *Plan) Diff(w io.Writer) error {
	for _, file := range p.Files {
		name := nameInDiff(file.Name)
		diff, err := udiff.ToUnified(labelled("a/", name), labelled("b/", name), file.Before, udiff.Lines(file.Before, file.After), contextLines)
		if err != nil {
			return fmt.Errorf("comparing %s: %w", file.Name, err)
		}
		if _, err := io.WriteString(w, diff); err != nil {
			return fmt.Errorf("writing the diff: %w", err)
		}
	}
	return nil
}

// nameInDiff is the name of a file from the folder that the program runs in, if it is in there.
func nameInDiff(name string) string {
	if name == "-" {
		return "stdin"
	}
	if filepath.IsAbs(name) {
		if here, err := os.Getwd(); err == nil {
			if inside, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(inside) {
				name = inside
			}
		}
	}
	return strings.TrimPrefix(filepath.ToSlash(filepath.Clean(name)), "/")
}

// labelled is a name as git writes it: in quotes where it has characters that would end it, and with a tab behind it where it has
// a space, since patch takes what follows a space for the time.
func labelled(side, name string) string {
	label := side + name
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == 0x7F }) {
		var quoted strings.Builder
		for _, b := range []byte(label) {
			switch {
			case b == '"' || b == '\\':
				quoted.WriteString(`\` + string(rune(b)))
			case b < ' ' || b == 0x7F:
				fmt.Fprintf(&quoted, `\%03o`, b)
			default:
				quoted.WriteByte(b)
			}
		}
		return `"` + quoted.String() + `"`
	}
	if strings.Contains(name, " ") {
		label += "\t"
	}
	return label
}
