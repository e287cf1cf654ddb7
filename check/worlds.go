package check

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// People keep alternatives side by side: staging/flink.yaml and prod/flink.yaml define the same ConfigMap, and no cluster ever has
// both. Where folders define an object differently, the parts of the tree that hold them are alternatives, each with what lies below
// it: a part is judged together with all that has no alternative, and never with another alternative. So the folders become a tree of
// worlds. A world that has others in it adds to each of them what it has itself; those at the leaves are judged.
//
// Within a folder the later of two definitions replaces the earlier one, as it does for kubectl apply.

// world is what is there together, on top of what the world around it has.
type world struct {
	own []*content
	// inner are alternatives, or parts of such that are not alternatives of one another: those with the same fork are.
	inner []*world
	fork  *fork
	// accounts counts the objects about accounts and rights in the world and those within it.
	accounts int
}

// fork is a set of alternatives.
type fork struct{ accounts int }

// plantWorlds makes the tree of worlds of some files: the root has what has no alternative. Files that are wholes by themselves are
// worlds beside all others, which are in the first one.
func plantWorlds(files []*content) *world {
	root, apart := &world{}, &fork{}
	together := newFolder("")
	for _, file := range files {
		switch {
		case file.live:
			root.own = append(root.own, file)
		case file.source.Apart:
			root.inner = append(root.inner, &world{own: []*content{file}, fork: apart})
		default:
			in := together.find(pathOf(file.source.Name))
			in.files = append(in.files, file)
		}
	}
	together.divide()
	common := root
	if len(root.inner) > 0 {
		common = &world{fork: apart}
		root.inner = append([]*world{common}, root.inner...)
	}
	together.grow(common)
	root.count()
	return root
}

// pathOf is the folder of a file, step by step. Standard input is in none.
func pathOf(name string) []string {
	folder := filepath.ToSlash(filepath.Dir(filepath.Clean(name)))
	if name == "-" || folder == "." {
		return nil
	}
	return strings.Split(folder, "/")
}

// folder is a folder of the input.
type folder struct {
	name  string
	files []*content
	// below are the folders in it, by name, in the order in which they were found.
	below []*folder
	index map[string]*folder
	// alternatives is set for each part of the folder that is an alternative to others: a folder in it by its name, what lies in
	// itself by "".
	alternatives map[string]*alternative
}

func newFolder(name string) *folder {
	return &folder{name: name, index: map[string]*folder{}, alternatives: map[string]*alternative{}}
}

// find is a folder below this one, which is made if it is not there.
func (f *folder) find(path []string) *folder {
	for _, name := range path {
		next := f.index[name]
		if next == nil {
			next = newFolder(name)
			f.index[name], f.below = next, append(f.below, next)
		}
		f = next
	}
	return f
}

// alternative is a part of a folder. Those that are alternatives of one another, directly or by way of a third, have the same root.
type alternative struct {
	joined *alternative
	fork   *fork
}

func (a *alternative) root() *alternative {
	for a.joined != nil {
		if a.joined.joined != nil {
			a.joined = a.joined.joined // shortens the way for those that come later
		}
		a = a.joined
	}
	return a
}

// definition is an object as a file of some folder defines it.
type definition struct {
	path []string
	said [32]byte
}

// divide finds the alternatives among what lies in the folder and below it.
func (f *folder) divide() {
	defined := map[admission.Identified][]definition{}
	var order []admission.Identified
	f.each(nil, func(path []string, c *candidate) {
		if c.Name == "" || c.in.bare != nil {
			return
		}
		if defined[c.Identified] == nil {
			order = append(order, c.Identified)
		}
		defined[c.Identified] = append(defined[c.Identified], definition{path, c.said})
	})
	for _, object := range order {
		f.divideBy(defined[object], 0)
	}
}

// each goes through all candidates.
func (f *folder) each(path []string, take func(path []string, c *candidate)) {
	for _, file := range f.files {
		for _, c := range file.candidates {
			take(path, c)
		}
	}
	for _, below := range f.below {
		below.each(append(slices.Clip(path), below.name), take)
	}
}

// divideBy makes alternatives of the parts of the folder that define an object differently. The definitions are of this folder, which
// is so many steps deep.
func (f *folder) divideBy(definitions []definition, depth int) {
	if !differ(definitions) {
		return
	}
	parts := map[string][]definition{}
	var names []string
	for _, d := range definitions {
		name := ""
		if len(d.path) > depth {
			name = d.path[depth]
		}
		if parts[name] == nil {
			names = append(names, name)
		}
		parts[name] = append(parts[name], d)
	}
	for _, name := range names {
		if len(names) > 1 {
			f.join(names[0], name)
		}
		if name != "" {
			f.index[name].divideBy(parts[name], depth+1)
		}
	}
}

func differ(definitions []definition) bool {
	return slices.ContainsFunc(definitions, func(d definition) bool { return d.said != definitions[0].said })
}

// join makes alternatives of two parts, which may be the same.
func (f *folder) join(one, other string) {
	for _, name := range []string{one, other} {
		if f.alternatives[name] == nil {
			f.alternatives[name] = &alternative{fork: &fork{}}
		}
	}
	first, second := f.alternatives[one].root(), f.alternatives[other].root()
	if first != second {
		second.joined = first
	}
}

// grow adds what lies in the folder to a world, and alternatives as worlds within it.
func (f *folder) grow(around *world) {
	self := f.worldOf("", around)
	self.own = append(self.own, f.files...)
	for _, below := range f.below {
		below.grow(f.worldOf(below.name, around))
	}
}

// worldOf is the world of a part of the folder.
func (f *folder) worldOf(part string, around *world) *world {
	found := f.alternatives[part]
	if found == nil {
		return around
	}
	inner := &world{fork: found.root().fork}
	around.inner = append(around.inner, inner)
	return inner
}

// count sums up the objects about accounts.
func (w *world) count() {
	for _, file := range w.own {
		for _, c := range file.candidates {
			if isAboutAccounts(c) {
				w.accounts++
			}
		}
	}
	for _, inner := range w.inner {
		inner.count()
		inner.fork.accounts += inner.accounts
		w.accounts += inner.accounts
	}
}

func isAboutAccounts(c *candidate) bool {
	return c.Kind == "ServiceAccount" && c.Group == "" || c.Group == "rbac.authorization.k8s.io"
}

// within counts the objects about accounts in the worlds that this one has in it.
func (w *world) within() int {
	total := 0
	for _, inner := range w.inner {
		total += inner.accounts
	}
	return total
}

// leaves counts the worlds that are judged.
func (w *world) leaves() int {
	if len(w.inner) == 0 {
		return 1
	}
	total := 0
	for _, inner := range w.inner {
		total += inner.leaves()
	}
	return total
}
