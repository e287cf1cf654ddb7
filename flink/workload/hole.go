package workload

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// hole is a part of a text that is put in when the pod starts and is not known here, such as $(POD_IP).
type hole struct {
	// written is what stands in the object in its place.
	written string
	reason  string
	// plain is true if the part is a word without blanks that is no option either, such as an address.
	plain bool
}

// holes are all of them in one process. In a text, each is a single character that stands for nothing else.
type holes struct{ list []hole }

// The characters are those of a private-use plane of Unicode. There are more of them than an object has room for references.
const (
	firstHole = rune(0xF0000)
	maxHoles  = 0xFFFD
	// leadByte begins all of them in UTF-8, and little else.
	leadByte = 0xF3
)

// mark returns the character that stands for a hole.
func (h *holes) mark(written, reason string, plain bool) string {
	if len(h.list) < maxHoles {
		h.list = append(h.list, hole{written, reason, plain})
	}
	return string(firstHole + rune(len(h.list)-1)) //nolint:gosec // the list is bounded
}

func (h *holes) of(r rune) (hole, bool) {
	if i := int(r - firstHole); r >= firstHole && i < len(h.list) {
		return h.list[i], true
	}
	return hole{}, false
}

// find returns the first hole in a text.
func (h *holes) find(text string) (hole, bool) {
	if strings.IndexByte(text, leadByte) < 0 {
		return hole{}, false
	}
	for _, r := range text {
		if found, ok := h.of(r); ok {
			return found, true
		}
	}
	return hole{}, false
}

// uncertain tells whether a word may turn out to be anything: several words, none, or an option.
func (h *holes) uncertain(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	found, ok := h.of(first)
	return ok && !found.plain
}

// restore writes a text as it stands in the object.
func (h *holes) restore(text string) string {
	if _, ok := h.find(text); !ok {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if found, ok := h.of(r); ok {
			b.WriteString(found.written)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// settle turns holes in settings into what is said of them: a value with one is unknown, and so is what a key with one sets.
func (h *holes) settle(configuration flink.Configuration) flink.Configuration {
	if len(h.list) == 0 {
		return configuration
	}
	settled := configuration
	// Most settings come from a file, without holes, and stay where they are.
	first := slices.IndexFunc(configuration.Settings, func(s flink.Setting) bool {
		return strings.IndexByte(s.Key, leadByte) >= 0 || strings.IndexByte(s.Value, leadByte) >= 0
	})
	if first >= 0 {
		settled.Settings = append(make([]flink.Setting, 0, len(configuration.Settings)), configuration.Settings[:first]...)
	} else {
		first = len(configuration.Settings)
	}
	for _, setting := range configuration.Settings[first:] {
		if inKey, ok := h.find(setting.Key); ok {
			settled.Gaps = append(settled.Gaps, flink.Gap{Reason: inKey.reason, Position: setting.Position})
			continue
		}
		if inValue, ok := h.find(setting.Value); ok && setting.Unknown == "" {
			setting.Unknown = inValue.reason
			setting.Value = h.restore(setting.Value)
		}
		settled.Settings = append(settled.Settings, setting)
	}
	settled.Ignored = make([]flink.Ignored, 0, len(configuration.Ignored))
	for _, ignored := range configuration.Ignored {
		if found, ok := h.find(ignored.Key); ok && !found.plain {
			continue // a gap stands for all that may be in there
		}
		ignored.Key = h.restore(ignored.Key)
		settled.Ignored = append(settled.Ignored, ignored)
	}
	return settled
}
