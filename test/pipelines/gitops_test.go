package pipelines

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestThePluginOfArgoCDHandsOnWhatWouldBeAdmitted runs what generates manifests, with a kustomize that renders the one file.
func TestThePluginOfArgoCDHandsOnWhatWouldBeAdmitted(t *testing.T) {
	var plugin struct {
		APIVersion, Kind string `yaml:",omitempty"`
		Spec             struct {
			Generate struct{ Command, Args []string }
		}
	}
	decodeLoosely(t, shipped(t, "docs", "ci", "argo-cd-plugin.yaml"), &plugin)
	command := slices.Concat(plugin.Spec.Generate.Command, plugin.Spec.Generate.Args)
	environment := []string{"ARGOCD_APP_NAMESPACE=streaming"}

	s := newSandbox(t, map[string]string{"clicks.yaml": good}).withProgram(t)
	s.play(t, "kustomize", "cat clicks.yaml\n")
	got := s.run(t, environment, command...)
	wantCode(t, got, 0)
	if got.stdout != good {
		t.Errorf("got the manifests %q, want %q", got.stdout, good)
	}
	if called := s.calledWith(t, "kustomize"); called != "build ." {
		t.Errorf("got kustomize %s", called)
	}

	write(t, filepath.Join(s.repository, "clicks.yaml"), bad, 0o600)
	got = s.run(t, environment, command...)
	wantCode(t, got, refused)
	wantSaid(t, "standard error", got.stderr, broken)
	if got.stdout != "" {
		t.Errorf("got the manifests %q, want none", got.stdout)
	}

	s.play(t, "kustomize", "cat clicks.yaml\nexit 3\n")
	if got = s.run(t, environment, command...); got.code == 0 || got.stdout != "" {
		t.Errorf("kustomize has failed: got %v", got)
	}
}

// TestTheScriptForFluxChecksWhatItRenders runs it with a flux that renders the one file.
func TestTheScriptForFluxChecksWhatItRenders(t *testing.T) {
	script := filepath.Join(root(), "docs", "ci", "flux.sh")
	s := newSandbox(t, map[string]string{"apps/clicks.yaml": bad}).withProgram(t)
	s.play(t, "flux", "cat apps/clicks.yaml\n")
	got := s.run(t, nil, "sh", script, "apps", "clusters/apps.yaml", "apps")
	wantCode(t, got, refused)
	wantSaid(t, "the output", got.stdout, broken)
	if called, want := s.calledWith(t, "flux"), "build kustomization apps --kustomization-file clusters/apps.yaml --path apps --dry-run"; called != want {
		t.Errorf("got flux %s, want flux %s", called, want)
	}
	write(t, filepath.Join(s.repository, "apps", "clicks.yaml"), good, 0o600)
	wantCode(t, s.run(t, nil, "sh", script, "apps", "clusters/apps.yaml", "apps"), nothingRefused)

	s.play(t, "flux", "echo no such kustomization >&2\nexit 1\n")
	if got = s.run(t, nil, "sh", script, "apps", "clusters/apps.yaml", "apps"); got.code == 0 || strings.Contains(got.stdout, "judge") {
		t.Errorf("flux has failed: got %v", got)
	}
}
