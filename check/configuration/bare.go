package configuration

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Bare is what a file is that is no manifest.
type Bare struct {
	Loader flink.Loader
	// DataKey is the name that Flink looks for, as a ConfigMap would have it for a key.
	DataKey string
	// Judged is true where the file is certainly Flink's: by its name, or by what only Flink has.
	Judged bool
	// Note says why it is taken for what it is, "" where that goes without saying.
	Note string
}

// RecognizeBare finds out what a file is that is no manifest: by its name if it is the one that Flink looks for, else by the version
// or the content. The error is a ProblemError.
func RecognizeBare(file *manifest.File, version flink.Version) (Bare, error) {
	found := Bare{Loader: flink.LoaderLegacy, DataKey: file.BareName()}
	switch found.DataKey {
	case flink.LegacyFile:
		found.Judged = true
	case flink.StandardFile:
		found.Loader, found.Judged = flink.LoaderStandard, isFlinks(file.Text)
		if !found.Judged {
			found.Note = "nothing in it is an option that only Flink has; it is read because of its name"
		}
	default:
		var err error
		if found.Loader, found.Note, err = guess(file, version); err != nil {
			return Bare{}, err
		}
		found.DataKey, found.Judged = flink.StandardFile, isFlinks(file.Text)
		if found.Loader == flink.LoaderLegacy {
			found.DataKey = flink.LegacyFile
			found.Judged = found.Judged || hasFlinksOption(flink.LoadLegacy(file.Text, ""))
		}
	}
	return found, nil
}

// readBare reads a file that is no manifest. One that has the name that Flink looks for is read as Flink would read it; of any
// other that was named, the version or the content says which file it is meant to be.
func readBare(file *manifest.File, bare map[string]bool, version flink.Version) (Reading, error) {
	recognized, err := RecognizeBare(file, version)
	if err != nil {
		return Reading{}, err
	}
	configuration := recognized.Loader.Load(file.Text, "")
	reading := newReading(configuration, func(at flink.Position) manifest.Place {
		return manifest.Place{File: file.Name, Line: at.Line, Column: at.Column}
	})
	reading.Place, reading.Loader, reading.Version = manifest.Place{File: file.Name}, recognized.Loader, version
	reading.note(recognized.Note)
	if file.BareName() == "" && !isFlinks(file.Text) && !hasFlinksOption(configuration) {
		reading.note("nothing in it begins like an option of Flink's")
	}
	reading.note(WhoReads(file.BareName(), hasSibling(file, bare), version))
	return reading, nil
}

func (r *Reading) note(note string) {
	if note != "" {
		r.Notes = append(r.Notes, note)
	}
}

// isFlinks asks what admission asks of a config.yaml, which many programs have.
func isFlinks(text string) bool {
	return len(flink.ConfigMapConfigurations(&corev1.ConfigMap{Data: map[string]string{flink.StandardFile: text}}, false)) > 0
}

// bareFiles are the paths of the files that have the names that Flink looks for.
func bareFiles(files []*manifest.File) map[string]bool {
	bare := map[string]bool{}
	for _, file := range files {
		if file.BareName() != "" && file.IsBare() {
			bare[filepath.Clean(file.Name)] = true
		}
	}
	return bare
}

// hasSibling tells whether the folder has the other of Flink's two files too.
func hasSibling(file *manifest.File, bare map[string]bool) bool {
	folder := filepath.Dir(file.Name)
	return bare[filepath.Join(folder, flink.LegacyFile)] && bare[filepath.Join(folder, flink.StandardFile)]
}

// WhoReads says which versions of Flink read a file of this name, or that the one at hand does not, "" where
// there is nothing to say (GlobalConfiguration.loadConfiguration).
func WhoReads(name string, otherIsThere bool, version flink.Version) string {
	switch {
	case name == flink.LegacyFile && version.AtLeast(2, 0):
		return fmt.Sprintf("Flink %s does not read it: since 2.0 only config.yaml counts", version)
	case name == flink.StandardFile && version.Before(1, 19):
		return fmt.Sprintf("Flink %s does not read it: before 1.19 only flink-conf.yaml counts", version)
	case name == flink.StandardFile && otherIsThere && version.AtLeast(1, 19) && version.Before(2, 0):
		return fmt.Sprintf("Flink %s does not read it: it takes the flink-conf.yaml beside it", version)
	case name == flink.StandardFile && otherIsThere && !version.AtLeast(2, 0):
		return "Flink reads it from 2.0 on; before, it takes the flink-conf.yaml beside it"
	case name == flink.LegacyFile && !version.Known():
		return "Flink reads it up to 1.20"
	case name == flink.StandardFile && !version.Known():
		return "Flink reads it from 1.19 on"
	}
	return ""
}

// guess finds out which of Flink's files a file of another name is meant to be.
func guess(file *manifest.File, version flink.Version) (flink.Loader, string, error) {
	switch {
	case version.Before(1, 19):
		return flink.LoaderLegacy, fmt.Sprintf("taken for a flink-conf.yaml: Flink %s reads no other", version), nil
	case version.AtLeast(2, 0):
		return flink.LoaderStandard, fmt.Sprintf("taken for a config.yaml: Flink %s reads no other", version), nil
	case strings.Contains(filepath.Base(file.Name), "flink-conf"):
		return flink.LoaderLegacy, "taken for a flink-conf.yaml, because of its name", nil
	}
	standard, legacy := flink.LoadStandard(file.Text, ""), flink.LoadLegacy(file.Text, "")
	switch {
	case standard.Err != nil && hasFlinksOption(legacy):
		return flink.LoaderLegacy, "taken for a flink-conf.yaml: Flink would refuse it as a config.yaml", nil
	case standard.Err != nil:
		line, column := standard.Err.Line, standard.Err.Column
		return "", "", &manifest.ProblemError{
			Place:  manifest.Place{File: file.Name, Line: max(line, 1), Column: max(column, 1)},
			Reason: "this is neither a manifest nor Flink configuration: " + standard.Err.Reason,
		}
	case sameMap(standard, legacy):
		return flink.LoaderStandard, "taken for a config.yaml; as a flink-conf.yaml it would say the same", nil
	}
	return flink.LoaderStandard, "taken for a config.yaml; as a flink-conf.yaml it would say something else (name the version with --flink-version)", nil
}

func sameMap(one, other flink.Configuration) bool {
	if !one.Complete() || !other.Complete() {
		return false
	}
	ones, others := lastValues(one), lastValues(other)
	if len(ones) != len(others) {
		return false
	}
	for key, value := range ones {
		if counterpart, ok := others[key]; !ok || counterpart != value {
			return false
		}
	}
	return true
}

func lastValues(configuration flink.Configuration) map[string]string {
	values := make(map[string]string, len(configuration.Settings))
	for _, setting := range configuration.Settings {
		values[setting.Key] = setting.Value
	}
	return values
}

// hasFlinksOption finds a key that begins like one of Flink's.
func hasFlinksOption(configuration flink.Configuration) bool {
	return slices.ContainsFunc(configuration.Settings, func(setting flink.Setting) bool {
		return slices.ContainsFunc([]string{
			"jobmanager.", "taskmanager.", "high-availability", "parallelism.default", "state.", "execution.", "kubernetes.", "rest.",
			"env.java.", "blob.", "metrics.reporter", "restart-strategy", "pipeline.", "table.", "akka.", "pekko.", "historyserver.",
			"security.ssl.", "heartbeat.", "classloader.", "recovery.",
		}, func(prefix string) bool { return strings.HasPrefix(setting.Key, prefix) })
	})
}
