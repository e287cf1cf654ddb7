package pipelines

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

// manifestOfPlugin is what krew reads: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/.
type manifestOfPlugin struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		Version, Homepage    string
		ShortDescription     string `yaml:"shortDescription"`
		Description, Caveats string
		Platforms            []platform
	}
}

type platform struct {
	Selector struct {
		MatchLabels map[string]string `yaml:"matchLabels"`
	}
	URI    string `yaml:"uri"`
	SHA256 string `yaml:"sha256"`
	Bin    string
}

func (p platform) String() string {
	return p.Selector.MatchLabels["os"] + "/" + p.Selector.MatchLabels["arch"]
}

// tag of a release that never was.
const tag = "v0.0.9"

// rendered is the manifest as krew-release-bot makes it of .krew.yaml and the archives of a release.
func rendered(t *testing.T, archives string) manifestOfPlugin {
	t.Helper()
	fill := template.New(".krew.yaml").Option("missingkey=error")
	fill.Funcs(template.FuncMap{"addURIAndSha": func(address, tag string) (string, error) {
		var uri strings.Builder
		if err := template.Must(template.New("uri").Parse(address)).Execute(&uri, map[string]string{"TagName": tag}); err != nil {
			return "", err
		}
		content, err := os.ReadFile(filepath.Join(archives, path.Base(uri.String())))
		if err != nil {
			return "", fmt.Errorf("make plugin has made no such archive: %w", err)
		}
		sum := sha256.Sum256(content)
		return fmt.Sprintf("uri: %s\n    sha256: %s", uri.String(), hex.EncodeToString(sum[:])), nil
	}})
	var text strings.Builder
	if err := template.Must(fill.Parse(shipped(t, ".krew.yaml"))).Execute(&text, map[string]string{"TagName": tag}); err != nil {
		t.Fatal(err)
	}
	var found manifestOfPlugin
	decode(t, text.String(), &found)
	return found
}

// archivesOfMake are those that `make plugin` makes, with a compiler that writes nothing but what it was told to build.
func archivesOfMake(t *testing.T) string {
	t.Helper()
	archives, s := t.TempDir(), newSandbox(t, nil)
	s.play(t, "go", `while [ "$1" != -o ]; do shift; done; echo "$GOOS/$GOARCH $3" > "$2"`+"\n")
	got := s.run(t, nil, "make", "-C", root(), "plugin", "DIST="+archives, "VERSION="+tag)
	wantCode(t, got, 0)
	return archives
}

// TestThePluginOfKrewCanBeInstalled takes the manifest and the archives of a release as krew does.
func TestThePluginOfKrewCanBeInstalled(t *testing.T) {
	archives := archivesOfMake(t)
	found := rendered(t, archives)
	if found.APIVersion != "krew.googlecontainertools.github.com/v1alpha2" || found.Kind != "Plugin" || found.Spec.Version != tag {
		t.Errorf("got %s %s of version %s", found.APIVersion, found.Kind, found.Spec.Version)
	}
	if short := found.Spec.ShortDescription; short == "" || len(short) > 50 || found.Spec.Homepage != "https://"+module || found.Spec.Description == "" {
		t.Errorf("got %+v, want a short description of at most 50 bytes, which is a line of kubectl krew search", found.Spec)
	}
	// kubectl finds flink-ha by this name, and the program itself knows it by it (isPlugin in cmd/flink-ha-webhook).
	program := "kubectl-" + strings.ReplaceAll(found.Metadata.Name, "-", "_")
	var platforms []string
	for _, one := range found.Spec.Platforms {
		platforms = append(platforms, one.String())
		want := program
		if strings.HasPrefix(one.String(), "windows/") {
			want += ".exe"
		}
		if one.Bin != want {
			t.Errorf("%s: the program is %q, want %q", one, one.Bin, want)
		}
		if !strings.HasPrefix(one.URI, "https://"+module+"/releases/download/"+tag+"/") {
			t.Errorf("%s: got the address %s", one, one.URI)
		}
		files := unpack(t, filepath.Join(archives, path.Base(one.URI)))
		if got, want := files[one.Bin], one.String()+" ./cmd/flink-ha-webhook\n"; got != want {
			t.Errorf("%s: in the archive is %q, built from %q, want %q", one, one.Bin, got, want)
		}
		if files["LICENSE"] == "" {
			t.Errorf("%s: the archive has no license", one)
		}
	}
	listed := regexp.MustCompile(`(?m)^PLUGIN_PLATFORMS \?= (.*)$`).FindStringSubmatch(shipped(t, "Makefile"))
	if listed == nil || !slices.Equal(strings.Fields(listed[1]), platforms) {
		t.Errorf("the Makefile has %q, the manifest %q", listed, platforms)
	}
}

// unpack has the files of an archive.
func unpack(t *testing.T, name string) map[string]string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(io.LimitReader(archive, 1<<20))
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = string(content)
	}
}
