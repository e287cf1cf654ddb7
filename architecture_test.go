// Package flinkhawebhook_test holds the design's directions between folders: who may import whom.
package flinkhawebhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/flink-ha/flink-ha-webhook"

// anyFolder stands in an edge for all folders of the module.
const anyFolder = "*"

// An edge is a direction in which packages of one folder may import those of another. What is not in the list is
// forbidden, for tests too. depguard in .golangci.yml has the same list; a change here is a change there.
type edge struct{ from, to, because string }

func edges() []edge {
	return []edge{
		{"validation", "flink", "rules judge Flink's own view of a cluster"},
		{"validation", "policy", "a rule has a level and may be exempted"},
		{"mutation", "flink", "an edit is planned on a workload or configuration that flink recognised"},
		{"mutation", "policy", "the policy says what may be injected and stripped"},

		{"admission", "flink", "it recognises the object under review"},
		{"admission", "mutation", "it applies the planned edits before it judges"},
		{"admission", "validation", "it collects the findings"},
		{"admission", "policy", "it turns findings into a decision"},

		{"webhook", "admission", "every review is answered by the one decision"},
		{"webhook", "validation", "a decision holds findings"},
		{"webhook", "mutation", "a decision holds edits"},
		{"webhook", "policy", "a decision holds levels and modes"},
		{"webhook", "flink", "findings hold positions"},

		{"check", "admission", "a file gets the very decision that the server would give"},
		{"check", "validation", "a report holds findings"},
		{"check", "mutation", "a report holds edits"},
		{"check", "policy", "a report holds levels and modes"},
		{"check", "flink", "positions in an object become positions in a file"},

		{"cluster", "admission", "the background audit takes the same decision"},
		{"cluster", "validation", "it answers what rules ask about their surroundings"},
		{"cluster", "policy", "it watches the policy and the labels of namespaces"},
		{"cluster", "flink", "it finds HA state and indexes clusters by their identity"},

		{"docs", "validation", "pages on rules are generated from the rules"},
		{"docs", "admission", "pages on rules show what the guard says"},
		{"docs", "policy", "the schema of the policy file is generated from its types"},
		{"docs", "flink", "pages name Flink's options"},

		{"cmd", anyFolder, "it wires everything together"},
	}
}

// A ban keeps packages out of folders. It is not about tests, which may use more.
type ban struct {
	folders []string
	imports []string // as patterns of the go command: "net" is one package, "net/http/..." also those below it
	deep    bool     // also through other packages
	because string
}

func bans() []ban {
	core := coreFolders()
	withoutCluster := append(coreFolders(), "check", "cmd/flink-ha-check", "docs", "manifests")
	return []ban{
		{
			folders: core,
			imports: []string{"expvar", "log/...", "net", "net/http/..."},
			because: "the core takes values and returns values; serving, logging and measuring happen around it",
		},
		{
			folders: core,
			imports: []string{"flag", "io/ioutil", "os/...", "path/filepath", "syscall"},
			because: "callers read files, flags and environment and pass what they found",
		},
		{
			folders: core,
			imports: []string{"crypto/rand", "math/rand/..."},
			because: "the same input gets the same verdict",
		},
		{
			folders: withoutCluster,
			imports: []string{"k8s.io/client-go/..."},
			deep:    true,
			because: "what works without a cluster does not carry the client of one",
		},
		{
			folders: append(withoutCluster, "certs"),
			imports: []string{"sigs.k8s.io/controller-runtime/..."},
			because: "controller-runtime lives in webhook, cluster and cmd",
		},
		{
			folders: []string{"cmd/flink-ha-check"},
			imports: []string{module + "/certs/...", module + "/cluster/...", module + "/webhook/..."},
			deep:    true,
			because: "it is the small binary, without what only the server needs",
		},
		{
			folders: []string{"check", "cmd/flink-ha-check", "cmd/offline"},
			imports: []string{"helm.sh/helm/...", "sigs.k8s.io/kustomize/..."},
			deep:    true,
			because: "rendering is in cmd/render alone, and linked into the large binary alone",
		},
	}
}

// coreFolders hold the decision and all that it is made of.
func coreFolders() []string {
	return []string{"flink", "policy", "validation", "mutation", "admission"}
}

// coreModules are what the core may use besides the standard library. The patches of the API server are applied by its own
// library, and whether rules of RBAC cover a right is for Kubernetes' own code to say.
func coreModules() []string {
	return []string{
		"gopkg.in/evanphx/json-patch.v4/...", "gopkg.in/yaml.v3/...", "k8s.io/api/...", "k8s.io/apimachinery/...",
		"k8s.io/component-helpers/auth/rbac/validation",
	}
}

// folders are all places for packages, those without an edge too. This test is the only package at the top.
func folders() []string {
	all := []string{"", "certs", "manifests"}
	for _, e := range edges() {
		all = append(all, e.from, e.to)
	}
	return all
}

func TestPackagesImportOnlyWhatTheDesignAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, problem := range p.problems() {
			t.Error(problem)
		}
	}
}

