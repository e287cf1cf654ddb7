package flink

// Loader is one of the two grammars of Flink's configuration files.
type Loader string

// The loaders: that of flink-conf.yaml, and that of config.yaml.
const (
	LoaderLegacy   Loader = "legacy"
	LoaderStandard Loader = "standard"
)

// LoaderOf is the loader that reads a file of the configuration directory, by the file's name, and whether Flink reads a file of
// that name at all.
func LoaderOf(name string) (Loader, bool) {
	switch name {
	case LegacyFile:
		return LoaderLegacy, true
	case StandardFile:
		return LoaderStandard, true
	}
	return "", false
}

// Load reads a text by this grammar; see LoadLegacy and LoadStandard.
func (l Loader) Load(text, source string) Configuration {
	if l == LoaderLegacy {
		return LoadLegacy(text, source)
	}
	return LoadStandard(text, source)
}

// FileChoice is which file of its configuration directory Flink reads (GlobalConfiguration.loadConfiguration).
type FileChoice struct {
	// Name of the file, "" where Flink finds none and does not start.
	Name string
	// Candidates are the files that it may be where the version is not known well enough; Name is then "".
	Candidates []string
}

// ChooseFile tells which file a version reads from a directory: flink-conf.yaml up to 1.18, config.yaml from 2.0 on, and in
// between flink-conf.yaml if it is there (FLINK-33576, FLINK-33677). The two are never merged.
func ChooseFile(version Version, has func(name string) bool) FileChoice {
	legacy, standard := has(LegacyFile), has(StandardFile)
	readsLegacy, readsStandard := !version.AtLeast(2, 0), !version.Before(1, 19)
	certainLegacy, certainStandard := version.Before(2, 0), version.AtLeast(1, 19)
	switch {
	case legacy && certainLegacy:
		return FileChoice{Name: LegacyFile}
	case standard && certainStandard && (!legacy || !readsLegacy):
		return FileChoice{Name: StandardFile}
	}
	var choice FileChoice
	if legacy && readsLegacy {
		choice.Candidates = append(choice.Candidates, LegacyFile)
	}
	if standard && readsStandard {
		choice.Candidates = append(choice.Candidates, StandardFile)
	}
	return choice
}
