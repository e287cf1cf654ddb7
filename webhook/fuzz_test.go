package webhook

import (
	"net/http"
	"testing"
)

// FuzzHandler sends arbitrary bytes to every path: none may panic, and each answer must be an AdmissionReview that the API
// server can read.
func FuzzHandler(f *testing.F) {
	for _, object := range []string{configMapWithoutHA, configMapWithHA, jobManagerDeployment, ownedHAConfigMap, foreignConfigMap} {
		f.Add(reviewOf(f, object))
		f.Add(reviewOf(f, object, deployment))
	}
	f.Add([]byte(`{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u"}}`))
	f.Add([]byte("\xff\x00"))
	handlers, logs, _ := newHandlers(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range paths {
			code, answer := post(handlers[path], body)
			response := responseIn(t, answer)
			switch code {
			case http.StatusOK:
			case http.StatusBadRequest:
				if response.Allowed {
					t.Errorf("%s: allowed with status %d: %s", path, code, answer)
				}
			default:
				t.Errorf("%s: HTTP status %d: %s\n%s", path, code, answer, logs)
			}
		}
		logs.Reset()
	})
}

// FuzzConfiguration puts arbitrary text where a configuration stands, which arbitrary bytes of a review seldom reach.
func FuzzConfiguration(f *testing.F) {
	f.Add("jobmanager:\n  rpc:\n    address: flink-jobmanager\n")
	f.Add("high-availability.type: kubernetes\nhigh-availability.storageDir: s3://a/b\n---\n- x\n")
	f.Add("a: &a [*a]\njobmanager.x: *a\n")
	handlers, logs, _ := newHandlers(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, key := range []string{"config.yaml", "flink-conf.yaml"} {
			code, answer := post(handlers[PathValidate], reviewOf(t, configMapOf(key, text)))
			if responseIn(t, answer).UID != testUID || code != http.StatusOK {
				t.Errorf("%s: HTTP status %d: %s\n%s", key, code, answer, logs)
			}
		}
		logs.Reset()
	})
}
