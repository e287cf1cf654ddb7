package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// review is a configuration without high availability.
const review = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE",` +
	`"kind":{"group":"","version":"v1","kind":"ConfigMap"},"resource":{"group":"","version":"v1","resource":"configmaps"},"namespace":"n","name":"c",` +
	`"object":{"metadata":{"name":"c"},"data":{"flink-conf.yaml":"jobmanager.rpc.address: jm\nstate.backend: rocksdb\n"}}}}`

func post(p *program, config *tls.Config, path string) (status int, body string, err error) {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, DisableKeepAlives: true}}
	response, err := client.Post("https://"+p.address("https")+path, "application/json", strings.NewReader(review))
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestServeWithoutACluster(t *testing.T) {
	p, config := startReady(t)
	for path, want := range map[string]string{
		"/validate":             `"allowed":false`,
		"/mutate":               `"allowed":true`,
		"/mutate-ha-configmaps": `"allowed":true`,
		"/validate-deletes":     `"allowed":true`,
	} {
		status, body, err := post(p, config, path)
		if err != nil || status != http.StatusOK || !strings.Contains(body, want) || !strings.Contains(body, `"uid":"u-1"`) {
			t.Errorf("%s: got %d %s %v, want %s", path, status, body, err, want)
		}
	}
	if status, _, err := post(p, config, "/elsewhere"); err != nil || status != http.StatusNotFound {
		t.Errorf("/elsewhere: got %d %v, want 404", status, err)
	}
	for path, want := range map[string]string{
		"/healthz": "ok", "/readyz": "ok", "/readyz/certificate": "ok",
		"/readyz?verbose": "[+]certificate ok\nhealthz check passed\n",
	} {
		if status, body := get(t, "http://"+p.address("health")+path); status != http.StatusOK || body != want {
			t.Errorf("%s: got %d %q, want 200 %q", path, status, body, want)
		}
	}
	status, metrics := get(t, "http://"+p.address("metrics")+"/metrics")
	for _, want := range []string{
		`flink_ha_webhook_decisions_total{operation="CREATE",path="/validate",verdict="deny"} 1`,
		`flink_ha_webhook_review_duration_seconds_count{path="/validate"} 1`,
		`flink_ha_webhook_panics_total{path="/mutate"} 0`,
		`flink_ha_webhook_requests_in_flight{path="/validate"} 0`,
		`flink_ha_webhook_build_info{version="`,
		`controller_runtime_webhook_requests_total{code="200",webhook="/validate"} 1`,
		"\ngo_goroutines ", "\nprocess_resident_memory_bytes ",
	} {
		if status != http.StatusOK || !strings.Contains(metrics, want) {
			t.Errorf("/metrics: %d, without %s", status, want)
		}
	}
	if lines := p.logged("reviewed"); len(lines) != 1 || lines[0]["uid"] != "u-1" || lines[0]["decision"] != "deny" {
		t.Errorf("log: got %v", lines)
	}
}

func TestServeSpeaksOldTLSOnRequestOnly(t *testing.T) {
	old := func(config *tls.Config) *tls.Config {
		config.MaxVersion = tls.VersionTLS12
		return config
	}
	p, config := startReady(t)
	if _, _, err := post(p, old(config), "/validate"); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.2 is not refused: %v", err)
	}
	// What net/http has to say about it is a line of the log like any other.
	eventually(t, "the failed handshake is logged", func() bool { return strings.Contains(p.output(), `"msg":"http: TLS handshake error`) })
	p, config = startReady(t, "--tls-min-version=1.2")
	if status, _, err := post(p, old(config), "/validate"); err != nil || status != http.StatusOK {
		t.Errorf("TLS 1.2 is refused: %d %v", status, err)
	}
}

func TestMetricsCanBeSwitchedOff(t *testing.T) {
	p, _ := startReady(t, "--metrics-bind-address=0")
	if address := p.address("metrics"); address != "" {
		t.Errorf("metrics are served on %s", address)
	}
}

func TestLogsCanBeText(t *testing.T) {
	directory := t.TempDir()
	certificateIn(t, directory)
	p := start(t, onFreePorts("--no-cluster", "--cert-dir="+directory, "--log-format=text")...)
	eventually(t, "the server has started", func() bool { return strings.Contains(p.output(), "msg=started") })
	if !strings.Contains(p.output(), "msg=listening server=https address=127.0.0.1:") {
		t.Errorf("got %s", p.output())
	}
}

