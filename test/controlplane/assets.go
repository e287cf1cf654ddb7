package controlplane

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// The executables of a control plane, by the names that everybody knows.
const (
	etcd              = "etcd"
	apiServer         = "kube-apiserver"
	controllerManager = "kube-controller-manager"
	kubectl           = "kubectl"
)

// assetsVariable names a directory of ready executables, as envtest has it.
const assetsVariable = "KUBEBUILDER_ASSETS"

// Assets is a directory that holds etcd, kube-apiserver,
// kube-controller-manager and kubectl.
type Assets struct {
	// Dir may be handed to envtest as its binary assets directory.
	Dir string
}

// Path returns where the executable of that name lies.
func (a Assets) Path(name string) string {
	return filepath.Join(a.Dir, name)
}

// Binaries returns the executables of a control plane: those that
// KUBEBUILDER_ASSETS points to if that directory has all four, otherwise those
// that it builds from the nested module "binaries". The first build takes
// minutes, and log tells how it goes; what was built is kept in the user's cache
// directory and found again until the module or the Go release changes. Two
// processes never build at the same time.
func Binaries(ctx context.Context, log io.Writer) (Assets, error) {
	if given, ok := givenAssets(log); ok {
		return given, nil
	}
	recipe, err := newRecipe(ctx)
	if err != nil {
		return Assets{}, fmt.Errorf("finding the source of the control plane: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return Assets{}, fmt.Errorf("finding a place for the control plane's binaries: %w", err)
	}
	built := Assets{Dir: filepath.Join(cache, "flink-ha-webhook", "controlplane", recipe.name())}
	if len(built.missing()) == 0 {
		return built, nil
	}
	if err := buildOnce(ctx, log, recipe, built); err != nil {
		return Assets{}, fmt.Errorf("building the control plane's binaries: %w", err)
	}
	return built, nil
}

// givenAssets returns what KUBEBUILDER_ASSETS points to. A directory that lacks
// something is said on log and not used: the set that envtest downloads, for
// one, has no controller manager and so no garbage collector.
func givenAssets(log io.Writer) (Assets, bool) {
	dir := os.Getenv(assetsVariable)
	if dir == "" {
		return Assets{}, false
	}
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute // the components run in another directory
	}
	given := Assets{Dir: dir}
	missing := given.missing()
	if len(missing) > 0 {
		fmt.Fprintf(log, "controlplane: %s=%s is not used, as it lacks %s\n", assetsVariable, given.Dir, strings.Join(missing, ", "))
		return Assets{}, false
	}
	return given, true
}

// missing names the executables that the directory does not hold.
func (a Assets) missing() []string {
	var names []string
	for _, name := range []string{etcd, apiServer, controllerManager, kubectl} {
		info, err := os.Stat(a.Path(name))
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			names = append(names, name)
		}
	}
	return names
}
