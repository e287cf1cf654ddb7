package flink

import "strings"

// StorageBelow tells whether a storage path is certainly at or below a prefix, segment by segment, as Flink reads both
// (org.apache.flink.core.fs.Path): s3://b/x is not below s3://b/xy, and s3 and s3a are different schemes. A path without a scheme is
// where fs.default-scheme says, or on the process's own disk. known is false where that is not known.
func StorageBelow(configuration Configuration, path, prefix string) (below, known bool) {
	inner, err := parsePath(path)
	if err != nil {
		return false, false
	}
	outer, err := parsePath(prefix)
	if err != nil {
		return false, true
	}
	if inner.scheme == "" {
		if inner, known = onDefaultScheme(configuration, inner); !known {
			return false, false
		}
	}
	if outer.scheme == "" {
		outer.scheme = "file"
	}
	if inner.scheme != outer.scheme || inner.authority != outer.authority {
		return false, true
	}
	segments, wanted := segmentsOf(inner.path), segmentsOf(outer.path)
	if len(segments) < len(wanted) {
		return false, true
	}
	for i, segment := range segments {
		if segment == ".." || i < len(wanted) && segment != wanted[i] {
			return false, true
		}
	}
	return true, true
}

// onDefaultScheme gives a path the scheme and the host of fs.default-scheme (FileSystem.getUnguardedFileSystem).
func onDefaultScheme(configuration Configuration, path fsPath) (fsPath, bool) {
	preset := configuration.Get(KeyDefaultScheme, Version{})
	switch {
	case preset.Unknown != "" || IsExpanded(preset.Value()):
		return fsPath{}, false
	case !preset.Set:
		path.scheme = "file"
		return path, true
	}
	base, err := parsePath(strings.TrimSuffix(preset.Value(), "/") + "/")
	if err != nil || base.scheme == "" {
		return fsPath{}, false
	}
	return fsPath{scheme: base.scheme, authority: base.authority, path: path.path}, true
}

// segmentsOf are the names between the slashes of a path.
func segmentsOf(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}
