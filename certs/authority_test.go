package certs

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// secretsAPI is as much of an API server as an authority needs: list, watch, create and delete of one Secret.
type secretsAPI struct {
	mutex    sync.Mutex
	secret   *corev1.Secret
	version  int
	created  int
	watchers []chan event
}

type event struct {
	Type   string        `json:"type"`
	Object corev1.Secret `json:"object"`
}

func startSecretsAPI(t *testing.T) (*secretsAPI, *rest.Config) {
	t.Helper()
	api := &secretsAPI{version: 1}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/namespaces/guard/secrets", api.get)
	mux.HandleFunc("POST /api/v1/namespaces/guard/secrets", api.create)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	return api, &rest.Config{Host: server.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}}
}

func (a *secretsAPI) get(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Query().Get("fieldSelector") != "metadata.name="+CASecretName {
		http.Error(w, "no right to see the other Secrets", http.StatusForbidden)
		return
	}
	if r.URL.Query().Get("watch") == "" {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		list := corev1.SecretList{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "SecretList"}}
		list.ResourceVersion = strconv.Itoa(a.version)
		if a.secret != nil {
			list.Items = append(list.Items, *a.secret)
		}
		_ = json.NewEncoder(w).Encode(list)
		return
	}
	for _, first := range a.initialEvents(r.URL.Query().Get("sendInitialEvents") == "true") {
		_ = json.NewEncoder(w).Encode(first)
	}
	events := a.watch()
	_ = http.NewResponseController(w).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case next := <-events:
			_ = json.NewEncoder(w).Encode(next)
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// initialEvents are what a watch that replaces a list begins with, up to the bookmark that ends them.
func (a *secretsAPI) initialEvents(asked bool) []event {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if !asked {
		return nil
	}
	var events []event
	if a.secret != nil {
		events = append(events, event{Type: "ADDED", Object: *a.secret})
	}
	end := corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}}
	end.ResourceVersion = strconv.Itoa(a.version)
	end.Annotations = map[string]string{"k8s.io/initial-events-end": "true"}
	return append(events, event{Type: "BOOKMARK", Object: end})
}

func (a *secretsAPI) watch() <-chan event {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	events := make(chan event, 100)
	a.watchers = append(a.watchers, events)
	return events
}

func (a *secretsAPI) create(w http.ResponseWriter, r *http.Request) {
	var secret corev1.Secret
	if err := json.NewDecoder(r.Body).Decode(&secret); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if a.secret != nil {
		w.WriteHeader(http.StatusConflict)
		_ = json.NewEncoder(w).Encode(metav1.Status{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}, Status: metav1.StatusFailure,
			Reason: metav1.StatusReasonAlreadyExists, Code: http.StatusConflict,
		})
		return
	}
	a.created++
	a.secret = &secret
	a.change("ADDED")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(secret)
}

func (a *secretsAPI) remove() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.change("DELETED")
	a.secret = nil
}

// change tells the watchers; the mutex is held.
func (a *secretsAPI) change(kind string) {
	a.version++
	a.secret.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
	a.secret.ResourceVersion = strconv.Itoa(a.version)
	for _, watcher := range a.watchers {
		watcher <- event{Type: kind, Object: *a.secret}
	}
}

// authorityOf is the certificate that the API server would be told to trust.
func (a *secretsAPI) authorityOf(t *testing.T) (pool *x509.CertPool, text string, created int) {
	t.Helper()
	a.mutex.Lock()
	defer a.mutex.Unlock()
	pool = x509.NewCertPool()
	if a.secret == nil {
		return pool, "", a.created
	}
	if !pool.AppendCertsFromPEM(a.secret.Data[CASecretKey]) {
		t.Errorf("no certificate under %s", CASecretKey)
	}
	return pool, string(a.secret.Data[CASecretKey]), a.created
}

func startAuthority(t *testing.T, config *rest.Config, log *journal) Source {
	t.Helper()
	source := FromAuthority(AuthorityOptions{RESTConfig: config, Namespace: "guard", ServiceName: "hook", Log: log.logger()})
	startSource(t, source)
	return source
}

// startSource runs a source until the test ends, and returns when it has a certificate.
func startSource(t *testing.T, source Source) {
	t.Helper()
	if source.Healthy() {
		t.Error("healthy before it has started")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- source.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the source ended with %v", err)
		}
	})
	await(t, "a certificate is there", source.Healthy)
}

// leafOf is the certificate that a source serves.
func leafOf(t *testing.T, source Source) *x509.Certificate {
	t.Helper()
	certificate, err := source.GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

func trusts(pool *x509.CertPool, leaf *x509.Certificate, name string) error {
	_, err := leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	return err
}

func TestAuthorityIssuesACertificateForTheService(t *testing.T) {
	api, config := startSecretsAPI(t)
	log := &journal{}
	source := startAuthority(t, config, log)
	pool, _, _ := api.authorityOf(t)
	leaf := leafOf(t, source)
	for _, name := range []string{"hook.guard.svc", "hook.guard.svc.cluster.local", "hook.guard", "hook", "localhost"} {
		if err := trusts(pool, leaf, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := trusts(pool, leaf, "another.guard.svc"); err == nil {
		t.Error("it is good for another service too")
	}
	if leaf.PublicKeyAlgorithm != x509.ECDSA || leaf.IsCA || leaf.NotAfter.Sub(leaf.NotBefore) > 8*24*time.Hour {
		t.Errorf("not a short-lived ECDSA leaf: %s, CA %t, until %s", leaf.PublicKeyAlgorithm, leaf.IsCA, leaf.NotAfter)
	}
	if !strings.Contains(log.String(), "Serving certificate generated successfully") {
		t.Errorf("cert-manager's log does not arrive: %s", log)
	}
}

func TestReplicasShareOneAuthority(t *testing.T) {
	api, config := startSecretsAPI(t)
	replicas := []Source{startAuthority(t, config, &journal{}), startAuthority(t, config, &journal{})}
	pool, _, created := api.authorityOf(t)
	if created != 1 {
		t.Errorf("%d authorities were made, want 1", created)
	}
	for i, replica := range replicas {
		if err := trusts(pool, leafOf(t, replica), "hook.guard.svc"); err != nil {
			t.Errorf("replica %d: %v", i, err)
		}
	}
}

func TestALostAuthorityIsReplacedWithoutARestart(t *testing.T) {
	api, config := startSecretsAPI(t)
	source := startAuthority(t, config, &journal{})
	_, before, _ := api.authorityOf(t)
	api.remove()
	await(t, "another authority signs", func() bool {
		pool, now, _ := api.authorityOf(t)
		return now != "" && now != before && trusts(pool, leafOf(t, source), "hook.guard.svc") == nil
	})
}

func TestNamesOfTheCertificate(t *testing.T) {
	want := []string{"flink-ha-webhook.flink-ha-system.svc", "flink-ha-webhook.flink-ha-system.svc.cluster.local", "flink-ha-webhook.flink-ha-system", "flink-ha-webhook", "localhost"}
	if got := DNSNames("flink-ha-webhook", "flink-ha-system"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
