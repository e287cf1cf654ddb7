package hastate

import (
	"encoding/base64"
	"strings"
	"unicode"
)

// maxPointer bounds what is read of a pointer, in bytes; Flink's own have about a thousand.
const maxPointer = 64 << 10

// pointer is what a value of an HA ConfigMap says about where the data is.
type pointer struct {
	// file is the URI of the file; "" where it cannot be read, or the pointer holds the data itself.
	file string
	// removed tells that Flink has begun to remove the data: it passes over such a pointer when it recovers.
	removed bool
}

// readPointer reads base64 of a serialized RetrievableStreamStateHandle; Flink wraps it, so that it can be marked before what it
// points to is removed (KubernetesStateHandleStore.StateHandleWithDeleteMarker).
func readPointer(value string) pointer {
	if len(value) > base64.StdEncoding.EncodedLen(maxPointer) {
		return pointer{}
	}
	stream, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return pointer{}
	}
	root, ok := readJavaObject(stream)
	if !ok {
		return pointer{}
	}
	var read pointer
	if inner, ok := root.fields["inner"].(*javaObject); ok {
		read.removed, _ = root.fields["markedForDeletion"].(bool)
		root = inner
	}
	for _, field := range []string{"wrappedStreamStateHandle", "filePath", "uri"} {
		if root, ok = root.fields[field].(*javaObject); !ok {
			return read
		}
	}
	if uri, ok := root.fields["string"].(string); ok && strings.IndexFunc(uri, unprintable) < 0 {
		read.file = uri
	}
	return read
}

// unprintable finds what no URI has, and no terminal should be sent; it also catches what is no UTF-8.
func unprintable(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }
