package differential

import (
	"io"
	"strings"
	"testing"
)

func TestMissingJavaIsSaid(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Prepare(t.Context(), io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), "apt-get install openjdk-17-jdk-headless maven") {
		t.Errorf("got %v, want the command that installs what is missing", err)
	}
}
