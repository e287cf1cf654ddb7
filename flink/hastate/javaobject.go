package hastate

import (
	"encoding/binary"
	"slices"
)

// javaObject is an object of a Java serialization stream, as far as pointers need it: the values of its fields are string, bool,
// *javaObject, or nil for null and for numbers. Fields of its superclasses are among them.
type javaObject struct {
	fields map[string]any
}

// What follows in a stream (java.io.ObjectStreamConstants), without arrays, enumerations, proxies and exceptions: pointers have none.
const (
	javaMagic        = "\xac\xed\x00\x05"
	javaNull         = 0x70
	javaReference    = 0x71
	javaClass        = 0x72
	javaObjectBegins = 0x73
	javaString       = 0x74
	javaBlock        = 0x77
	javaBlocksEnd    = 0x78
)

// javaFirstHandle is the number of the first thing that a reference can name.
const javaFirstHandle = 0x7e0000

// Flags of a class.
const (
	javaOwnWriteMethod = 0x01
	javaSerializable   = 0x02
)

// maxJavaDepth bounds objects in objects and superclasses of classes; a pointer has five.
const maxJavaDepth = 32

// readJavaObject reads a stream that begins with an object; false if it does not, or has what is not known here.
func readJavaObject(stream []byte) (*javaObject, bool) {
	reader := javaReader{rest: stream}
	if string(reader.take(len(javaMagic))) != javaMagic {
		return nil, false
	}
	object, ok := reader.value().(*javaObject)
	return object, ok && !reader.failed
}

// javaReader reads a stream from its beginning. Once it has failed it reads nothing but zeros, so that the end of the reading is
// the one place that looks.
type javaReader struct {
	rest   []byte
	failed bool
	depth  int
	// handles are what references name: strings, objects and classes in the order in which they came.
	handles []any
}

type javaClassDescription struct {
	flags  byte
	fields []javaField
	super  *javaClassDescription
}

type javaField struct {
	kind byte
	name string
}

func (r *javaReader) fail() { r.failed, r.rest = true, nil }

func (r *javaReader) take(count int) []byte {
	if count > len(r.rest) {
		r.fail()
		return make([]byte, min(count, 8))
	}
	taken := r.rest[:count]
	r.rest = r.rest[count:]
	return taken
}

func (r *javaReader) byte() byte   { return r.take(1)[0] }
func (r *javaReader) short() int   { return int(binary.BigEndian.Uint16(r.take(2))) }
func (r *javaReader) text() string { return string(r.take(r.short())) }

// value reads what a field of a reference type has, and class descriptions, which stand in the same places.
func (r *javaReader) value() any {
	if r.depth == maxJavaDepth {
		r.fail()
	}
	r.depth++
	defer func() { r.depth-- }()
	switch r.byte() {
	case javaNull:
		return nil
	case javaReference:
		if number := int64(binary.BigEndian.Uint32(r.take(4))) - javaFirstHandle; number >= 0 && number < int64(len(r.handles)) {
			return r.handles[number]
		}
	case javaString:
		text := r.text()
		r.handles = append(r.handles, text)
		return text
	case javaClass:
		return r.class()
	case javaObjectBegins:
		return r.object()
	}
	r.fail()
	return nil
}

func (r *javaReader) class() *javaClassDescription {
	r.text()  // its name
	r.take(8) // its version
	class := &javaClassDescription{}
	r.handles = append(r.handles, class)
	class.flags = r.byte()
	for range r.short() {
		field := javaField{kind: r.byte(), name: r.text()}
		if field.kind == 'L' || field.kind == '[' {
			r.value() // the name of its type
		}
		if r.failed {
			return class
		}
		class.fields = append(class.fields, field)
	}
	r.annotations()
	class.super, _ = r.value().(*javaClassDescription)
	return class
}

func (r *javaReader) object() *javaObject {
	class, _ := r.value().(*javaClassDescription)
	object := &javaObject{fields: map[string]any{}}
	r.handles = append(r.handles, object)
	var lineage []*javaClassDescription
	for ; class != nil && len(lineage) < maxJavaDepth; class = class.super {
		lineage = append(lineage, class)
	}
	for _, class := range slices.Backward(lineage) {
		if class.flags&javaSerializable == 0 {
			r.fail() // nothing is in the stream, or in a form that only the class knows
		}
		for _, field := range class.fields {
			if r.failed {
				return object
			}
			object.fields[field.name] = r.field(field.kind)
		}
		if class.flags&javaOwnWriteMethod != 0 {
			r.annotations()
		}
	}
	return object
}

func (r *javaReader) field(kind byte) any {
	switch kind {
	case 'Z':
		return r.byte() != 0
	case 'B':
		r.take(1)
	case 'C', 'S':
		r.take(2)
	case 'I', 'F':
		r.take(4)
	case 'J', 'D':
		r.take(8)
	case 'L':
		return r.value()
	default:
		r.fail()
	}
	return nil
}

// annotations passes over what a class has written by itself.
func (r *javaReader) annotations() {
	for !r.failed && len(r.rest) > 0 {
		switch r.rest[0] {
		case javaBlocksEnd:
			r.take(1)
			return
		case javaBlock:
			r.take(1)
			r.take(int(r.byte()))
		default:
			r.value()
		}
	}
	r.fail()
}
