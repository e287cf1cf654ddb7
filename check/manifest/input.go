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

// Read reads files, folders and standard input ("-"), as Find finds them, all at once.
func Read(arguments []string, stdin io.Reader) Input {
	var input Input
	left := int64(maxInputBytes)
	for _, source := range Find(arguments) {
		file, problems := source.load(stdin, left)
		if file != nil {
			left -= int64(len(file.Text))
			input.Files = append(input.Files, file)
		}
		input.Problems = append(input.Problems, problems...)
	}
	return input
}

// Source is a file, or standard input, that is yet to be read.
type Source struct {
	// Name is what was given, or how it was found from there.
	Name string
	// Given is true if the file itself was named, and not a folder that it is in.
	Given bool
	// Apart is true for what is a whole by itself, such as a folder that was rendered: nothing else is there together with it.
	Apart bool
	// failure is why it cannot be read.
	failure error
	// held is taken for what is in it, if it is not nil.
	held *string
	// Namespace of the objects in it that name none, where nothing else is known of that: "" for most sources.
	Namespace string
	// Rendering is what makes manifests of it where it is a folder: see FindRoots. rendered is how, nil for what is read.
	Rendering Rendering
	// Root is the file in the folder that says how.
	Root     string
	rendered func() (string, error)
}

// Holding is the source with a text that is taken for what is in it, so that the file is not read.
func (s Source) Holding(text string) Source {
	s.held, s.failure = &text, nil
	return s
}

// Find names the files that arguments mean: files, folders and standard input ("-"). Folders are searched as kubectl apply -R does
// it: for names that end in .yaml, .yml and .json, hidden ones and links to files included, links to folders not. Folders whose name
// begins with two dots are left out: the kubelet keeps there what the files beside them link to.
// What is not there is a source that fails when it is loaded.
func Find(arguments []string) []Source {
	f := finder{seen: map[string]bool{}}
	f.find(arguments)
	return f.found
}

// finder collects sources.
type finder struct {
	found []Source
	seen  map[string]bool
	// roots is nil where all files are read as they stand.
	roots *roots
}

func (f *finder) find(arguments []string) {
	for _, argument := range arguments {
		if argument == standardInput {
			f.add(argument, true)
			continue
		}
		info, err := os.Stat(argument)
		switch {
		case err != nil:
			f.fail(argument, err)
		case info.IsDir():
			if f.roots != nil {
				f.roots.given[absolute(argument)] = true
			}
			f.walk(argument)
		default:
			f.add(argument, true)
		}
	}
}

// failed is a problem with a file as a whole.
func failed(name string, err error) error {
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		err = inPath.Err
	}
	return &ProblemError{Place: Place{File: name}, Reason: err.Error()}
}

func (f *finder) fail(name string, err error) {
	f.found = append(f.found, Source{Name: name, failure: failed(name, err)})
}

func (f *finder) walk(folder string) {
	// A link to a folder is followed where it was given itself.
	root := strings.TrimSuffix(folder, string(filepath.Separator)) + string(filepath.Separator)
	err := filepath.WalkDir(root, func(path string, item fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.fail(path, err)
			if item != nil && item.IsDir() {
				return fs.SkipDir
			}
		case item.IsDir() && strings.HasPrefix(item.Name(), "..") && path != root:
			return fs.SkipDir
		case item.IsDir() && f.roots != nil:
			return f.enter(path)
		case !item.IsDir() && hasExtension(path) && isFile(path):
			f.add(filepath.Clean(path), false)
		}
		return nil
	})
	if err != nil {
		f.fail(folder, err)
	}
}

func (f *finder) add(name string, given bool) {
	clean := name
	if name != standardInput {
		clean = filepath.Clean(name)
	}
	if !f.seen[clean] {
		f.seen[clean] = true
		f.found = append(f.found, Source{Name: name, Given: given})
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

// Load reads the source. The problems are what could not be read; there is no file if that is all of it.
func (s Source) Load(stdin io.Reader) (*File, []error) { return s.load(stdin, maxFileBytes) }

// load reads no more than so many bytes.
func (s Source) load(stdin io.Reader, left int64) (*File, []error) {
	file, err := s.open(stdin, left)
	if err != nil {
		return nil, []error{err}
	}
	return file, file.parse()
}

// Open reads the text of the source and none of the documents in it: see Parts.
func (s Source) Open(stdin io.Reader) (*File, error) { return s.open(stdin, maxFileBytes) }

func (s Source) open(stdin io.Reader, left int64) (*File, error) {
	if s.failure != nil {
		return nil, s.failure
	}
	if s.held != nil {
		return s.of(*s.held), nil
	}
	if s.rendered != nil {
		return s.render()
	}
	from, size := stdin, int64(0)
	if s.Name != standardInput {
		file, err := os.Open(s.Name)
		if err != nil {
			return nil, failed(s.Name, err)
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil {
			size = info.Size()
		}
		from = file
	} else if stdin == nil {
		return nil, failed(s.Name, errors.New("there is no standard input"))
	}
	most := min(maxFileBytes, left)
	text, err := readText(io.LimitReader(from, most+1), min(size, most))
	switch {
	case err != nil:
		return nil, failed(s.Name, err)
	case int64(len(text)) > maxFileBytes:
		return nil, failed(s.Name, fmt.Errorf("the file is larger than the %d MiB that are read", maxFileBytes>>20))
	case int64(len(text)) > most:
		return nil, failed(s.Name, fmt.Errorf("all files together are larger than the %d MiB that are read", maxInputBytes>>20))
	}
	return s.of(text), nil
}

// readText reads a text that is likely to have so many bytes, 0 if that is not known: without growing what holds it on the way, since
// texts may be large.
func readText(from io.Reader, size int64) (string, error) {
	const block = 64 << 10
	var text strings.Builder
	text.Grow(int(size))
	if size == 0 {
		size = block
	}
	buffer := make([]byte, min(size+1, block))
	for {
		n, err := from.Read(buffer)
		text.Write(buffer[:n])
		if errors.Is(err, io.EOF) {
			return text.String(), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// of is the file with a text.
func (s Source) of(text string) *File { return &File{Name: s.Name, Text: text, Given: s.Given} }

// Parse takes a text for what the source holds.
func (s Source) Parse(text string) (*File, []error) {
	file := s.of(text)
	return file, file.parse()
}
