package e2e

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func getOptions() metav1.GetOptions { return metav1.GetOptions{} }

// accountExists tells whether a service account is there.
func (s *suite) accountExists(t *testing.T, namespace, name string) bool {
	t.Helper()
	_, err := s.client.CoreV1().ServiceAccounts(namespace).Get(t.Context(), name, getOptions())
	if err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
	return err == nil
}

func (s *suite) awaitAccount(t *testing.T, namespace, name string) {
	t.Helper()
	eventually(t, "the account "+name, func() bool { return s.accountExists(t, namespace, name) })
}

// TestTheAnnotationOfANamespaceNamesTheAccount where no label does.
func TestTheAnnotationOfANamespaceNamesTheAccount(t *testing.T) {
	s := shared
	for name, tc := range map[string]struct{ labels, annotation, want string }{
		"an annotation":         {"", "jobs", "jobs"},
		"a label":               {"flink-ha.dev/service-account=streams", "", "streams"},
		"both, and they differ": {"flink-ha.dev/service-account=streams", "jobs", "streams"},
	} {
		t.Run(name, func(t *testing.T) {
			var labels []string
			if tc.labels != "" {
				labels = append(labels, tc.labels)
			}
			namespace := s.namespace(t, labels...)
			if tc.annotation != "" {
				output := s.run(t, "", "annotate", "namespace", namespace, "flink-ha.dev/service-account="+tc.annotation)
				if overruled := tc.labels != ""; strings.Contains(output, "Warning: [namespace-label-invalid]") != overruled {
					t.Errorf("got %q, want a warning of what the label overrules: %t", output, overruled)
				}
			}
			s.awaitNamespace(t, namespace)
			s.run(t, standaloneManifest(namespace), "apply", "--server-side", "-n", namespace, "-f", "-")
			if got := s.deploymentState(t, namespace); got.account != tc.want {
				t.Errorf("got %+v, want the account %s", got, tc.want)
			}
			s.awaitAccount(t, namespace, tc.want)
		})
	}
}

// TestAnAnnotationThatNamesNoAccountIsRefused like a label that means nothing.
func TestAnAnnotationThatNamesNoAccountIsRefused(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	output, err := s.kubectl(t, "", "annotate", "namespace", namespace, "flink-ha.dev/service-account=My Jobs")
	if err == nil || !strings.Contains(output, "[namespace-label-invalid]") || !strings.Contains(output, "metadata.annotations") {
		t.Errorf("got %v, %q, want it refused", err, output)
	}
	s.run(t, "", "annotate", "namespace", namespace, "flink-ha.dev/unheard-of=x")
}