func TestForbiddenImportsAreNoticed(t *testing.T) {
	tests := map[string]struct {
		pkg  goPackage
		want int
	}{
		"an edge of the design": {pkg: goPackage{ImportPath: module + "/admission", Imports: []string{module + "/flink"}}},
		"within a folder":       {pkg: goPackage{ImportPath: module + "/flink/workloads", Imports: []string{module + "/flink"}}},
		"cmd imports anything":  {pkg: goPackage{ImportPath: module + "/cmd/flink-ha-webhook", Imports: []string{module + "/certs", "os"}}},
		"pure packages":         {pkg: goPackage{ImportPath: module + "/flink", Imports: []string{"net/url", "k8s.io/api/core/v1", "gopkg.in/yaml.v3"}}},
		"more for tests":        {pkg: goPackage{ImportPath: module + "/flink", TestImports: []string{"os", "github.com/google/go-cmp/cmp"}}},
		"against an edge":       {pkg: goPackage{ImportPath: module + "/flink", Imports: []string{module + "/policy"}}, want: 1},
		"against it in a test":  {pkg: goPackage{ImportPath: module + "/mutation", XTestImports: []string{module + "/validation"}}, want: 1},
		"between I/O packages":  {pkg: goPackage{ImportPath: module + "/webhook", Imports: []string{module + "/certs"}}, want: 1},
		"from cmd":              {pkg: goPackage{ImportPath: module + "/check", Imports: []string{module + "/cmd/internal"}}, want: 1},
		"unknown folder":        {pkg: goPackage{ImportPath: module + "/util"}, want: 1},
		"files in the core":     {pkg: goPackage{ImportPath: module + "/policy", Imports: []string{"os/exec"}}, want: 1},
		"modules in the core":   {pkg: goPackage{ImportPath: module + "/validation", Imports: []string{"k8s.io/apiserver/pkg/cel"}}, want: 1},
		"evaluation of RBAC":    {pkg: goPackage{ImportPath: module + "/validation/access", Imports: []string{"k8s.io/component-helpers/auth/rbac/validation"}}},
		"more of its module":    {pkg: goPackage{ImportPath: module + "/validation/access", Imports: []string{"k8s.io/component-helpers/auth/rbac/reconciliation"}}, want: 1},
		"client by a detour":    {pkg: goPackage{ImportPath: module + "/check", Deps: []string{"k8s.io/client-go/rest"}}, want: 1},
		"rendering in it":       {pkg: goPackage{ImportPath: module + "/cmd/flink-ha-check", Deps: []string{"sigs.k8s.io/kustomize/api/krusty"}}, want: 1},
		"server in small tool":  {pkg: goPackage{ImportPath: module + "/cmd/flink-ha-check", Deps: []string{module + "/cluster"}}, want: 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tc.pkg.problems(); len(got) != tc.want {
				t.Errorf("got %d problems, want %d: %q", len(got), tc.want, got)
			}
		})
	}
}

// goPackage is what "go list -json" says about a package.
type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string // of tests in the package itself
	XTestImports []string // of tests beside it
	Deps         []string // all that Imports lead to
}

// problems lists the imports of a package that the design forbids, each with the reason.
func (p goPackage) problems() []string {
	from := folderOf(p.ImportPath)
	if !slices.Contains(folders(), from) {
		return []string{fmt.Sprintf("%s is in no folder that the design knows: name the folder in the edges of this test, with what it may import and why", p.ImportPath)}
	}
	var problems []string
	for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
		if inModule(imported) && !allowed(from, folderOf(imported)) {
			problems = append(problems, fmt.Sprintf("%s imports %s: the design has no such direction; what %s may import is %q", p.ImportPath, imported, from, neighbours(from)))
		}
	}
	for _, b := range bans() {
		problems = append(problems, b.problems(p)...)
	}
	if !slices.Contains(coreFolders(), from) {
		return problems
	}
	for _, imported := range p.Imports {
		if isThirdParty(imported) && !matchesAny(coreModules(), imported) {
			problems = append(problems, fmt.Sprintf("%s imports %s: besides the standard library the core uses %q and nothing else", p.ImportPath, imported, coreModules()))
		}
	}
	return problems
}

func (b ban) problems(p goPackage) []string {
	if !slices.ContainsFunc(b.folders, func(folder string) bool { return match(module+"/"+folder+"/...", p.ImportPath) }) {
		return nil
	}
	imports, verb := p.Imports, "imports"
	if b.deep {
		imports, verb = p.Deps, "depends on"
	}
	var problems []string
	for _, imported := range imports {
		if matchesAny(b.imports, imported) {
			problems = append(problems, fmt.Sprintf("%s %s %s: %s", p.ImportPath, verb, imported, b.because))
		}
	}
	return problems
}

func allowed(from, to string) bool {
	return from == to || slices.ContainsFunc(edges(), func(e edge) bool {
		return e.from == from && (e.to == to || e.to == anyFolder)
	})
}

func neighbours(from string) []string {
	var names []string
	for _, e := range edges() {
		if e.from == from {
			names = append(names, e.to)
		}
	}
	return names
}

// folderOf is the first element of a path inside the module.
func folderOf(importPath string) string {
	folder, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/"), "/")
	return folder
}

func inModule(importPath string) bool {
	return match(module+"/...", importPath)
}

// isThirdParty tells other people's packages from ours and from those of the standard library, which have no dot in the
// first element of their path.
func isThirdParty(importPath string) bool {
	host, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(host, ".") && !inModule(importPath)
}

func matchesAny(patterns []string, importPath string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return match(pattern, importPath) })
}

// match knows the two forms of pattern that are used here, a path and path/...
func match(pattern, importPath string) bool {
	parent, open := strings.CutSuffix(pattern, "/...")
	return importPath == parent || open && strings.HasPrefix(importPath, parent+"/")
}

// listPackages asks the go command for all packages of this module that exist so far; nested modules are not among them.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	lookAtSources(t)
	// With -e a package that does not compile is listed all the same: that it does not is for other tests to say.
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "./...")
	var stderr strings.Builder
	list.Stderr = &stderr
	output, err := list.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", list, err, stderr.String())
	}
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("reading the output of %s: %v", list, err)
		}
		packages = append(packages, p)
	}
}

// lookAtSources opens every folder, so that Go's test cache knows what this test depends on: it cannot see what the go
// command reads, and would repeat yesterday's success.
func lookAtSources(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || path == "." {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".") || path == "bin" || path == "test" {
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
