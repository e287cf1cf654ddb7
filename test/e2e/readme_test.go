package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// TestTheTranscriptInTheREADMEIsTrue runs the command that the README shows and compares what is printed.
func TestTheTranscriptInTheREADMEIsTrue(t *testing.T) {
	s := shared
	text, err := os.ReadFile(filepath.Join(bench.Root(), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "<!-- transcript -->\n\n")
	transcript, _, ended := strings.Cut(rest, "\n\n<!-- end of transcript -->")
	if !found || !ended {
		t.Fatal("the README has no transcript")
	}
	transcript = strings.TrimPrefix(strings.ReplaceAll(transcript, "\n    ", "\n"), "    ")
	command, want, _ := strings.Cut(transcript, "\n")
	args, isKubectl := strings.CutPrefix(command, "$ kubectl ")
	if !isKubectl {
		t.Fatalf("the transcript begins with %q, want a kubectl command", command)
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "streaming"}}
	if _, err := s.client.CoreV1().Namespaces().Create(t.Context(), namespace, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	got, err := s.kubectl(t, "", strings.Fields(args)...)
	if err == nil || strings.TrimSpace(got) != want {
		t.Errorf("got %v and\n%s\nwant\n%s", err, got, want)
	}
}
