package offline

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// Folder is a kustomization or a chart that is to be rendered.
type Folder struct {
	Path string
	// By is what renders it.
	By manifest.Rendering
	// Namespace of the release, and files with values: both are for charts.
	Namespace   string
	ValuesFiles []string
}

func (o *checkOptions) addRenderFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.noRender, "no-render", o.noRender, "read the files of kustomizations and Helm charts as they stand")
	if o.sources.Render != nil {
		flags.StringArrayVar(&o.helmValues, "helm-values", o.helmValues, "`file` with values for the Helm charts, over their own; may be given several times, the last counts")
	}
}

// find finds the sources that the arguments name. Those that are rendered are rendered when they are loaded.
func (r *checkRun) find(ctx context.Context) []manifest.Source {
	if r.options.noRender {
		return manifest.Find(r.arguments)
	}
	sources := manifest.FindRoots(r.arguments)
	if r.options.sources.Render == nil {
		return r.withoutRendering(sources)
	}
	for i, source := range sources {
		if source.Rendering == "" {
			continue
		}
		folder := Folder{Path: source.Name, By: source.Rendering, Namespace: r.options.namespace, ValuesFiles: r.options.helmValues}
		if source.Rendering == manifest.Helm && folder.Namespace == "" {
			// Templates name the namespace of the release in some objects and leave it out in others: it has to be the same one.
			folder.Namespace, source.Namespace = releaseNamespace, releaseNamespace
		}
		sources[i] = source.RenderedBy(func() (string, error) { return r.options.sources.Render(ctx, folder) })
	}
	return sources
}

// withoutRendering is for a program that renders nothing. The files of a chart are read as they stand, since templates are known by what
// is in them, and are left; what to type instead is said, since nothing else shows that the chart was not judged. Those of a kustomization are not: they look like what a cluster gets, and are not.
func (r *checkRun) withoutRendering(sources []manifest.Source) []manifest.Source {
	var found []manifest.Source
	known := map[string]bool{}
	add := func(source manifest.Source) {
		if name := filepath.Clean(source.Name); !known[name] {
			known[name] = true
			found = append(found, source)
		}
	}
	for _, source := range sources {
		switch source.Rendering {
		case manifest.Kustomize:
			add(source.Failing(fmt.Errorf("this is a kustomization, which has to be rendered: kustomize build %s | %s check -; or read its files as they stand with --no-render", quoted(source.Name), r.program)))
		case manifest.Helm:
			if !r.options.quiet {
				fmt.Fprintf(r.errors, "note: %s: this is a Helm chart, and its templates are left: helm template %s | %s check -\n", source.Name, quoted(source.Name), r.program)
			}
			for _, file := range manifest.Find([]string{source.Name}) {
				add(file)
			}
		default:
			add(source)
		}
	}
	return found
}

// releaseNamespace is where Helm installs a chart if nobody says where.
const releaseNamespace = "default"

// quoted is a name as it is typed in a shell.
func quoted(name string) string {
	if !strings.ContainsAny(name, " \t\n'\"\\$`!*?[]{}()<>|&;#~") {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
