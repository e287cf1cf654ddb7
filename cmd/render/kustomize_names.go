package render

import (
	"bytes"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// foldersOf are the names in a kustomization of what kustomize takes for a repository where it finds neither file nor folder.
func foldersOf(root *types.Kustomization) []string {
	return slices.Concat(root.Resources, root.Bases, root.Components, root.Generators, root.Transformers, root.Validators) //nolint:staticcheck // the deprecated ones count too
}

// filesOf are the names in a kustomization of what kustomize takes for a file or a URL.
func filesOf(root *types.Kustomization) []string {
	names := slices.Concat(root.Crds, root.Configurations)
	for _, path := range root.OpenAPI {
		names = append(names, path)
	}
	for _, patch := range root.PatchesStrategicMerge { //nolint:staticcheck // it counts, deprecated or not
		names = append(names, string(patch))
	}
	for i := range root.Patches {
		names = append(names, root.Patches[i].Path)
	}
	for i := range root.PatchesJson6902 { //nolint:staticcheck // it counts, deprecated or not
		names = append(names, root.PatchesJson6902[i].Path) //nolint:staticcheck // it counts, deprecated or not
	}
	for i := range root.Replacements {
		names = append(names, root.Replacements[i].Path)
	}
	for i := range root.ConfigMapGenerator {
		names = append(names, sourcesOf(&root.ConfigMapGenerator[i].KvPairSources)...)
	}
	for i := range root.SecretGenerator {
		names = append(names, sourcesOf(&root.SecretGenerator[i].KvPairSources)...)
	}
	return names
}

// sourcesOf are the names of the files that a generator reads.
func sourcesOf(sources *types.KvPairSources) []string {
	names := slices.Concat(sources.EnvSources, []string{sources.EnvSource})
	for _, file := range sources.FileSources {
		names = append(names, behindKey(file))
	}
	return names
}

// behindKey is what stands behind the key of a file of a generator.
func behindKey(name string) string { return name[strings.IndexByte(name, '=')+1:] }

// isInline tells a document in a kustomization from the name of a file with one.
func isInline(name string) bool { return strings.Contains(name, "\n") }

// hasHTTP tells whether kustomize takes the name of a file for a URL.
func hasHTTP(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "http:") || strings.HasPrefix(lower, "https:")
}

// isRemote tells whether kustomize may take a name for that of a repository or a URL: those have a scheme or a user, or are on GitHub.
// More is refused than kustomize would fetch, such as folders with a colon in their names.
func isRemote(name string) bool {
	return strings.ContainsAny(name, ":@") || strings.HasPrefix(strings.ToLower(name), "github.com/")
}

// withoutSecrets takes the user, the password and the parameters out of a URL.
func withoutSecrets(url string) string {
	url, _, _ = strings.Cut(url, "?")
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + path
}

// documentsOf are those of a text that can be read: it may be no YAML at all.
func documentsOf(text []byte) []*yaml.Node {
	var documents []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err != nil {
			return documents
		}
		documents = append(documents, &document)
	}
}

// scalarsOf are all texts in a document.
func scalarsOf(node *yaml.Node) []string {
	if node.Kind == yaml.ScalarNode {
		return []string{node.Value}
	}
	var texts []string
	for _, below := range node.Content {
		texts = append(texts, scalarsOf(below)...)
	}
	return texts
}

// placeOf is the first text in some YAML that is, or ends in, a name; a node without a place if there is none.
func placeOf(text []byte, name string) *yaml.Node {
	for _, document := range documentsOf(text) {
		if found := find(document, name); found != nil {
			return found
		}
	}
	return &yaml.Node{}
}

func find(node *yaml.Node, name string) *yaml.Node {
	if node.Kind == yaml.ScalarNode && (node.Value == name || behindKey(node.Value) == name) {
		return node
	}
	for _, below := range node.Content {
		if found := find(below, name); found != nil {
			return found
		}
	}
	return nil
}
