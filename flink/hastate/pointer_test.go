package hastate

import (
	"encoding/base64"
	"strings"
	"testing"
)

// anyPointer is one that Flink wrote, decoded.
func anyPointer(t testing.TB) string {
	t.Helper()
	for _, value := range readRecorded(t, "2.3.0").cluster.Data {
		if stream, err := base64.StdEncoding.DecodeString(value); err == nil {
			return string(stream)
		}
	}
	t.Fatal("no pointer in the recording")
	return ""
}

// withoutMarker is the pointer as Flink up to 1.14 writes it: what the marker's class wraps, alone. In a stream of its own the
// class names that it refers to would not be numbered anew, but this one refers to none.
func withoutMarker(t testing.TB, stream string) string {
	t.Helper()
	_, handle, ok := strings.Cut(stream, "\x78\x70\x00\x73") // the end of the class, no superclass, not marked
	if !ok {
		t.Fatal("a pointer without a marker")
	}
	return javaMagic + "\x73" + handle
}

func TestReadPointer(t *testing.T) {
	const uri = "file:/tmp/flink/ha/default/"
	stream := anyPointer(t)
	cut := strings.Index(stream, uri)
	tests := map[string]struct {
		stream string
		file   bool
		marked bool
	}{
		"of Flink 2.3":                     {stream, true, false},
		"that is marked":                   {strings.Replace(stream, "\x78\x70\x00\x73", "\x78\x70\x01\x73", 1), true, true},
		"of Flink 1.14, without a marker":  {withoutMarker(t, stream), true, false},
		"with something behind it":         {stream + "xyz", true, false},
		"with a control character":         {stream[:cut] + "\x1b" + stream[cut+1:], false, false},
		"that is no UTF-8":                 {stream[:cut] + "\xff" + stream[cut+1:], false, false},
		"that was cut off":                 {stream[:cut], false, false},
		"without the field for the file":   {strings.Replace(stream, "filePath", "filePalm", 1), false, false},
		"of a class that writes by itself": {strings.Replace(stream, "\x02\x00\x01L\x00\x18", "\x0c\x00\x01L\x00\x18", 1), false, false},
		"of another stream's version":      {strings.Replace(stream, javaMagic, "\xac\xed\x00\x06", 1), false, false},
		"a string alone":                   {javaMagic + "\x74\x00\x01a", false, false},
		"empty":                            {"", false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(name, "of a class that writes") && test.stream == stream {
				t.Fatal("nothing was changed")
			}
			got := readPointer(base64.StdEncoding.EncodeToString([]byte(test.stream)))
			if strings.HasPrefix(got.file, uri) != test.file || got.removed != test.marked || !test.file && got.file != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
	if got := readPointer("not base64"); got != (pointer{}) {
		t.Errorf("no base64: got %+v", got)
	}
	huge := base64.StdEncoding.EncodeToString([]byte(stream + strings.Repeat("x", maxPointer)))
	if got := readPointer(huge); got != (pointer{}) {
		t.Errorf("a pointer that is too long: got %+v", got)
	}
}

// FuzzReadPointer holds what must be true of any value: it is read in bounded time and memory, nothing panics, and what is shown
// to people is printable.
func FuzzReadPointer(f *testing.F) {
	stream := anyPointer(f)
	for _, seed := range []string{
		stream, withoutMarker(f, stream), "", javaMagic, stream[:len(stream)/2],
		javaMagic + "\x73\x72\x00\x01a12345678\x02\x00\x01L\x00\x01f\x74\x00\x01g\x78\x71\x00\x7e\x00\x00\x71\x00\x7e\x00\x02", // its own superclass and field
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		got := readPointer(base64.StdEncoding.EncodeToString([]byte(stream)))
		if strings.IndexFunc(got.file, unprintable) >= 0 {
			t.Fatalf("got %q", got.file)
		}
	})
}

func BenchmarkReadPointer(b *testing.B) {
	value := base64.StdEncoding.EncodeToString([]byte(anyPointer(b)))
	for b.Loop() {
		readPointer(value)
	}
}
