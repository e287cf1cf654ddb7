package controlplane

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// benchModule is the module that this package belongs to.
const benchModule = "github.com/flink-ha/flink-ha-webhook/test"

// recipe is all that decides what a build of the binaries results in.
type recipe struct {
	source     string // folder of the nested module
	kubernetes string // version that the module requires, such as v1.37.2
	hash       string
}

// newRecipe reads the nested module.
func newRecipe(ctx context.Context) (recipe, error) {
	source, err := findSource(ctx)
	if err != nil {
		return recipe{}, err
	}
	r := recipe{source: source}
	if r.kubernetes, err = kubernetesVersion(filepath.Join(source, "go.mod")); err != nil {
		return recipe{}, err
	}
	if r.hash, err = r.sum(); err != nil {
		return recipe{}, fmt.Errorf("hashing %s: %w", source, err)
	}
	return r, nil
}

// name is a folder name that no other recipe has.
func (r recipe) name() string {
	return r.kubernetes + "-" + r.hash
}

// buildFlags are for "go build". They stamp the version, as otherwise the API
// server and kubectl would report a development build.
func (r recipe) buildFlags() []string {
	major, minor, _ := strings.Cut(strings.TrimPrefix(semver.MajorMinor(r.kubernetes), "v"), ".")
	linker := []string{"-s", "-w"}
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		linker = append(linker,
			"-X "+pkg+".gitVersion="+r.kubernetes,
			"-X "+pkg+".gitMajor="+major,
			"-X "+pkg+".gitMinor="+minor,
			"-X "+pkg+".gitCommit=") // else a placeholder of "git archive" shows
	}
	return []string{"-trimpath", "-buildvcs=false", "-ldflags", strings.Join(linker, " ")}
}

// sum hashes the module's files, the flags, the Go release and the platform.
func (r recipe) sum() (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH, r.buildFlags())
	files, err := filepath.Glob(filepath.Join(r.source, "*.go"))
	if err != nil {
		return "", err
	}
	files = append(files, filepath.Join(r.source, "go.mod"), filepath.Join(r.source, "go.sum"))
	for _, file := range files {
		if err := addFile(sum, file); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6]), nil
}

// addFile adds name, length and content of a file.
func addFile(sum hash.Hash, path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Fprintln(sum, filepath.Base(path), len(content))
	_, err = sum.Write(content)
	return err
}

// findSource looks beside this source file, and asks the go command where that
// says nothing, as in a build with -trimpath.
func findSource(ctx context.Context) (string, error) {
	if _, file, _, ok := runtime.Caller(0); ok {
		source := filepath.Join(filepath.Dir(file), "binaries")
		if _, err := os.Stat(filepath.Join(source, "go.mod")); err == nil {
			return source, nil
		}
	}
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", benchModule).Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", fmt.Errorf("asking the go command for module %s: %w", benchModule, err)
	}
	return filepath.Join(strings.TrimSpace(string(output)), "controlplane", "binaries"), nil
}

// kubernetesVersion reads which k8s.io/kubernetes a go.mod requires.
func kubernetesVersion(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("reading the module's requirements: %w", err)
	}
	module, err := modfile.ParseLax(path, content, nil)
	if err != nil {
		return "", fmt.Errorf("reading the module's requirements: %w", err)
	}
	for _, require := range module.Require {
		if require.Mod.Path == "k8s.io/kubernetes" {
			return require.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("reading %s: it does not require k8s.io/kubernetes", path)
}
