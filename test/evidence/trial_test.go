package evidence

import (
	"cmp"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// A trial starts Flink with a mistake and with the mistake mended.
type trial struct {
	// rule is the id of the rule that says so.
	rule    string
	release flink.Release
	// what the mistake is, in a few words.
	what string
	// wrong may be left out, where a release does not have the mistake.
	wrong start
	fails outcome
	// right is the same without the mistake: it gets past the point where the mistake shows.
	right start
	works outcome
}

// A start is all that Flink is given.
type start struct {
	program flink.Program
	// file is the name of the configuration file, that of the release where it is empty, and text what is in it. In
	// it, {storage} is a directory that the process may write to, and {zookeeper} a server that runs.
	file, text string
	// arguments follow those that the program always gets.
	arguments []string
	// variables are added to the environment.
	variables map[string]string
	// kubeconfig is the way to the API server, the administrator's where it is empty.
	kubeconfig string
}

// An outcome is what Flink does then.
type outcome struct {
	// exit is the code that it ends with; running means that it does not end.
	exit int
	// says is what is in its log, and silent what is not.
	says   []*regexp.Regexp
	silent []string
	// leaves are the Deployments, Services and ConfigMaps that are there in the end.
	leaves []string
}

// running stands for a process that does not end by itself.
const running = -1

// dies is the outcome of a process that ends with an error and leaves nothing.
func dies(texts ...string) outcome {
	return outcome{exit: 1, says: literally(texts)}
}

// leads is the outcome of a JobManager that becomes leader by an election, which draws a session id.
func leads(leaves ...string) outcome {
	return outcome{
		exit:   running,
		says:   []*regexp.Regexp{regexp.MustCompile(`Resource manager service is granted leadership with session id [0-9a-f-]{36}`)},
		silent: []string{unelected},
		leaves: leaves,
	}
}

// leadsAlone is the outcome of a JobManager without high availability: nobody elects it, and it leaves no HA state.
func leadsAlone() outcome {
	return outcome{exit: running, says: literally([]string{unelected})}
}

// unelected is what a leader says that there was no election for: HighAvailabilityServices.DEFAULT_LEADER_ID.
const unelected = "granted leadership with session id 00000000-0000-0000-0000-000000000000"

func literally(texts []string) []*regexp.Regexp {
	var patterns []*regexp.Regexp
	for _, text := range texts {
		patterns = append(patterns, regexp.MustCompile(regexp.QuoteMeta(text)))
	}
	return patterns
}

// try starts Flink and compares what comes of it, and what is left behind.
func (s *suite) try(t *testing.T, namespace string, of flink.Release, given start, want outcome) {
	t.Helper()
	s.watch(t, namespace, of, given, want)
	if !t.Failed() {
		s.leaves(t, namespace, want.leaves)
	}
}

// watch starts Flink and compares what it says, and how it ends.
func (s *suite) watch(t *testing.T, namespace string, of flink.Release, given start, want outcome) {
	t.Helper()
	<-s.free
	defer func() { s.free <- struct{}{} }()
	folder := t.TempDir()
	started := s.start(t, folder, namespace, of, given)
	missing := started.await(t, want.says, want.exit == running)
	code, ended := started.Exit()
	if !ended {
		code = running
	}
	said := started.said(t)
	for _, text := range want.silent {
		if strings.Contains(said, text) {
			t.Errorf("it says %q, and should not", text)
		}
	}
	if code != want.exit || len(missing) > 0 {
		t.Errorf("got the exit code %d, want %d (%d: running); it does not say %q", code, want.exit, running, missing)
	}
	if t.Failed() {
		t.Logf("it says:\n%s", flink.Problems(said))
	}
}

// start runs the program in a folder.
func (s *suite) start(t *testing.T, folder, namespace string, of flink.Release, given start) flinkProcess {
	t.Helper()
	text := given.text
	if strings.Contains(text, "{zookeeper}") {
		text = strings.ReplaceAll(text, "{zookeeper}", zooKeeper(t, of))
	}
	return launch(t, flink.Launch{
		Release: of, Program: given.program, Folder: folder,
		File: given.file, Text: strings.ReplaceAll(text, "{storage}", "file://"+filepath.Join(folder, "ha")),
		Arguments: given.arguments, Variables: given.variables,
		Kubeconfig: cmp.Or(given.kubeconfig, s.Kubeconfig), Namespace: namespace,
	})
}

// zooKeeper runs the server that comes with a release's client until the test ends, and returns its address.
func zooKeeper(t *testing.T, of flink.Release) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address)
	folder := t.TempDir()
	server := launch(t, flink.Launch{
		Release: of, Folder: folder, Arguments: []string{port, filepath.Join(folder, "data")},
		Program: flink.Program{Class: "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain"},
	})
	if missing := server.await(t, literally([]string{"ZooKeeper audit is disabled"}), true); len(missing) > 0 {
		t.Fatalf("the ZooKeeper server does not say %q:\n%s", missing, server.Tail())
	}
	return address
}
