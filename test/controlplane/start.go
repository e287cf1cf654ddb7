package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/flink-ha/flink-ha-webhook/test/process"
)

const (
	// startAttempts is how many ports are tried.
	startAttempts = 5
	// startTimeout is how long an attempt may take, on however busy a machine.
	startTimeout = 5 * time.Minute
)

// Options say how a control plane differs from the usual one.
type Options struct {
	// Log receives the progress of the first build and what else takes time.
	// Nil means nowhere.
	Log io.Writer
	// Dir keeps data, keys and the components' logs, and stays after Stop. It
	// must be new or empty. By default a temporary folder is used and removed.
	Dir string
	// APIServerFlags follow the API server's other flags and win over them.
	// Paths in them must be absolute.
	APIServerFlags []string
}

// ControlPlane is a running control plane.
type ControlPlane struct {
	// Kubeconfig is the path of the administrator's kubeconfig, which needs no
	// other file.
	Kubeconfig string

	assets    Assets
	folder    *folder
	config    *rest.Config
	processes []*process.Process
	shutDown  func() error
}

// Start runs etcd, the API server and the controller manager, and returns when
// the API server is ready and the controllers do their work.
//
// The context is for the start alone: when it ends later, nothing stops. Take it
// from signal.NotifyContext, wait for its end and call Stop, and Ctrl-C leaves
// nothing behind. A process that is killed outright takes its control planes
// along on Linux, and the next Start of anybody removes their folders.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	log := options.Log
	if log == nil {
		log = io.Discard
	}
	assets, err := Binaries(ctx, log)
	if err != nil {
		return nil, err
	}
	sweep(log)
	place, err := newFolder(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("making the control plane's folder: %w", err)
	}
	c := &ControlPlane{assets: assets, folder: place}
	c.shutDown = sync.OnceValue(c.stop)
	if err := c.startSomewhere(ctx, log, options.APIServerFlags); err != nil {
		return nil, errors.Join(err, place.close())
	}
	return c, nil
}

// Stop ends the components, kills those that do not end in time, and removes the
// temporary folder. A component that had ended by itself before is an error. It
// may be called again.
func (c *ControlPlane) Stop() error {
	return c.shutDown()
}

// startSomewhere tries other ports while somebody else takes them.
func (c *ControlPlane) startSomewhere(ctx context.Context, log io.Writer, extra []string) error {
	for attempt := 1; ; attempt++ {
		port, err := freePort()
		if err != nil {
			return err
		}
		err = c.startAt(ctx, port, extra)
		if !errors.Is(err, process.ErrPortTaken) || attempt == startAttempts {
			return err
		}
		fmt.Fprintf(log, "controlplane: somebody took port %d in the meantime, trying another\n", port)
	}
}

// startAt starts everything, or leaves nothing running.
func (c *ControlPlane) startAt(ctx context.Context, port int, extra []string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	err := c.startAll(ctx, port, extra)
	if err != nil {
		_ = c.stopProcesses() // err tells what went wrong first
	}
	return err
}

// startAll starts one component after the other.
func (c *ControlPlane) startAll(ctx context.Context, port int, extra []string) error {
	if err := os.RemoveAll(filepath.Join(c.folder.path, etcd)); err != nil { // of an attempt before
		return err
	}
	if err := c.start(etcd, etcdFlags()); err != nil {
		return err
	}
	keys, err := newCredentials(c.folder.path)
	if err != nil {
		return err
	}
	if err := c.start(apiServer, slices.Concat(apiServerFlags(c.folder.path, port), extra)); err != nil {
		return err
	}
	managers, err := c.writeAccess(serverURL(port), keys)
	if err != nil {
		return err
	}
	if err := c.await(ctx, "the API server", ready); err != nil {
		return err
	}
	if err := c.start(controllerManager, controllerManagerFlags(c.folder.path, managers)); err != nil {
		return err
	}
	if err := c.await(ctx, "the service account controller", hasDefaultAccount); err != nil {
		return err
	}
	return c.awaitGarbageCollector(ctx)
}

// start runs a component and remembers it.
func (c *ControlPlane) start(name string, flags []string) error {
	p, err := process.Start(process.Command{
		Name: name, Path: c.assets.Path(name), Args: flags,
		Dir: c.folder.path, Env: componentEnvironment(c.folder.path),
		Log: filepath.Join(c.folder.path, name+".log"),
	})
	if err == nil {
		c.processes = append(c.processes, p)
	}
	return err
}

// componentEnvironment is next to empty, as the components read settings from
// variables too: etcd has one for each of its flags.
func componentEnvironment(folder string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TMPDIR=" + folder}
}

// stop is what the first Stop does.
func (c *ControlPlane) stop() error {
	return errors.Join(c.stopProcesses(), c.folder.close())
}

// stopProcesses ends the components in the order in which none misses another.
func (c *ControlPlane) stopProcesses() error {
	var failures []error
	for _, p := range slices.Backward(c.processes) {
		failures = append(failures, p.Stop())
	}
	c.processes = nil
	return errors.Join(failures...)
}

// failure tells of a component that ended by itself.
func (c *ControlPlane) failure() error {
	for _, p := range c.processes {
		if err := p.Failure(); err != nil {
			return err
		}
	}
	return nil
}
