package flink

import (
	"errors"
	"strings"
)

// Why org.apache.flink.core.fs.Path refuses a text. errSchemeUnusual is no refusal: it is what is not followed here.
var (
	errEmptyPath     = errors.New("it is empty")
	errScheme        = errors.New("what stands before its first colon is not the scheme of a URI")
	errSchemeUnusual = errors.New("what stands before its first colon holds a '?' or '#'")
	errRelative      = errors.New("no slash follows the scheme")
	errNothing       = errors.New("nothing follows the scheme")
	errAuthority     = errors.New("its host is not one that a URI can have")
	errNoHost        = errors.New("its host is empty")
)

// fsPath is an org.apache.flink.core.fs.Path: the parts of a URI without escapes. An empty scheme or authority is none.
type fsPath struct{ scheme, authority, path string }

// parsePath reads a text as the constructor Path(String) does. The text is no URI: '%', '?', '#' and blanks are part of the
// path. A scheme ends at the first colon that no slash precedes, unless it is a single letter, which is a drive of Windows.
func parsePath(text string) (fsPath, error) {
	if text == "" {
		return fsPath{}, errEmptyPath
	}
	if hasWindowsDrive(text) {
		text = "/" + text
	}
	scheme, rest, hasScheme := cutScheme(text)
	authority := ""
	hasAuthority := strings.HasPrefix(rest, "//") && len(rest) > 2
	if hasAuthority {
		end := strings.IndexByte(rest[2:], '/') + 2
		if end < 2 {
			end = len(rest)
		}
		authority, rest = rest[2:end], rest[end:]
	}
	return newPath(scheme, hasScheme, authority, hasAuthority, rest)
}

// newPath is Path.initialize: slashes are put in order, and java.net.URI judges the parts.
func newPath(scheme string, hasScheme bool, authority string, hasAuthority bool, path string) (fsPath, error) {
	path = orderSlashes(path)
	if hasScheme && path != "" && path[0] != '/' {
		return fsPath{}, errRelative
	}
	if hasScheme {
		if err := checkScheme(scheme); err != nil {
			return fsPath{}, err
		}
	}
	if hasAuthority {
		return pathOnHost(scheme, authority, path)
	}
	if !hasScheme {
		return reparse(path)
	}
	if path == "" {
		return fsPath{}, errNothing
	}
	return fsPath{scheme: scheme, path: removeDots(path)}, nil
}

// pathOnHost is a path with an authority. The URI is put together as text and read again, so that without a scheme a path that
// begins with no slash becomes part of the authority.
func pathOnHost(scheme, authority, path string) (fsPath, error) {
	tail := ""
	if path != "" && path[0] != '/' {
		slash := strings.IndexByte(path, '/')
		if slash < 0 {
			slash = len(path)
		}
		tail, path = path[:slash], path[slash:]
	}
	if authority == "" && tail == "" && path == "" {
		return fsPath{}, errNoHost
	}
	// Brackets in a path are escaped, so that what comes from there cannot be taken for an address.
	if !validAuthority(authority + escapeBrackets(tail)) {
		return fsPath{}, errAuthority
	}
	authority += tail
	return fsPath{scheme: scheme, authority: authority, path: removeDots(path)}, nil
}

// reparse is a path by itself, in which java.net.URI finds a scheme all the same if a colon stands in its first segment.
func reparse(path string) (fsPath, error) {
	scheme, rest, hasScheme := cutScheme(path)
	switch {
	case !hasScheme:
		return fsPath{path: removeDots(path)}, nil
	case !validScheme.MatchString(scheme):
		return fsPath{}, errScheme
	case rest == "":
		return fsPath{}, errNothing
	case rest[0] != '/':
		return fsPath{}, errRelative // an opaque URI, which has no path
	}
	return fsPath{scheme: scheme, path: removeDots(rest)}, nil
}

// checkScheme judges a scheme, which is put into the URI as it is.
func checkScheme(scheme string) error {
	switch {
	case strings.ContainsAny(scheme, "?#"):
		return errSchemeUnusual
	case !validScheme.MatchString(scheme):
		return errScheme
	}
	return nil
}

// below is new Path(parent, new Path(child)): where high-availability.cluster-id leads below the storage directory. A child with
// a leading slash loses it; one with a scheme or a host of its own replaces more of the parent than anybody means.
func (p fsPath) below(text string) (fsPath, error) {
	child, err := parsePath(text)
	if err != nil {
		return fsPath{}, err
	}
	if strings.HasPrefix(child.path, "/") {
		if child.path == "/" {
			return fsPath{}, errEmptyPath
		}
		child, err = newPath(child.scheme, child.scheme != "", child.authority, child.authority != "", child.path[1:])
		if err != nil {
			return fsPath{}, err
		}
	}
	switch {
	case child.scheme != "":
		return newPath(child.scheme, true, child.authority, child.authority != "", child.path)
	case child.authority != "":
		return newPath(p.scheme, p.scheme != "", child.authority, true, child.path)
	}
	base := p.path
	switch {
	case base == "" && p.scheme != "" && child.path != "":
		base = "/" // so in newer versions of Java (JDK-8272702); older ones refuse it
	case base != "" && base != "/":
		base += "/"
	}
	return newPath(p.scheme, p.scheme != "", p.authority, p.authority != "", removeDots(base+child.path))
}

// String is Path.toString.
func (p fsPath) String() string {
	text := ""
	if p.scheme != "" {
		text = p.scheme + ":"
	}
	if p.authority != "" {
		text += "//" + p.authority
	}
	if text == "" && strings.HasPrefix(p.path, "/") && hasWindowsDrive(p.path[1:]) {
		return p.path[1:]
	}
	return text + p.path
}

// hasWindowsDrive tells whether a text begins with a letter and a colon.
func hasWindowsDrive(text string) bool {
	return len(text) >= 2 && text[1] == ':' && (text[0] >= 'A' && text[0] <= 'Z' || text[0] >= 'a' && text[0] <= 'z')
}

// cutScheme splits as Path does: a scheme ends at the first colon that no slash precedes.
func cutScheme(value string) (scheme, rest string, found bool) {
	colon := strings.IndexByte(value, ':')
	slash := strings.IndexByte(value, '/')
	if colon < 0 || slash >= 0 && slash < colon {
		return "", value, false
	}
	return value[:colon], value[colon+1:], true
}
