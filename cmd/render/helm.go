package render

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

// Release is what is said of all charts of a run.
type Release struct {
	// Namespace that they are for.
	Namespace string
	// ValuesFiles are laid over the values of a chart, the later ones over the earlier.
	ValuesFiles []string
}

// kubeVersion is what templates are told of the cluster: a current one. flinkAPIs are what it serves besides what every cluster does, so
// that the objects of charts that look for the Flink Kubernetes Operator are judged.
const kubeVersion = "v1.37.0"

func flinkAPIs() []string {
	return []string{
		"flink.apache.org/v1beta1", "flink.apache.org/v1beta1/FlinkDeployment", "flink.apache.org/v1beta1/FlinkSessionJob",
		"flink.apache.org/v1beta1/FlinkStateSnapshot", "flink.apache.org/v1beta1/FlinkBlueGreenDeployment",
	}
}

// Chart renders a chart as "helm template NAME FOLDER --skip-tests" does, to the line, where NAME is that of the chart; what is in its
// crds/ follows. The chart has to have its dependencies in it, and lookup finds nothing. The error is a *manifest.ProblemError where the
// place is known.
//
// Schemas of values are left to Helm: they say nothing about what comes of the values, and may refer to what would have to be fetched.
func Chart(ctx context.Context, folder string, about Release) (string, error) {
	return bounded(ctx, func(ctx context.Context) (string, error) {
		loaded, err := loadChart(folder)
		if err != nil {
			return "", err
		}
		values, err := about.values(loaded)
		if err != nil {
			return "", err
		}
		// The zero Engine has neither a cluster nor a name server.
		files, err := engine.Engine{}.RenderWithContext(ctx, loaded, values)
		if err != nil {
			return "", problemOf(err, loaded.Name(), folder)
		}
		return assemble(loaded, files, folder)
	})
}

// loadChart loads a chart with all that it needs.
func loadChart(folder string) (*chart.Chart, error) {
	loaded, err := loader.LoadDir(folder)
	if err == nil {
		err = loaded.Validate()
	}
	if err != nil {
		return nil, errors.New("Helm: " + clip(err.Error()))
	}
	var missing []string
	for _, needed := range loaded.Metadata.Dependencies {
		if needed != nil && !slices.ContainsFunc(loaded.Dependencies(), func(c *chart.Chart) bool { return c.Name() == needed.Name }) {
			missing = append(missing, needed.Name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("charts that it depends on are not in its charts/, and nothing is fetched: %s; run: helm dependency build %s", strings.Join(missing, ", "), folder)
	}
	return loaded, nil
}

// values are what the templates of a chart get.
func (r Release) values(loaded *chart.Chart) (common.Values, error) {
	given := map[string]any{}
	for _, name := range r.ValuesFiles {
		values, err := common.ReadValuesFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading values: %s", clip(err.Error()))
		}
		given = loader.MergeMaps(given, values)
	}
	if err := chartutil.ProcessDependencies(loaded, given); err != nil {
		return nil, errors.New("Helm: " + clip(err.Error()))
	}
	version, err := common.ParseKubeVersion(kubeVersion)
	if err != nil {
		return nil, fmt.Errorf("reading the version of Kubernetes: %w", err)
	}
	capabilities := common.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	capabilities.APIVersions = slices.Concat(capabilities.APIVersions, flinkAPIs())
	options := common.ReleaseOptions{Name: loaded.Name(), Namespace: r.Namespace, Revision: 1, IsInstall: true}
	values, err := util.ToRenderValuesWithSchemaValidation(loaded, given, options, capabilities, true)
	if err != nil {
		return nil, errors.New("Helm: " + clip(err.Error()))
	}
	return values, nil
}

// assemble puts what came of the templates together, in Helm's order. Tests are left out: they are applied when somebody asks for them.
func assemble(loaded *chart.Chart, files map[string]string, folder string) (string, error) {
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return "", problemOf(err, loaded.Name(), folder)
	}
	var text strings.Builder
	add := func(name, content string) error {
		if text.Len()+len(content) > maxRendered {
			return tooLarge()
		}
		fmt.Fprintf(&text, "---\n# Source: %s\n%s\n", name, content)
		return nil
	}
	for _, m := range manifests {
		err = errors.Join(err, add(m.Name, m.Content))
	}
	// The command trims what comes before the hooks.
	trimmed := strings.TrimSpace(text.String())
	text.Reset()
	text.WriteString(trimmed + "\n")
	for _, hook := range hooks {
		if !slices.Contains(hook.Events, release.HookTest) {
			err = errors.Join(err, add(hook.Path, hook.Manifest))
		}
	}
	for _, crd := range loaded.CRDObjects() {
		err = errors.Join(err, add(path.Join(loaded.Name(), crd.Name), string(crd.File.Data)))
	}
	if err != nil {
		return "", tooLarge()
	}
	return text.String(), nil
}
