package differential

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
)

// corpusFiles are files that were written for one trap each, named for it.
//
//go:embed corpus
var corpusFiles embed.FS

// Corpus returns the hand-written files of a grammar.
func Corpus(grammar Grammar) ([]Case, error) {
	folder := path.Join("corpus", string(grammar))
	entries, err := fs.ReadDir(corpusFiles, folder)
	if err != nil {
		return nil, fmt.Errorf("reading the corpus: %w", err)
	}
	var cases []Case
	for _, entry := range entries {
		name := path.Join(folder, entry.Name())
		text, err := corpusFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the corpus: %w", err)
		}
		cases = append(cases, Case{Name: name, Files: Files{grammar.File(): string(text)}})
	}
	return cases, nil
}
