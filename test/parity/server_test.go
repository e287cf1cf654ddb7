package parity

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
	"github.com/flink-ha/flink-ha-webhook/webhook"
)

// server is the product's own, over TLS on the loopback, in a cluster that is exchanged between requests.
type server struct {
	around atomic.Pointer[surroundings]
	client *http.Client
	url    string
}

// pathAfresh has the validation to which nothing that is there excuses anything.
const pathAfresh = "/afresh" + webhook.PathValidate

func startServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	certificate, trusted := selfSigned(t)
	listener, err := webhook.NewServer(webhook.ServerOptions{
		Address: "127.0.0.1:0", MinTLSVersion: tls.VersionTLS13,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := webhook.NewMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	for _, afresh := range []bool{false, true} {
		reviewer, err := admission.NewReviewer(admission.Options{
			Policy: func() *policy.Policy { return s.around.Load().scene.policy }, Now: func() time.Time { return s.around.Load().scene.now }, Surroundings: current{s}, Afresh: afresh,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, route := range webhook.Routes(reviewer) {
			switch {
			case !afresh:
				listener.Handle(route.Path, webhook.NewHandler(route, slog.New(slog.DiscardHandler), metrics))
			case route.Path == webhook.PathValidate:
				listener.Handle(pathAfresh, webhook.NewHandler(route, slog.New(slog.DiscardHandler), metrics))
			}
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- listener.Start(ctx) }()
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	for deadline := time.Now().Add(time.Minute); listener.Listening() != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the server does not listen: %v", listener.Listening())
		}
	}
	s.url = "https://" + listener.Address()
	s.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS13}}}
	return s
}

// selfSigned makes a certificate for the loopback and the pool that trusts it.
func selfSigned(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
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

// ask sends a review to a path and returns the response.
func (s *server) ask(path string, request *admissionv1.AdmissionRequest) (*admissionv1.AdmissionResponse, error) {
	request.UID = types.UID("parity")
	review := admissionv1.AdmissionReview{Request: request}
	review.APIVersion, review.Kind = "admission.k8s.io/v1", "AdmissionReview"
	body, err := json.Marshal(review)
	if err != nil {
		return nil, fmt.Errorf("encoding a review: %w", err)
	}
	answered, err := s.client.Post(s.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer answered.Body.Close()
	answer, err := io.ReadAll(answered.Body)
	if err != nil {
		return nil, err
	}
	var read admissionv1.AdmissionReview
	if err := json.Unmarshal(answer, &read); err != nil || answered.StatusCode != http.StatusOK || read.Response == nil || read.Response.UID != request.UID {
		return nil, fmt.Errorf("%s answered with status %d and %s", path, answered.StatusCode, answer)
	}
	return read.Response, nil
}

// current answers from the cluster of the moment.
type current struct{ *server }

var _ validation.Surroundings = current{}

func (c current) Inventory() (*inventory.Inventory, bool) { return c.around.Load().Inventory() }

func (c current) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	return c.around.Load().ConfigMap(namespace, name)
}

func (c current) Namespace(name string) (validation.Namespace, bool) {
	return c.around.Load().Namespace(name)
}

func (c current) ServiceAccount(namespace, name string) (validation.Account, bool) {
	return c.around.Load().ServiceAccount(namespace, name)
}

func (c current) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	return c.around.Load().Access(account, namespace, needed)
}

func (c current) Member(key inventory.Key) (*inventory.Member, bool) {
	return c.around.Load().Member(key)
}
