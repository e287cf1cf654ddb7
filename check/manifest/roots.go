package manifest

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// FindRoots finds what Find finds, except that a folder with a kustomization or a Helm chart in it is one source, with what it is
// rendered by. The files that belong to it are no sources, unless they were named themselves.
//
// A kustomization that another one builds upon is no source either, unless its folder was named: what comes of it is in what comes of
// the other. Charts that only others use, and those in the charts/ of others, are left out.
func FindRoots(arguments []string) []Source {
	f := finder{seen: map[string]bool{}, roots: &roots{
		given: map[string]bool{}, kustomizations: map[string]bool{}, parts: map[string]bool{}, uses: map[string][]string{},
	}}
	f.find(arguments)
	f.roots.reach(f.found)
	return slices.DeleteFunc(f.found, f.roots.isPart)
}

// reach forgets that a kustomization is a part where nothing that is rendered leads to it: kustomizations that name one another in a
// circle, or themselves, would all be parts, and none of them judged. The first of a circle is rendered, for kustomize to refuse.
func (r *roots) reach(sources []Source) {
	reached := map[string]bool{}
	render := func(source Source) {
		for next := []string{absolute(source.Name)}; len(next) > 0; {
			path := next[len(next)-1]
			next = next[:len(next)-1]
			if !reached[path] {
				reached[path] = true
				next = append(next, r.uses[path]...)
			}
		}
	}
	for _, circles := range []bool{false, true} {
		for _, source := range sources {
			switch path := absolute(source.Name); {
			case source.Rendering != Kustomize || reached[path]:
			case !r.isPart(source):
				render(source)
			case circles:
				delete(r.parts, path)
				render(source)
			}
		}
	}
}

// roots are the folders that are rendered, and what belongs to them. Its keys are absolute paths.
type roots struct {
	// given are folders that were named.
	given map[string]bool
	// kustomizations are the folders with one, and parts all files and folders that kustomizations name.
	kustomizations, parts map[string]bool
	// uses are the folders that the kustomization in a folder builds upon, and files beside them.
	uses map[string][]string
}

// isPart tells whether a source is a part of what is rendered.
func (r *roots) isPart(source Source) bool {
	if source.Given || source.Name == standardInput {
		return false
	}
	path := absolute(source.Name)
	switch source.Rendering {
	case Kustomize:
		return r.parts[path] && !r.given[path]
	case Helm:
		return false
	}
	return r.parts[path] || r.kustomizations[filepath.Dir(path)]
}

// absolute is a path by which a file is known, however it was named. Where there is no present folder it stays as it is.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return filepath.Clean(path)
}

// enter looks whether a folder is rendered. fs.SkipDir says that nothing else in it counts.
func (f *finder) enter(folder string) error {
	if is, isLibrary := isChart(folder); is {
		if !isLibrary {
			f.addRoot(folder, "Chart.yaml", Helm)
		}
		return fs.SkipDir
	}
	root, component := f.roots.kustomization(folder)
	if root != "" && (!component || f.roots.given[absolute(folder)]) {
		f.addRoot(folder, root, Kustomize)
	}
	return nil
}

func (f *finder) addRoot(folder, root string, by Rendering) {
	clean := filepath.Clean(folder)
	if f.seen[clean] {
		return
	}
	f.seen[clean] = true
	f.found = append(f.found, Source{Name: clean, Rendering: by, Root: filepath.Join(clean, root), Apart: true})
}

// kustomization notes what a kustomization in a folder names, and returns the name of its file. A component is for others to use.
func (r *roots) kustomization(folder string) (file string, component bool) {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		root, ok := readRoot(filepath.Join(folder, name))
		if !ok {
			continue
		}
		var head struct {
			APIVersion                   string `yaml:"apiVersion"`
			Kind                         string `yaml:"kind"`
			Resources, Bases, Components []string
		}
		// What does not fit is for kustomize to refuse.
		_ = root.Decode(&head)
		if head.APIVersion != "" && !strings.HasPrefix(head.APIVersion, "kustomize.config.k8s.io/") {
			continue // such as a Kustomization of Flux, which is an object in a cluster
		}
		file, component = name, component || head.Kind == "Component"
		path := absolute(folder)
		r.kustomizations[path] = true
		for _, entry := range slices.Concat(head.Resources, head.Bases, head.Components) {
			r.parts[filepath.Join(path, entry)] = true
			r.uses[path] = append(r.uses[path], filepath.Join(path, entry))
		}
		r.noteFiles(path, root)
	}
	return file, component
}

// noteFiles has every file that any text in a kustomization names as a part of it: patches, and what generators read.
func (r *roots) noteFiles(folder string, node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && len(node.Value) < maxPathBytes {
		for _, name := range []string{node.Value, node.Value[strings.IndexByte(node.Value, '=')+1:]} {
			if path := filepath.Join(folder, name); hasExtension(path) {
				r.parts[path] = true
			}
		}
	}
	for _, below := range node.Content {
		r.noteFiles(folder, below)
	}
}

// maxPathBytes is more than the path of a file has.
const maxPathBytes = 4096

// isChart tells whether a folder is a Helm chart, and whether one that only other charts use.
func isChart(folder string) (is, isLibrary bool) {
	root, ok := readRoot(filepath.Join(folder, "Chart.yaml"))
	if !ok {
		return false, false
	}
	var head struct {
		APIVersion string `yaml:"apiVersion"`
		Name, Type string
	}
	if err := root.Decode(&head); err == nil && strings.Contains(head.APIVersion, "/") {
		return false, false // an object of somebody's
	}
	return true, head.Type == "library"
}

// readRoot reads the file that makes a folder one that is rendered. It returns false where there is none, or a template of one. What is
// malformed is an empty node: that is for the renderer to refuse.
func readRoot(name string) (*yaml.Node, bool) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	if info.Size() > maxRootBytes {
		return &yaml.Node{}, true
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return &yaml.Node{}, true
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return &yaml.Node{}, !templateTag.Match(text)
	}
	return &root, true
}

// maxRootBytes bounds what is looked at of a kustomization or a Chart.yaml.
const maxRootBytes = 8 << 20
