package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what takes milliseconds, on a machine that is busy with something else.
const patience = 2 * time.Minute

// asProgram makes the test binary run main, so that tests have a program that gets signals and exit codes of its own.
const asProgram = "FLINK_HA_WEBHOOK_TEST_RUNS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is a running flink-ha-webhook.
type program struct {
	command *exec.Cmd
	stdout  bytes.Buffer
	exited  chan struct{}

	mutex sync.Mutex
	lines []map[string]any
	text  string
}

// start runs the program. Its environment has nothing of this machine's.
func start(t *testing.T, arguments ...string) *program {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{command: exec.Command(executable, arguments...), exited: make(chan struct{})}
	p.command.Env = []string{asProgram + "=1", "HOME=" + t.TempDir(), "KUBECONFIG="}
	p.command.Stdout = &p.stdout
	stderr, err := p.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for scanner := bufio.NewScanner(stderr); scanner.Scan(); {
			p.heard(scanner.Bytes())
		}
		_ = p.command.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill()
		<-p.exited
		if t.Failed() {
			t.Logf("%q wrote:\n%s", arguments, p.output())
		}
	})
	return p
}

func (p *program) heard(line []byte) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.text += string(line) + "\n"
	var fields map[string]any
	if json.Unmarshal(line, &fields) == nil {
		p.lines = append(p.lines, fields)
	}
}

func (p *program) output() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.text
}

// logged returns the log lines with a message.
func (p *program) logged(message string) []map[string]any {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var found []map[string]any
	for _, line := range p.lines {
		if line["msg"] == message {
			found = append(found, line)
		}
	}
	return found
}

// address is where one of the program's servers listens, or "".
func (p *program) address(server string) string {
	for _, line := range p.logged("listening") {
		if line["server"] == server {
			address, _ := line["address"].(string)
			return address
		}
	}
	return ""
}

func (p *program) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// wait returns the exit code.
func (p *program) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
		return p.command.ProcessState.ExitCode()
	case <-time.After(patience):
		t.Fatalf("the program does not end; it wrote:\n%s", p.output())
		return -1
	}
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// readyz is the status of /readyz, or 0 if nobody answers.
func (p *program) readyz() (status int, body string) {
	response, err := http.Get("http://" + p.address("health") + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

func (p *program) isReady() bool {
	status, _ := p.readyz()
	return status == http.StatusOK
}

// certificateIn writes tls.crt and tls.key for localhost into a directory and returns the pool that trusts them.
func certificateIn(t *testing.T, directory string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, content := range map[string][]byte{
		"tls.crt": certificate,
		"tls.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
	} {
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	return pool
}

// onFreePorts are the flags of a server that gets in nobody's way.
func onFreePorts(more ...string) []string {
	return append([]string{"serve", "--bind-address=127.0.0.1:0", "--health-bind-address=127.0.0.1:0", "--metrics-bind-address=127.0.0.1:0"}, more...)
}

// startReady runs a server without a cluster until it is ready.
func startReady(t *testing.T, more ...string) (*program, *tls.Config) {
	t.Helper()
	directory := t.TempDir()
	trusted := certificateIn(t, directory)
	p := start(t, onFreePorts(append([]string{"--no-cluster", "--cert-dir=" + directory}, more...)...)...)
	eventually(t, "the server is ready", func() bool { return p.address("https") != "" && p.isReady() })
	return p, &tls.Config{RootCAs: trusted, ServerName: "localhost"}
}
