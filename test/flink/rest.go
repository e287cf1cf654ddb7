package flink

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Job is what the JobManager says of a job.
type Job struct {
	ID    string `json:"jid"`
	Name  string
	State string
}

// Checkpoints are the counts and the newest of a job's checkpoints since the JobManager has led it.
type Checkpoints struct {
	Counts struct{ Restored, Total, Completed, Failed int }
	Latest struct {
		Completed *Checkpoint
		Restored  *Checkpoint
		Failed    *Checkpoint
	}
}

// Checkpoint is one of them.
type Checkpoint struct {
	ID           int64  `json:"id"`
	ExternalPath string `json:"external_path"`
}

// Jobs are all that the JobManager knows of, whatever their state.
func (c *Cluster) Jobs(ctx context.Context) ([]Job, error) {
	var answer struct{ Jobs []Job }
	err := c.ask(ctx, "/jobs/overview", &answer)
	return answer.Jobs, err
}

// Checkpoints asks the JobManager about a job.
func (c *Cluster) Checkpoints(ctx context.Context, job string) (Checkpoints, error) {
	var answer Checkpoints
	err := c.ask(ctx, "/jobs/"+job+"/checkpoints", &answer)
	return answer, err
}

// AwaitCheckpoint waits until a job runs and the JobManager that leads now has completed a checkpoint of it whose number is above
// the one given, and returns what it says of the job's checkpoints then.
func (c *Cluster) AwaitCheckpoint(ctx context.Context, job string, above int64) (Checkpoints, error) {
	var got Checkpoints
	err := c.await(ctx, fmt.Sprintf("job %s has a checkpoint above %d", job, above), func() (bool, error) {
		var err error
		// Between the end of a JobManager and the leadership of the next nobody answers.
		if got, err = c.Checkpoints(ctx, job); err != nil {
			return false, nil //nolint:nilerr // it is asked again, until the context ends
		}
		return got.Latest.Completed != nil && got.Latest.Completed.ID > above, nil
	})
	return got, err
}

// ask asks the present JobManager at its REST port.
func (c *Cluster) ask(ctx context.Context, path string, answer any) error {
	port, err := c.RESTPort(ctx)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("asking the JobManager for %s: %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
