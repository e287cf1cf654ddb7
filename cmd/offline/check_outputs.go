package offline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/report"
)

// output is one form in which the report is written, and where to: file is "" for standard output.
type output struct {
	format report.Format
	file   string
}

// isForStandardOutput tells whether a value of --output names no file.
func isForStandardOutput(value string) bool {
	_, file, named := strings.Cut(value, "=")
	return !named || file == "-"
}

// parsedOutputs are the forms in which the report is wanted.
func (o *checkOptions) parsedOutputs() ([]output, error) {
	if len(o.outputs) == 0 && !o.diff {
		return parseOutputs([]string{OutputText})
	}
	return parseOutputs(o.outputs)
}

// parseOutputs understands what --output was given, and sees that the files can be written before anything is judged.
func parseOutputs(values []string) ([]output, error) {
	var outputs []output
	formats := report.Formats()
	for _, value := range values {
		form, file, named := strings.Cut(value, "=")
		at := slices.IndexFunc(formats, func(f report.Format) bool { return f.Name == form })
		switch {
		case at < 0:
			return nil, fmt.Errorf("--output is %q, needs %s, or one of them with =FILE", value, oneOf(formNames()))
		case named && file == "":
			return nil, fmt.Errorf("--output is %q, needs the name of a file after the =", value)
		case isForStandardOutput(value):
			file = ""
		default:
			file = filepath.Clean(file)
		}
		if slices.ContainsFunc(outputs, func(o output) bool { return o.file == file }) {
			if file == "" {
				return nil, errors.New("--output: only one form can go to standard output; write the others to files, as in -o sarif=report.sarif")
			}
			return nil, fmt.Errorf("--output: two forms cannot go to the same file %s", file)
		}
		if err := findFolder("--output", file); err != nil {
			return nil, err
		}
		outputs = append(outputs, output{format: formats[at], file: file})
	}
	return outputs, nil
}

// oneOf lists names as "a, b or c".
func oneOf(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// findFolder says early, and naming the flag, that a file has no folder to be written to.
func findFolder(flag, file string) error {
	if file == "" {
		return nil
	}
	folder := filepath.Dir(file)
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s: there is no folder %s to write %s to; make it first", flag, folder, filepath.Base(file))
	case err != nil:
		return fmt.Errorf("%s: %w", flag, err)
	case !info.IsDir():
		return fmt.Errorf("%s: %s is not a folder, so that %s cannot be written to it", flag, folder, filepath.Base(file))
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("%s: %s is a folder, needs the name of a file", flag, file)
	}
	return nil
}

// write writes the report in its form: to a file as a whole or not at all.
func (o output) write(out io.Writer, found *check.Report, options report.Options) error {
	if o.file == "" {
		if err := o.format.Write(out, found, options); err != nil {
			return fmt.Errorf("writing the output: %w", err)
		}
		return nil
	}
	var text bytes.Buffer
	options.Colour = false
	if err := o.format.Write(&text, found, options); err != nil {
		return fmt.Errorf("writing the output as %s: %w", o.format.Name, err)
	}
	if err := writeFile(o.file, text.Bytes()); err != nil {
		return fmt.Errorf("writing the output as %s: %w", o.format.Name, err)
	}
	return nil
}
