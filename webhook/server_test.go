package webhook

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// patience is how long a test waits for what takes milliseconds, on a machine that is busy with something else.
const patience = time.Minute

// selfSigned makes a certificate for 127.0.0.1 and the pool that trusts it.
func selfSigned(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool
}

// startServer starts a server with one handler on a free port of the loopback and waits until it listens.
func startServer(t *testing.T, handler http.Handler, minTLSVersion uint16) (url string, trusted *x509.CertPool, stop func() error) {
	t.Helper()
	certificate, trusted := selfSigned(t)
	server, err := NewServer(ServerOptions{
		Address:        "127.0.0.1:0",
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate, nil },
		MinTLSVersion:  minTLSVersion,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Handle(PathValidate, handler)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Start(ctx) }()
	await(t, "the server listens", func() bool { return server.Listening() == nil })
	return "https://" + server.Address() + PathValidate, trusted, func() error {
		cancel()
		return <-ended
	}
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

func clientOf(trusted *x509.CertPool, http2 bool, maxTLSVersion uint16) *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: trusted, MaxVersion: maxTLSVersion},
		ForceAttemptHTTP2: http2,
	}}
}

func TestServerSpeaksTheVersionsOfTLSThatItWasTold(t *testing.T) {
	for sentence, tc := range map[string]struct {
		server, client uint16
		refused        bool
	}{
		"1.3 to 1.3":                 {server: tls.VersionTLS13, client: tls.VersionTLS13},
		"no 1.2 where 1.3 is needed": {server: tls.VersionTLS13, client: tls.VersionTLS12, refused: true},
		"1.2 on request":             {server: tls.VersionTLS12, client: tls.VersionTLS12},
		"no 1.1 even then":           {server: tls.VersionTLS12, client: tls.VersionTLS11, refused: true},
	} {
		t.Run(sentence, func(t *testing.T) {
			handlers, _, _ := newHandlers(t)
			url, trusted, stop := startServer(t, handlers[PathValidate], tc.server)
			client := clientOf(trusted, true, tc.client)
			client.Transport.(*http.Transport).TLSClientConfig.MinVersion = tls.VersionTLS10
			response, err := client.Post(url, "application/json", bytes.NewReader(reviewOf(t, configMapWithHA)))
			switch {
			case tc.refused && (err == nil || !strings.Contains(err.Error(), "protocol version")):
				t.Errorf("not refused: %v", err)
			case !tc.refused && err != nil:
				t.Errorf("refused: %v", err)
			case !tc.refused:
				response.Body.Close()
			}
			client.CloseIdleConnections()
			if err := stop(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServerAnswersOverBothVersionsOfHTTP(t *testing.T) {
	tooLarge := reviewOf(t, configMapOf("blob", strings.Repeat("x", 20<<20)))
	for sentence, tc := range map[string]struct {
		http2     bool
		body      []byte
		wantProto string
		wantCode  int
	}{
		"a review over HTTP/2":               {http2: true, body: reviewOf(t, configMapWithHA), wantProto: "HTTP/2.0", wantCode: 200},
		"a review over HTTP/1.1":             {body: reviewOf(t, configMapWithHA), wantProto: "HTTP/1.1", wantCode: 200},
		"a body that is too large, HTTP/2":   {http2: true, body: tooLarge, wantProto: "HTTP/2.0", wantCode: 413},
		"a body that is too large, HTTP/1.1": {body: tooLarge, wantProto: "HTTP/1.1", wantCode: 413},
	} {
		t.Run(sentence, func(t *testing.T) {
			handlers, _, _ := newHandlers(t)
			url, trusted, stop := startServer(t, handlers[PathValidate], tls.VersionTLS13)
			client := clientOf(trusted, tc.http2, 0)
			response, err := client.Post(url, "application/json", bytes.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.Proto != tc.wantProto || response.StatusCode != tc.wantCode {
				t.Errorf("got %s %s, want %s %d", response.Proto, response.Status, tc.wantProto, tc.wantCode)
			}
			if responseIn(t, string(answer)).UID != testUID {
				t.Errorf("no UID: %s", answer)
			}
			client.CloseIdleConnections()
			if err := stop(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServerAnswersWhatIsInFlightWhenItStops(t *testing.T) {
	for sentence, http2 := range map[string]bool{"over HTTP/2": true, "over HTTP/1.1": false} {
		t.Run(sentence, func(t *testing.T) {
			arrived, release := make(chan struct{}), make(chan struct{})
			handler, _, _ := newStub(t, func(*admissionv1.AdmissionRequest) (admission.Decision, error) {
				close(arrived)
				<-release
				return admission.Decision{}, nil
			})
			url, trusted, stop := startServer(t, handler, tls.VersionTLS13)
			client := clientOf(trusted, http2, 0)
			body := reviewOf(t, configMapWithHA)
			answered := make(chan string, 1)
			go func() {
				response, err := client.Post(url, "application/json", bytes.NewReader(body))
				if err != nil {
					answered <- err.Error()
					return
				}
				defer response.Body.Close()
				answer, _ := io.ReadAll(response.Body)
				answered <- string(answer)
			}()
			<-arrived
			stopped := make(chan error, 1)
			go func() { stopped <- stop() }()
			await(t, "the listener is closed", func() bool {
				connection, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "https://"), PathValidate))
				if err == nil {
					connection.Close()
				}
				return err != nil
			})
			select {
			case err := <-stopped:
				t.Fatalf("the server did not wait for the review: %v", err)
			default:
			}
			close(release)
			if answer := <-answered; !strings.Contains(answer, testUID) {
				t.Errorf("the review in flight was not answered: %s", answer)
			}
			client.CloseIdleConnections()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestServerRefusesAddressesThatAreNone(t *testing.T) {
	for _, address := range []string{"", "9443", "127.0.0.1", "127.0.0.1:https!", "127.0.0.1:-1", "127.0.0.1:65536", "not.a.host.invalid:0"} {
		if _, err := NewServer(ServerOptions{Address: address}); err == nil {
			t.Errorf("%q: no error", address)
		}
	}
}
