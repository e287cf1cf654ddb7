package render

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// localFiles are the files of this machine, for kustomize to read and never to write. kustomize reads every kustomization through them
// before it fetches what that names, so that this is where it can be refused.
type localFiles struct {
	filesys.FileSystem

	ctx context.Context //nolint:containedctx // the interface takes none, and this is how a build can be ended
	// folder as it was named.
	folder string
	// refused is why the build must not go on.
	refused error
}

// maxSourceBytes bounds a file that is built upon.
const maxSourceBytes = 64 << 20

// ReadFile reads a file, unless what it names would be fetched.
func (l *localFiles) ReadFile(path string) ([]byte, error) {
	if err := l.ctx.Err(); err != nil {
		return nil, err
	}
	if l.refused != nil {
		return nil, l.refused
	}
	if info, err := os.Stat(path); err == nil && (info.Size() > maxSourceBytes || !info.Mode().IsRegular()) {
		return nil, fmt.Errorf("%s is no file of at most %d MiB", asNamed(path, l.folder), maxSourceBytes>>20)
	}
	text, err := l.FileSystem.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if slices.Contains(konfig.RecognizedKustomizationFileNames(), filepath.Base(path)) {
		err = l.inspectRoot(path, text)
	} else {
		err = l.inspectPlugins(path, text)
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// inspectRoot refuses a kustomization that builds upon what is not on this machine.
func (l *localFiles) inspectRoot(path string, text []byte) error {
	var root types.Kustomization
	if err := root.Unmarshal(text); err != nil {
		return nil //nolint:nilerr // kustomize reads it in the same way, and says so
	}
	root.FixKustomization() // brings names together that stand in fields of former versions
	if len(root.HelmCharts) > 0 {
		return l.refuse(path, placeOf(text, root.HelmCharts[0].Name), "it has Helm charts rendered, for which kustomize would start helm", " --enable-helm")
	}
	for _, name := range foldersOf(&root) {
		if isRemote(name) && !isInline(name) {
			return l.refuseRemote(path, text, name)
		}
	}
	for _, name := range filesOf(&root) {
		if hasHTTP(name) {
			return l.refuseRemote(path, text, name)
		}
	}
	for _, inline := range slices.Concat(root.Generators, root.Transformers, root.Validators) {
		if isInline(inline) {
			if err := l.inspectPlugins(path, []byte(inline)); err != nil {
				return err
			}
		}
	}
	return nil
}

// inspectPlugins refuses the configuration of generators and transformers that are built in if it names what has to be fetched.
func (l *localFiles) inspectPlugins(path string, text []byte) error {
	for _, document := range documentsOf(text) {
		names := scalarsOf(document)
		if !slices.Contains(names, konfig.BuiltinPluginApiVersion) {
			continue
		}
		for _, name := range names {
			if hasHTTP(behindKey(name)) {
				return l.refuseRemote(path, text, name)
			}
		}
	}
	return nil
}

func (l *localFiles) refuseRemote(path string, text []byte, name string) error {
	remote := name
	if hasHTTP(behindKey(name)) {
		remote = behindKey(name)
	}
	return l.refuse(path, placeOf(text, name), fmt.Sprintf("%q is not on this machine, and nothing is fetched", clip(withoutSecrets(remote))), "")
}

// refuse ends the build. The remedy is to have kustomize itself do it.
func (l *localFiles) refuse(path string, at *yaml.Node, reason, flags string) error {
	l.refused = &manifest.ProblemError{
		Place:  manifest.Place{File: asNamed(path, l.folder), Line: at.Line, Column: at.Column},
		Reason: reason + "; pipe it: kustomize build" + flags + " " + filepath.Clean(l.folder) + " | flink-ha-webhook check -",
	}
	return l.refused
}

// asNamed is a path as it would be named from where the folder was named.
func asNamed(path, folder string) string {
	if filepath.IsAbs(folder) {
		return path
	}
	here, err := filepath.Abs(".")
	if err == nil {
		here, err = filepath.EvalSymlinks(here) // as kustomize names files
	}
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, path); err == nil {
		return relative
	}
	return path
}

var errReadOnly = errors.New("files are read here, and not written")

// Create refuses.
func (*localFiles) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir refuses.
func (*localFiles) Mkdir(string) error { return errReadOnly }

// MkdirAll refuses.
func (*localFiles) MkdirAll(string) error { return errReadOnly }

// RemoveAll refuses.
func (*localFiles) RemoveAll(string) error { return errReadOnly }

// WriteFile refuses.
func (*localFiles) WriteFile(string, []byte) error { return errReadOnly }

var _ filesys.FileSystem = (*localFiles)(nil)
