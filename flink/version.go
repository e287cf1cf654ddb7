package flink

import "fmt"

// Version is what is known of the version of a Flink process: a release line such as 1.20, with or without its patch level; a
// range of them, such as "1.19 or later"; or nothing. The zero value is "unknown", which is a first-class answer: AtLeast and
// Before are true only where that is certain, so a rule that depends on the version stays silent instead of guessing. Both are
// false of a version that may be older or newer.
type Version struct {
	// Major and Minor name the release line; both are 0 where it is not known exactly.
	Major, Minor int
	// patch is one more than the patch level of an exact version; 0 says that it is not known.
	patch int
	// from and before bound a version that is not known exactly; a zero line is no bound. before is not in the range.
	from, before line
}

// line is a release line: 1.20 holds 1.20.0, 1.20.1 and so on.
type line struct{ major, minor int }

func (l line) isBefore(other line) bool {
	return l.major < other.major || l.major == other.major && l.minor < other.minor
}

// Release is a version with its patch level.
func Release(major, minor, patch int) Version {
	return Version{Major: major, Minor: minor, patch: patch + 1}
}

// VersionFrom is any version that is not older than major.minor.
func VersionFrom(major, minor int) Version { return Version{from: line{major, minor}} }

// VersionBefore is any version that is older than major.minor.
func VersionBefore(major, minor int) Version { return Version{before: line{major, minor}} }

// Known tells whether the release line is known exactly. A range is not.
func (v Version) Known() bool { return v.Major > 0 }

// Patch is the patch level, and whether it is known.
func (v Version) Patch() (int, bool) { return v.patch - 1, v.patch > 0 }

// AtLeast is true if the version is certainly not older than major.minor.
func (v Version) AtLeast(major, minor int) bool {
	if v.Known() {
		return !line{v.Major, v.Minor}.isBefore(line{major, minor})
	}
	return v.from != line{} && !v.from.isBefore(line{major, minor})
}

// Before is true if the version is certainly older than major.minor.
func (v Version) Before(major, minor int) bool {
	if v.Known() {
		return line{v.Major, v.Minor}.isBefore(line{major, minor})
	}
	return v.before != line{} && !line{major, minor}.isBefore(v.before)
}

// And is what is known of a version of which both are true. It returns false if no version is both; one of the two is then
// not what it seemed, and nothing says which.
func (v Version) And(other Version) (Version, bool) {
	switch {
	case v.Known() && other.Known():
		if v.Major != other.Major || v.Minor != other.Minor || v.patch > 0 && other.patch > 0 && v.patch != other.patch {
			return Version{}, false
		}
		return Version{Major: v.Major, Minor: v.Minor, patch: max(v.patch, other.patch)}, true
	case v.Known():
		return v, other.admits(line{v.Major, v.Minor})
	case other.Known():
		return other, v.admits(line{other.Major, other.Minor})
	}
	both := v
	if both.from.isBefore(other.from) {
		both.from = other.from
	}
	if both.before == (line{}) || other.before != (line{}) && other.before.isBefore(both.before) {
		both.before = other.before
	}
	if both.before != (line{}) && !both.from.isBefore(both.before) {
		return Version{}, false
	}
	return both, true
}

// admits tells whether a range holds a release line.
func (v Version) admits(l line) bool {
	return !l.isBefore(v.from) && (v.before == line{} || l.isBefore(v.before))
}

// String returns "1.20", "1.20.1", "1.19 or later", "before 2.0", "1.19 to before 2.0", or "unknown".
func (v Version) String() string {
	switch {
	case v.patch > 0:
		return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.patch-1)
	case v.Known():
		return line{v.Major, v.Minor}.String()
	case v.from != line{} && v.before != line{}:
		return v.from.String() + " to before " + v.before.String()
	case v.from != line{}:
		return v.from.String() + " or later"
	case v.before != line{}:
		return "before " + v.before.String()
	}
	return "unknown"
}

func (l line) String() string { return fmt.Sprintf("%d.%d", l.major, l.minor) }
