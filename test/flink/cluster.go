package flink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// poll is how often a cluster is asked whether something has happened.
const poll = 100 * time.Millisecond

// Cluster is a session cluster with Kubernetes high availability: a JobManager and a TaskManager, each of which is started again
// whenever it ends.
type Cluster struct {
	JobManager, TaskManager *Supervisor
	options                 Options
}

// Options say what a cluster is.
type Options struct {
	Release Release
	// ID is the cluster's id, and Namespace the one of its HA state.
	ID, Namespace string
	// Kubeconfig is the way to the API server of both processes.
	Kubeconfig string
	// Folder holds everything that the cluster writes: configuration directories, logs, HA storage and checkpoints. A cluster
	// that is started with the folder of another goes on with what that has stored.
	Folder string
	// Settings are lines that are added to the configuration.
	Settings string
}

// Storage is the directory that HA state points into.
func (o Options) Storage() string { return filepath.Join(o.Folder, "ha") }

// Checkpoints is the directory with a folder for each job, in which lie its checkpoints.
func (o Options) Checkpoints() string { return filepath.Join(o.Folder, "checkpoints") }

// configuration is the text that both processes read.
func (o Options) configuration() string {
	return fmt.Sprintf("high-availability.type: kubernetes\nhigh-availability.storageDir: file://%s\nkubernetes.cluster-id: %s\n"+
		"state.checkpoints.dir: file://%s\n%s", o.Storage(), o.ID, o.Checkpoints(), o.Settings)
}

// launch is one of the two processes in a folder of its own.
func (o Options) launch(program Program, folder string) (Launch, error) {
	dir := filepath.Join(o.Folder, folder)
	return Launch{
		Release: o.Release, Program: program, Folder: dir, Text: o.configuration(),
		Kubeconfig: o.Kubeconfig, Namespace: o.Namespace,
	}, os.MkdirAll(dir, 0o750)
}

// Start starts both processes, and returns at once. Stop must be called in the end. The context is for the start alone.
func Start(ctx context.Context, options Options) (*Cluster, error) {
	leader, err := options.launch(JobManager(), "jobmanager")
	if err != nil {
		return nil, err
	}
	worker, err := options.launch(TaskManager(), "taskmanager")
	if err != nil {
		return nil, err
	}
	c := &Cluster{options: options}
	if c.JobManager, err = Supervise(ctx, leader); err != nil {
		return nil, err
	}
	if c.TaskManager, err = Supervise(ctx, worker); err != nil {
		return nil, errors.Join(err, c.JobManager.Stop())
	}
	return c, nil
}

// Stop ends both processes at once and for good. Their HA state stays.
func (c *Cluster) Stop() error {
	return errors.Join(c.TaskManager.Stop(), c.JobManager.Stop())
}

var (
	listens = regexp.MustCompile(`Rest endpoint listening at [^ :]+:([0-9]+)`)
	granted = regexp.MustCompile(`Resource manager service is granted leadership with session id [0-9a-f-]{36}`)
)

// RESTPort is where the present JobManager listens. It is waited for until the JobManager leads, through any number of starts.
func (c *Cluster) RESTPort(ctx context.Context) (string, error) {
	var port string
	err := c.await(ctx, "a JobManager leads", func() (bool, error) {
		process := c.JobManager.Process()
		said, err := process.Said()
		match := listens.FindStringSubmatch(said)
		if _, ended := process.Exit(); err != nil || ended || match == nil || !granted.MatchString(said) {
			return false, err
		}
		port = match[1]
		return true, nil
	})
	return port, err
}

// Submit submits a job that counts for ever, with a checkpoint every second, and returns its id.
func (c *Cluster) Submit(ctx context.Context) (string, error) {
	port, err := c.RESTPort(ctx)
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp(c.options.Folder, "client-")
	if err != nil {
		return "", err
	}
	client, err := Launch{Release: c.options.Release, Program: JobClient(), Folder: folder, Arguments: []string{port}}.Start(ctx)
	if err != nil {
		return "", err
	}
	select {
	case <-client.Ended():
	case <-ctx.Done():
		return "", errors.Join(fmt.Errorf("submitting a job: %w", ctx.Err()), client.Kill())
	}
	said, err := client.Said()
	match := regexp.MustCompile(`(?m)^submitted ([0-9a-f]{32})$`).FindStringSubmatch(said)
	if err != nil || match == nil {
		return "", errors.Join(fmt.Errorf("submitting a job: the client says:\n%s", Problems(said)), err)
	}
	return match[1], nil
}

// await waits until a condition holds.
func (c *Cluster) await(ctx context.Context, what string, holds func() (bool, error)) error {
	for {
		held, err := holds()
		if err != nil || held {
			return err
		}
		select {
		case <-ctx.Done():
			said, _ := c.JobManager.Process().Said()
			return fmt.Errorf("waiting until %s: %w; the JobManager, in its start number %d, says:\n%s",
				what, ctx.Err(), c.JobManager.Starts(), Problems(said))
		case <-time.After(poll):
		}
	}
}
