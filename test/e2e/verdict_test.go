package e2e

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// verdict is what a client is told about one request: the rules that refuse it and those that warn, each once, in order.
type verdict struct {
	denied, warned []string
	// message and warnings are what the user reads.
	message  string
	warnings []string
}

// is compares the rules of two verdicts.
func (v verdict) is(denied, warned []string) bool {
	return slices.Equal(v.denied, denied) && slices.Equal(v.warned, warned)
}

// says looks for a text in everything that the user reads.
func (v verdict) says(text string) bool {
	return strings.Contains(v.message+"\n"+strings.Join(v.warnings, "\n"), text)
}

// caller is a client that keeps the warnings that it is given.
type caller struct {
	kubernetes.Interface
	recorder *recorder
}

// recorder is what a client does with warnings.
type recorder struct {
	mu       sync.Mutex
	warnings []string
}

// HandleWarningHeader keeps a warning.
func (r *recorder) HandleWarningHeader(_ int, _, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.warnings = append(r.warnings, text)
}

func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.warnings
	r.warnings = nil
	return taken
}

// caller makes a client of the administrator or, if a user is named, of one with the same rights.
func (s *suite) caller(t *testing.T, user string) *caller {
	t.Helper()
	config := s.RESTConfig()
	kept := &recorder{}
	config.WarningHandler = kept
	if user != "" {
		config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: []string{"system:masters"}}
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return &caller{Interface: client, recorder: kept}
}

// named finds the ids of rules in messages.
var named = regexp.MustCompile(`\[([a-z]+(?:-[a-z]+)+)\]`)

// verdict runs a request and says what came of it. An error that is no refusal by the guard ends the test.
func (c *caller) verdict(t *testing.T, request func() error) verdict {
	t.Helper()
	c.recorder.take()
	err := request()
	v := verdict{warnings: c.recorder.take()}
	if err != nil {
		if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "flink-ha.dev") {
			t.Fatalf("got %v, want an answer of the guard", err)
		}
		v.message = err.Error()
	}
	v.denied, v.warned = rulesIn(v.message), rulesIn(v.warnings...)
	return v
}

// create makes a ConfigMap or a Deployment and says what came of it.
func (c *caller) create(t *testing.T, namespace string, object any, options ...metav1.CreateOptions) verdict {
	t.Helper()
	return c.verdict(t, func() error {
		how := metav1.CreateOptions{}
		if len(options) > 0 {
			how = options[0]
		}
		var err error
		switch object := object.(type) {
		case *corev1.ConfigMap:
			_, err = c.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, how)
		case *appsv1.Deployment:
			_, err = c.AppsV1().Deployments(namespace).Create(t.Context(), object, how)
		default:
			t.Fatalf("a %T cannot be made", object)
		}
		return err
	})
}

func rulesIn(texts ...string) []string {
	var rules []string
	for _, text := range texts {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(rules, match[1]) {
				rules = append(rules, match[1])
			}
		}
	}
	return rules
}
