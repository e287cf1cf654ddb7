package render

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Kustomizer renders kustomizations. It is safe for concurrent use, one kustomization at a time: kustomize keeps the schema of a build
// in a variable of the whole program.
type Kustomizer struct{ mu sync.Mutex }

// Render is what "kustomize build FOLDER" prints, to the line. Files are loaded as they are there: from the folder of the kustomization
// that names them and from below, bases and components from anywhere. The error is a *manifest.ProblemError where the place is known.
//
// What is not on this machine is refused before kustomize would fetch it, and so are plugins and charts, for which kustomize would start
// programs.
func (k *Kustomizer) Render(ctx context.Context, folder string) (string, error) {
	return bounded(ctx, func(ctx context.Context) (string, error) {
		k.mu.Lock()
		defer k.mu.Unlock()
		// An absolute path is never taken for a repository.
		path, err := filepath.Abs(folder)
		if err != nil {
			return "", fmt.Errorf("finding the folder: %w", err)
		}
		files := &localFiles{FileSystem: filesys.MakeFsOnDisk(), ctx: ctx, folder: folder}
		options := krusty.MakeDefaultOptions()
		options.Reorder = krusty.ReorderOptionUnspecified // the order of the command
		built, err := krusty.MakeKustomizer(options).Run(files, path)
		switch {
		case ctx.Err() != nil:
			return "", fmt.Errorf("rendering: %w", ctx.Err())
		case files.refused != nil:
			return "", files.refused
		case err != nil:
			return "", fmt.Errorf("kustomize: %s", sayable(err, path, folder))
		}
		text, err := built.AsYaml()
		if err != nil {
			return "", fmt.Errorf("kustomize: %s", sayable(err, path, folder))
		}
		return string(text), nil
	})
}

// sayable is what may be said of an error: kustomize has whole patches in some of its errors, and absolute paths in most.
func sayable(err error, path, folder string) string {
	text := strings.ReplaceAll(err.Error(), path, filepath.Clean(folder))
	if above, aboveErr := filepath.Abs("."); aboveErr == nil {
		text = strings.ReplaceAll(text, strings.TrimSuffix(above, string(filepath.Separator))+string(filepath.Separator), "")
	}
	text = configuration.ReplaceAllString(text, "…")
	// Patches and objects follow these words.
	for _, words := range []string{" from [", " object [", " patch: ", " resource: "} {
		text, _, _ = strings.Cut(text, words)
	}
	return clip(text)
}

// configuration is what kustomize quotes of what it was given.
var configuration = regexp.MustCompile("(?s)`.*`")
