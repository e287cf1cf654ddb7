package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/process"
)

// readyTimeout is how long the guard may take to get ready, on however busy a machine.
const readyTimeout = 2 * time.Minute

// Guard is a running guard.
type Guard struct {
	// URL of its HTTPS server.
	URL string
	// HealthURL and MetricsURL of its two other servers.
	HealthURL, MetricsURL string
	// PolicyFile is what a kubelet would mount of the ConfigMap with the policy.
	PolicyFile string

	binary    string
	arguments []string
	folder    string
	addresses map[string]string
	process   *process.Process
	starts    int
}

// BuildGuard builds the guard from the repository into a folder, and returns the path of the binary.
func BuildGuard(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "flink-ha-webhook")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/flink-ha-webhook")
	cmd.Dir = Root()
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	return binary, run(cmd, nil)
}

// Start runs the guard and returns when it is ready. A guard that was stopped comes back at the addresses that it had.
func (g *Guard) Start(ctx context.Context) error {
	g.starts++
	log := filepath.Join(g.folder, fmt.Sprintf("guard-%d.log", g.starts))
	started, err := process.Start(process.Command{
		Name: "guard", Path: g.binary, Dir: g.folder, Log: log,
		Args: append(append([]string{}, g.arguments...), g.bindAddresses()...),
		Env:  []string{"PATH=" + os.Getenv("PATH"), "HOME=" + g.folder},
	})
	if err != nil {
		return err
	}
	g.process = started
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	if err := g.waitUntilReady(ctx, log); err != nil {
		return errors.Join(err, g.Kill())
	}
	return nil
}

// The names by which the guard's log calls its servers.
const (
	serverHTTPS   = "https"
	serverHealth  = "health"
	serverMetrics = "metrics"
)

// bindAddresses are the flags of a bench: loopback, and free ports at the first start.
func (g *Guard) bindAddresses() []string {
	address := func(server string) string {
		if known, ok := g.addresses[server]; ok {
			return known
		}
		return "127.0.0.1:0"
	}
	return []string{
		"--bind-address=" + address(serverHTTPS),
		"--health-bind-address=" + address(serverHealth),
		"--metrics-bind-address=" + address(serverMetrics),
	}
}

func (g *Guard) waitUntilReady(ctx context.Context, log string) error {
	for {
		if err := g.process.Failure(); err != nil {
			return err
		}
		if ready, err := g.isReady(ctx, log); err != nil || ready {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the guard to get ready: %w; its log ends:\n%s", ctx.Err(), g.process.Tail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// isReady reads the addresses from the log and asks the health server.
func (g *Guard) isReady(ctx context.Context, log string) (bool, error) {
	text, err := os.ReadFile(log)
	if err != nil {
		return false, fmt.Errorf("reading the guard's log: %w", err)
	}
	addresses := listeningAddresses(text)
	for _, server := range []string{serverHTTPS, serverHealth, serverMetrics} {
		if addresses[server] == "" {
			return false, nil
		}
	}
	g.addresses = addresses
	g.URL = "https://localhost:" + port(addresses[serverHTTPS])
	g.HealthURL, g.MetricsURL = "http://"+addresses[serverHealth], "http://"+addresses[serverMetrics]
	status, _, err := get(ctx, g.HealthURL+"/readyz")
	return err == nil && status == http.StatusOK, nil
}

// listeningAddresses finds the lines {"msg":"listening","server":…,"address":…}.
func listeningAddresses(log []byte) map[string]string {
	addresses := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(log))
	for lines.Scan() {
		var line struct{ Msg, Server, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			addresses[line.Server] = line.Address
		}
	}
	return addresses
}

// Stop asks the guard to end, as a kubelet does, and waits for it.
func (g *Guard) Stop() error { return g.process.Stop() }

// Kill ends the guard at once.
func (g *Guard) Kill() error { return g.process.Kill() }

// Pause has the guard hang: whoever asks it waits, until it is killed.
func (g *Guard) Pause() error { return g.process.Pause() }

// Log returns what the guard has logged since it was last started.
func (g *Guard) Log() (string, error) {
	text, err := os.ReadFile(filepath.Join(g.folder, fmt.Sprintf("guard-%d.log", g.starts)))
	return string(text), err
}

// Metrics returns what the guard says at /metrics.
func (g *Guard) Metrics(ctx context.Context) (string, error) {
	_, body, err := get(ctx, g.MetricsURL+"/metrics")
	return body, err
}

func get(ctx context.Context, url string) (status int, body string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}
