package evidence

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// clustered is a configuration that the processes of one cluster share.
const clustered = kubernetesMode + storageDir + clusterID

// under starts a program with a token of an account, in a folder that it may write to.
func (s *suite) under(t *testing.T, folder, namespace, account string, of flink.Release, given start) flinkProcess {
	t.Helper()
	given.kubeconfig = s.kubeconfigOf(t, namespace, account)
	return s.start(t, folder, namespace, of, given)
}

// restPort is where a JobManager listens that has become leader.
func restPort(t *testing.T, jobManager flinkProcess) string {
	t.Helper()
	listens := regexp.MustCompile(`Rest endpoint listening at [^ :]+:([0-9]+)`)
	if missing := jobManager.await(t, append(leads().says, listens), true); len(missing) > 0 {
		t.Fatalf("the JobManager does not say %q:\n%s", missing, flink.Problems(jobManager.said(t)))
	}
	return listens.FindStringSubmatch(jobManager.said(t))[1]
}

// submit has a client submit a job, one that counts to three or one that counts for ever, and waits for the client.
func submit(t *testing.T, of flink.Release, port string, words ...string) {
	t.Helper()
	client := launch(t, flink.Launch{Release: of, Program: flink.JobClient(), Folder: t.TempDir(), Arguments: append([]string{port}, words...)})
	client.await(t, nil, false)
	if code, ended := client.Exit(); !ended || code != 0 {
		t.Fatalf("the client is not done: exit code %d, ended %v:\n%s", code, ended, flink.Problems(client.said(t)))
	}
}

// runsAJob lets a JobManager and a TaskManager, each under an account, elect a leader and run a job to its end, with a checkpoint.
func (s *suite) runsAJob(t *testing.T, namespace string, of flink.Release, jobManagers, taskManagers string) {
	t.Helper()
	<-s.free
	defer func() { s.free <- struct{}{} }()
	folder := t.TempDir()
	leader := s.under(t, folder, namespace, jobManagers, of, start{program: flink.JobManager(), text: clustered})
	port := restPort(t, leader)
	worker := s.under(t, t.TempDir(), namespace, taskManagers, of, start{
		program: flink.TaskManager(), text: clustered,
		arguments: []string{"-Dhigh-availability.storageDir=file://" + filepath.Join(folder, "ha")},
	})
	submit(t, of, port, "3")
	done := literally([]string{"Completed checkpoint 1 for job ", "reached terminal state FINISHED"})
	if missing := leader.await(t, done, true); len(missing) > 0 {
		t.Errorf("the JobManager does not say %q:\n%s", missing, flink.Problems(leader.said(t)))
	}
	if _, ended := worker.Exit(); ended {
		t.Errorf("the TaskManager has ended:\n%s", flink.Problems(worker.said(t)))
	}
	for _, process := range []flinkProcess{leader, worker} {
		if err := process.Kill(); err != nil {
			t.Error(err)
		}
	}
}
