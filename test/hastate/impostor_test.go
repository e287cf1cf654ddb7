package hastate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// authoritySecret is the Secret with the authority that the API server trusts to name the guard.
const authoritySecret = "flink-ha-webhook-ca"

// impersonate has somebody answer at the guard's address, with a certificate that the API server trusts, until the function that
// it returns is called. Of the answers to each webhook, one is no JSON, the next is the answer to another request, and the next
// has a patch that does not apply.
func (s *suite) impersonate(t *testing.T) (stop func()) {
	t.Helper()
	address, err := url.Parse(s.Guard.URL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", address.Port()))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler: &impostor{asked: map[string]int{}}, ReadHeaderTimeout: patience,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{s.forge(t, address.Hostname())}, MinVersion: tls.VersionTLS12},
	}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	return func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
}

// forge signs a certificate with the guard's own authority.
func (s *suite) forge(t *testing.T, host string) tls.Certificate {
	t.Helper()
	secret, err := s.client.CoreV1().Secrets(bench.Namespace).Get(t.Context(), authoritySecret, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
	if err != nil {
		t.Fatal(err)
	}
	authority, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, certificate, authority, &key.PublicKey, pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}
}

// impostor counts what it is asked, by the paths of the webhooks.
type impostor struct {
	mu    sync.Mutex
	asked map[string]int
}

func (i *impostor) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	i.mu.Lock()
	turn := i.asked[request.URL.Path]
	i.asked[request.URL.Path]++
	i.mu.Unlock()
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(request.Body).Decode(&review); err != nil || review.Request == nil {
		http.Error(answer, "no review", http.StatusBadRequest)
		return
	}
	response := &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true}
	switch turn % 3 {
	case 0:
		_, _ = answer.Write([]byte("all is well"))
		return
	case 1:
		response.UID = "another"
	case 2:
		patch := admissionv1.PatchTypeJSONPatch
		response.PatchType, response.Patch = &patch, []byte(`[{"op":"remove","path":"/metadata/annotations/nowhere"}]`)
	}
	_ = json.NewEncoder(answer).Encode(admissionv1.AdmissionReview{TypeMeta: review.TypeMeta, Response: response})
}
