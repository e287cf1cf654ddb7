package evidence

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/process"
)

// A program is one of Flink's processes: its main class, and what is said to it besides the case's own arguments.
type program struct {
	class string
	// common are the arguments that every start gets, before those of the case. In them {conf} is the configuration
	// directory, {namespace} the Kubernetes namespace and {kubeconfig} the way to the API server.
	common []string
}

// jobManager is what "jobmanager" in an image ends in, with ports that are free and an API server to talk to.
func jobManager() program {
	return program{
		class: "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
		common: []string{
			"--configDir", "{conf}", "-Djobmanager.rpc.address=127.0.0.1", "-Djobmanager.rpc.port=0", "-Drest.bind-port=0",
			"-Drest.address=127.0.0.1", "-Dblob.server.port=0", "-Dio.tmp.dirs={conf}/tmp",
			"-Dkubernetes.config.file={kubeconfig}", "-Dkubernetes.namespace={namespace}",
		},
	}
}

// applicationMaster is what "standalone-job" in an image ends in.
func applicationMaster() program {
	application := jobManager()
	application.class = "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint"
	return application
}

// nativeClient is what kubernetes-session.sh starts, for a cluster whose id is "demo" unless the case says another.
func nativeClient() program {
	return program{
		class: "org.apache.flink.kubernetes.cli.KubernetesSessionCli",
		common: []string{
			"-Dexecution.attached=false", "-Djobmanager.memory.process.size=1600m", "-Dtaskmanager.memory.process.size=1728m",
			"-Dkubernetes.cluster-id=demo", "-Dkubernetes.config.file={kubeconfig}", "-Dkubernetes.namespace={namespace}",
		},
	}
}

// flinkProcess is a process of Flink that was started.
type flinkProcess struct {
	*process.Process
	log string
}

// launch runs a program until the test ends. The variables are its whole environment.
func launch(t *testing.T, of release, folder, class string, arguments []string, variables map[string]string) flinkProcess {
	t.Helper()
	libraries, err := classPath(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{"PATH": os.Getenv("PATH"), "HOME": folder}
	maps.Copy(environment, variables)
	command := process.Command{
		Name: "Flink " + string(of), Path: javaPath(t), Dir: folder, Log: filepath.Join(folder, "log"),
		// Flink asks for the first two where it supports Java 17, and up to 1.17 it needs the third. The libraries of an image
		// come with log4j, which says nothing but errors unless it is told to.
		Args: append([]string{
			"--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--add-exports=java.base/sun.net.util=ALL-UNNAMED", "-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Dlog4j2.level=INFO", "-Duser.language=en", "-Dfile.encoding=UTF-8", "-Dzookeeper.admin.enableServer=false",
			"-Djava.io.tmpdir=" + folder, "-cp", libraries, class,
		}, arguments...),
	}
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		command.Env = append(command.Env, name+"="+environment[name])
	}
	started, err := process.Start(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := started.Kill(); err != nil {
			t.Error(err)
		}
	})
	return flinkProcess{Process: started, log: command.Log}
}

func javaPath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("java")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// said is all that it has said so far.
func (p flinkProcess) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// exited returns the exit code of a process that has ended.
func (p flinkProcess) exited() (code int, ended bool) {
	failure := p.Failure()
	if failure == nil {
		return 0, false
	}
	if exit, ok := errors.AsType[*exec.ExitError](failure); ok {
		return exit.ExitCode(), true
	}
	return 0, true
}

// await waits until the process has ended or, if it is to run on, has said all of that, and tells which patterns are missing.
func (p flinkProcess) await(t *testing.T, patterns []*regexp.Regexp, runsOn bool) (missing []string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		_, ended := p.exited() // before its log is read, so that the log is whole
		missing = unsaid(p.said(t), patterns)
		if ended || runsOn && len(missing) == 0 || time.Now().After(deadline) {
			return missing
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func unsaid(text string, patterns []*regexp.Regexp) []string {
	var missing []string
	for _, pattern := range patterns {
		if !pattern.MatchString(text) {
			missing = append(missing, pattern.String())
		}
	}
	return missing
}

// problems are the lines of a log that are worth a reader's time.
func problems(log string) string {
	var lines []string
	for line := range strings.Lines(log) {
		for _, word := range []string{"Exception", "Error", "leadership", "Could not", "successfully"} {
			if strings.Contains(line, word) && !strings.HasPrefix(line, "\tat ") {
				lines = append(lines, line)
				break
			}
		}
	}
	if len(lines) > 20 {
		lines = lines[len(lines)-20:]
	}
	return strings.Join(lines, "")
}