func TestTheFirstSignalDrains(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			p, config := startReady(t, "--shutdown-delay=500ms")
			connection, err := tls.Dial("tcp", p.address("https"), config)
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			// A review is on its way: half of its body has been sent.
			half := len(review) / 2
			fmt.Fprintf(connection, "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(review), review[:half])
			eventually(t, "the request has arrived", func() bool {
				_, metrics := get(t, "http://"+p.address("metrics")+"/metrics")
				return strings.Contains(metrics, `flink_ha_webhook_requests_in_flight{path="/validate"} 1`)
			})
			p.signal(t, signal)
			eventually(t, "/readyz answers 503", func() bool {
				status, body := p.readyz()
				return status == http.StatusServiceUnavailable && strings.Contains(body, "[-]stop failed")
			})
			eventually(t, "the listener is closed", func() bool {
				connection, err := net.Dial("tcp", p.address("https"))
				if err == nil {
					connection.Close()
				}
				return err != nil
			})
			fmt.Fprint(connection, review[half:])
			response, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				t.Fatalf("the review in flight is not answered: %v", err)
			}
			body, err := io.ReadAll(response.Body)
			if err != nil || !strings.Contains(string(body), `"uid":"u-1","allowed":false`) {
				t.Errorf("the review in flight: got %s %v", body, err)
			}
			if code := p.wait(t); code != offline.ExitOK {
				t.Errorf("exit code: got %d, want %d", code, offline.ExitOK)
			}
			if len(p.logged("stopped")) != 1 {
				t.Error("the end is not logged")
			}
		})
	}
}

func TestReviewsAreAnsweredUntilTheDelayIsOverAndTheSecondSignalEndsItAtOnce(t *testing.T) {
	p, config := startReady(t, "--shutdown-delay=1h")
	p.signal(t, syscall.SIGTERM)
	eventually(t, "/readyz answers 503", func() bool {
		status, _ := p.readyz()
		return status == http.StatusServiceUnavailable
	})
	if status, _, err := post(p, config, "/validate"); err != nil || status != http.StatusOK {
		t.Errorf("a review after the signal: got %d %v", status, err)
	}
	p.signal(t, syscall.SIGTERM)
	if code := p.wait(t); code == offline.ExitOK {
		t.Error("the second signal ends it as if all was well")
	}
}

func TestServeThatCannotStartSaysWhy(t *testing.T) {
	good, empty := t.TempDir(), t.TempDir()
	certificateIn(t, good)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	for sentence, tc := range map[string]struct {
		arguments []string
		want      string
	}{
		"no such flag":             {arguments: []string{"serve", "--frobnicate"}, want: "error: unknown flag: --frobnicate\nsee flink-ha-webhook serve --help\n"},
		"an argument":              {arguments: []string{"serve", "x"}, want: "error: unknown command \"x\" for \"flink-ha-webhook serve\"\n"},
		"no such command":          {arguments: []string{"swerve"}, want: "error: unknown command \"swerve\" for \"flink-ha-webhook\""},
		"no certificate":           {arguments: []string{"serve", "--no-cluster"}, want: "error: --no-cluster needs --cert-dir"},
		"no files":                 {arguments: onFreePorts("--no-cluster", "--cert-dir="+empty), want: "error: reading the serving certificate: open " + empty + "/tls.crt: no such file or directory\n"},
		"the port is taken":        {arguments: onFreePorts("--no-cluster", "--cert-dir="+good, "--bind-address="+address), want: "error: serving --bind-address: listen tcp " + address + ": bind: address already in use\n"},
		"the health port is taken": {arguments: onFreePorts("--no-cluster", "--cert-dir="+good, "--health-bind-address="+address), want: "error: opening --health-bind-address: listen tcp " + address},
		"no kubeconfig":            {arguments: onFreePorts("--kubeconfig=" + empty + "/none"), want: "error: finding the cluster: stat " + empty + "/none: no such file or directory"},
		"no cluster":               {arguments: onFreePorts(), want: "error: finding the cluster: "},
	} {
		t.Run(sentence, func(t *testing.T) {
			p := start(t, tc.arguments...)
			if code := p.wait(t); code != offline.ExitUnanswered {
				t.Errorf("exit code: got %d, want %d", code, offline.ExitUnanswered)
			}
			if !strings.Contains(p.output(), tc.want) {
				t.Errorf("stderr: got %s\nwant %s", p.output(), tc.want)
			}
		})
	}
}
