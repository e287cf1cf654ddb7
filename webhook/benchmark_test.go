package webhook

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// BenchmarkHandler measures one review from its bytes to the bytes of the answer, with metrics and logging as they are in
// the server, without the network.
func BenchmarkHandler(b *testing.B) {
	reviewer, err := admission.NewReviewer(admission.Options{Policy: defaultPolicy, Now: time.Now, Surroundings: prepared{}})
	if err != nil {
		b.Fatal(err)
	}
	metrics, err := NewMetrics(prometheus.NewRegistry())
	if err != nil {
		b.Fatal(err)
	}
	//nolint:sloglint // what it takes to format a line is part of what is measured
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	handlers := map[string]http.Handler{}
	for _, route := range Routes(reviewer) {
		handlers[route.Path] = NewHandler(route, log, metrics)
	}
	for _, bc := range []struct {
		name string
		path string
		body []byte
		want string
	}{
		{name: "ConfigMapDenied", path: PathValidate, body: reviewOf(b, configMapWithoutHA), want: `"allowed":false`},
		{name: "DeploymentPatched", path: PathMutate, body: reviewOf(b, jobManagerDeployment, deployment), want: `"patchType":"JSONPatch"`},
		{name: "HAConfigMapStripped", path: PathMutateHAConfigMaps, body: reviewOf(b, ownedHAConfigMap), want: `"patchType":"JSONPatch"`},
		{name: "Irrelevant", path: PathValidate, body: reviewOf(b, foreignConfigMap), want: `"allowed":true}`},
	} {
		b.Run(bc.name, func(b *testing.B) {
			handler := handlers[bc.path]
			reader := bytes.NewReader(bc.body)
			request := httptest.NewRequest(http.MethodPost, bc.path, nil)
			request.Header.Set("Content-Type", "application/json")
			request.ContentLength = int64(len(bc.body))
			b.ReportAllocs()
			b.SetBytes(int64(len(bc.body)))
			for b.Loop() {
				reader.Reset(bc.body)
				request.Body = io.NopCloser(reader)
				recorder := httptest.NewRecorder()
				handler.ServeHTTP(recorder, request)
				if !bytes.Contains(recorder.Body.Bytes(), []byte(bc.want)) {
					b.Fatalf("got %d %s", recorder.Code, recorder.Body)
				}
			}
		})
	}
}
