package manifest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Standard input is named as everywhere.
const standardInput = "-"

// Bounds of what is read. Nodes of YAML take about ten times the memory of the text that they stand for.
const (
	maxFileBytes  = 64 << 20
	maxInputBytes = 256 << 20
)

// Input is all that was given.
type Input struct {
	// Files in the order in which they were given; what is in a folder is ordered by path.
	Files []*File
	// Problems are what could not be read. They hold nothing of the content of a file.
	Problems []error
}

// Read reads files, folders and standard input ("-"). Folders are searched as kubectl apply -R does it: for names that end in
// .yaml, .yml and .json, hidden ones and links to files included, links to folders not. Folders whose name begins with two
// dots are left out: the kubelet keeps there what the files beside them link to.
func Read(arguments []string, stdin io.Reader) Input {
	r := reader{seen: map[string]bool{}, left: maxInputBytes}
	for _, argument := range arguments {
		if argument == standardInput {
			r.add(argument, true, stdin)
			continue
		}
		info, err := os.Stat(argument)
		switch {
		case err != nil:
			r.fail(argument, err)
		case info.IsDir():
			r.walk(argument)
		default:
			r.open(argument, true)
		}
	}
	return r.input
}

type reader struct {
	input Input
	seen  map[string]bool
	left  int64
}

func (r *reader) fail(name string, err error) {
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		err = inPath.Err
	}
	r.input.Problems = append(r.input.Problems, &ProblemError{Place: Place{File: name}, Reason: err.Error()})
}

func (r *reader) walk(folder string) {
	// A link to a folder is followed where it was given itself.
	root := strings.TrimSuffix(folder, string(filepath.Separator)) + string(filepath.Separator)
	err := filepath.WalkDir(root, func(path string, item fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.fail(path, err)
			if item != nil && item.IsDir() {
				return fs.SkipDir
			}
		case item.IsDir() && strings.HasPrefix(item.Name(), "..") && path != root:
			return fs.SkipDir
		case !item.IsDir() && hasExtension(path) && isFile(path):
			r.open(filepath.Clean(path), false)
		}
		return nil
	})
	if err != nil {
		r.fail(folder, err)
	}
}

func hasExtension(path string) bool {
	switch filepath.Ext(path) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// isFile follows a link. Links to folders, pipes and the like are passed over; what cannot be looked at fails when it is
// opened.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

func (r *reader) open(name string, given bool) {
	if r.seen[filepath.Clean(name)] {
		return
	}
	r.seen[filepath.Clean(name)] = true
	file, err := os.Open(name)
	if err != nil {
		r.fail(name, err)
		return
	}
	defer file.Close()
	r.add(name, given, file)
}

func (r *reader) add(name string, given bool, from io.Reader) {
	if from == nil {
		r.fail(name, errors.New("there is no standard input"))
		return
	}
	most := min(maxFileBytes, r.left)
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	switch {
	case err != nil:
		r.fail(name, err)
		return
	case int64(len(text)) > maxFileBytes:
		r.fail(name, fmt.Errorf("the file is larger than the %d MiB that are read", maxFileBytes>>20))
		return
	case int64(len(text)) > most:
		r.fail(name, fmt.Errorf("all files together are larger than the %d MiB that are read", maxInputBytes>>20))
		return
	}
	r.left -= int64(len(text))
	file := &File{Name: name, Text: string(text), Given: given}
	r.input.Problems = append(r.input.Problems, file.parse()...)
	r.input.Files = append(r.input.Files, file)
}
