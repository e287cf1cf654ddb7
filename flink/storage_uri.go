package flink

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

var (
	// validScheme is what java.net.URI takes for a scheme.
	validScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.\-]*$`)
	// windowsRoot is the one kind of path besides the root that keeps its last slash (Path.normalizePath).
	windowsRoot = regexp.MustCompile(`^/[A-Za-z]+:/$`)
	// addressInBrackets is an authority with an IPv6 address, the only one in which java.net.URI takes brackets.
	addressInBrackets = regexp.MustCompile(`^(?:[^@\[\]]*@)?\[([0-9A-Fa-f:.]+)\](?::([0-9]*))?$`)
)

// escapeBrackets is what java.net.URI makes of brackets where they do not belong.
func escapeBrackets(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "[", "%5B"), "]", "%5D")
}

// orderSlashes is Path.normalizePath: backslashes become slashes, of several in a row one is left, and the last one goes.
func orderSlashes(path string) string {
	if strings.ContainsRune(path, '\\') || strings.Contains(path, "//") {
		var b strings.Builder
		b.Grow(len(path))
		for i := range len(path) {
			letter := path[i]
			if letter == '\\' {
				letter = '/'
			}
			if letter != '/' || !strings.HasSuffix(b.String(), "/") {
				b.WriteByte(letter)
			}
		}
		path = b.String()
	}
	if len(path) > 1 && strings.HasSuffix(path, "/") && !windowsRoot.MatchString(path) {
		return path[:len(path)-1]
	}
	return path
}

// removeDots is java.net.URI.normalize: "." goes, ".." goes with the segment before it if there is one, and a segment keeps the
// slash that followed it. A path that would then seem to begin with a scheme gets "./" in front.
func removeDots(path string) string {
	absolute := strings.HasPrefix(path, "/")
	if absolute && !strings.Contains(path, "//") && !strings.Contains(path, "/.") {
		return path
	}
	segments := strings.SplitAfter(strings.TrimPrefix(path, "/"), "/")
	kept := make([]string, 0, len(segments))
	first := true // the original first segment is still there
	for i, segment := range segments {
		switch name := strings.TrimSuffix(segment, "/"); {
		case name == "" || name == ".":
			first = first && i > 0
		case name == ".." && len(kept) > 0 && strings.TrimSuffix(kept[len(kept)-1], "/") != "..":
			kept = kept[:len(kept)-1]
			first = first && len(kept) > 0
		default:
			kept = append(kept, segment)
		}
	}
	text := strings.Join(kept, "")
	switch {
	case absolute:
		return "/" + text
	case !first && len(kept) > 0 && strings.Contains(kept[0], ":"):
		return "./" + text
	}
	return text
}

// validAuthority tells whether java.net.URI takes an authority. What is no letter of a URI is escaped first, so that only
// brackets can be wrong: they are for an IPv6 address.
func validAuthority(authority string) bool {
	if !strings.ContainsAny(authority, "[]") {
		return true
	}
	match := addressInBrackets.FindStringSubmatch(authority)
	if match == nil {
		return false
	}
	if match[2] != "" {
		if _, err := strconv.ParseInt(match[2], 10, 32); err != nil {
			return false
		}
	}
	address, err := netip.ParseAddr(match[1])
	return err == nil && address.Is6()
}
