package evidence

import (
	_ "embed"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

//go:embed Job.java
var job []byte

// taskManager is what "taskmanager" in an image ends in, with the sizes that the image's script works out.
func taskManager() program {
	return program{
		class: "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
		common: []string{
			"--configDir", "{conf}", "-Dtaskmanager.host=127.0.0.1", "-Dtaskmanager.bind-host=127.0.0.1", "-Dio.tmp.dirs={conf}/tmp",
			"-Dkubernetes.config.file={kubeconfig}", "-Dkubernetes.namespace={namespace}", "-Dtaskmanager.cpu.cores=1",
			"-Dtaskmanager.memory.framework.heap.size=64m", "-Dtaskmanager.memory.framework.off-heap.size=64m",
			"-Dtaskmanager.memory.task.heap.size=64m", "-Dtaskmanager.memory.task.off-heap.size=0",
			"-Dtaskmanager.memory.managed.size=16m", "-Dtaskmanager.memory.network.min=16m", "-Dtaskmanager.memory.network.max=16m",
			"-Dtaskmanager.memory.jvm-metaspace.size=128m", "-Dtaskmanager.memory.jvm-overhead.min=64m",
			"-Dtaskmanager.memory.jvm-overhead.max=64m",
		},
	}
}

// clustered is a configuration that the processes of one cluster share.
const clustered = kubernetesMode + storageDir + clusterID

// under starts a program with a token of an account, in a folder that it may write to.
func (s *suite) under(t *testing.T, folder, namespace, account string, of release, given start) flinkProcess {
	t.Helper()
	given.kubeconfig = s.kubeconfigOf(t, namespace, account)
	return s.start(t, folder, namespace, of, given)
}

// restPort is where a JobManager listens that has become leader.
func restPort(t *testing.T, jobManager flinkProcess) string {
	t.Helper()
	listens := regexp.MustCompile(`Rest endpoint listening at [^ :]+:([0-9]+)`)
	if missing := jobManager.await(t, append(leads().says, listens), true); len(missing) > 0 {
		t.Fatalf("the JobManager does not say %q:\n%s", missing, problems(jobManager.said(t)))
	}
	return listens.FindStringSubmatch(jobManager.said(t))[1]
}

// submit submits a job, and waits for its end unless it is told to leave.
func (s *suite) submit(t *testing.T, of release, port string, words ...string) {
	t.Helper()
	folder := t.TempDir()
	source := filepath.Join(folder, "Job.java")
	if err := os.WriteFile(source, job, 0o600); err != nil {
		t.Fatal(err)
	}
	client := launch(t, of, folder, source, append([]string{port}, words...), nil)
	client.await(t, nil, false)
	if code, ended := client.exited(); !ended || code != 0 {
		t.Fatalf("the job is not done: exit code %d, ended %v:\n%s", code, ended, problems(client.said(t)))
	}
}

// runsAJob lets a JobManager and a TaskManager, each under an account, elect a leader and run a job to its end, with a checkpoint.
func (s *suite) runsAJob(t *testing.T, namespace string, of release, jobManagers, taskManagers string) {
	t.Helper()
	<-s.free
	defer func() { s.free <- struct{}{} }()
	folder := t.TempDir()
	leader := s.under(t, folder, namespace, jobManagers, of, start{program: jobManager(), text: clustered})
	port := restPort(t, leader)
	worker := s.under(t, t.TempDir(), namespace, taskManagers, of, start{
		program: taskManager(), text: clustered,
		arguments: []string{"-Dhigh-availability.storageDir=file://" + filepath.Join(folder, "ha")},
	})
	s.submit(t, of, port)
	done := literally([]string{"Completed checkpoint 1 for job ", "reached terminal state FINISHED"})
	if missing := leader.await(t, done, true); len(missing) > 0 {
		t.Errorf("the JobManager does not say %q:\n%s", missing, problems(leader.said(t)))
	}
	if _, ended := worker.exited(); ended {
		t.Errorf("the TaskManager has ended:\n%s", problems(worker.said(t)))
	}
	for _, process := range []flinkProcess{leader, worker} {
		if err := process.Kill(); err != nil {
			t.Error(err)
		}
	}
}
