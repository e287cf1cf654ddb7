package validation

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// rewriteArgument writes another key or value into the word that a dynamic property stands in, if that has nothing else in it.
func (s *Subject) rewriteArgument(setting flink.Setting, key, value string) []Change {
	word, ok := s.wordAt(setting.Path)
	if !ok {
		return nil
	}
	for _, option := range []string{"", "-D"} {
		if word == option+setting.Key+"="+setting.Value {
			return []Change{{Path: setting.Path, Value: option + key + "=" + value}}
		}
	}
	return nil
}

// wordAt is the word of the workload's command line at a path, as it is written.
func (s *Subject) wordAt(path string) (string, bool) {
	list, index, ok := s.argumentAt(path)
	if !ok {
		return "", false
	}
	return list[index], true
}

// argumentAt is the list of words that a path leads to an item of, and which item.
func (s *Subject) argumentAt(path string) (list []string, index int, ok bool) {
	if s.Kind != OfWorkload || !s.inArguments(path) {
		return nil, 0, false
	}
	_, container, known := s.flinkContainer()
	if !known || container == nil {
		return nil, 0, false
	}
	field, rest, _ := strings.Cut(strings.TrimPrefix(path, s.Member.Process.Path+"."), "[")
	index, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	list = container.Args
	if field == "command" {
		list = container.Command
	}
	return list, index, err == nil && index >= 0 && index < len(list)
}

// colonProperty is a dynamic property in which a colon stands in place of the equal sign, as in a file.
var colonProperty = regexp.MustCompile(`^(-D)?([a-z][A-Za-z0-9_.-]*):[ \t]*([^\s=]+)$`)

// withEqualSign is the fix of a word that is a dynamic property with a colon.
func (s *Subject) withEqualSign(at flink.Position) []Change {
	word, ok := s.wordAt(at.Path)
	parts := colonProperty.FindStringSubmatch(word)
	if !ok || parts == nil || !isOptionOfFlink(parts[2]) || s.Configuration.Refused == nil && s.movesStateWith(parts[2]) {
		return nil
	}
	return []Change{{Path: at.Path, Value: parts[1] + parts[2] + "=" + parts[3]}}
}

// maxWords bounds the words that are looked at.
const maxWords = 1000

// propertyWithColon is the word with a colon because of which a process is refused: the one at the position, or the last before the end
// of the words, which Flink's parser reaches looking for a value.
func (s *Subject) propertyWithColon(refused flink.Position) (flink.Position, bool) {
	if !strings.HasSuffix(refused.Path, ".args") {
		return refused, s.withEqualSign(refused) != nil
	}
	last := flink.Position{}
	for i := 1; i < maxWords; i++ {
		at := flink.Position{Path: refused.Path + "[" + strconv.Itoa(i) + "]"}
		if _, ok := s.wordAt(at.Path); !ok {
			break
		}
		if s.withEqualSign(at) != nil {
			last = at
		}
	}
	return last, last.Path != ""
}

// inTwoWords is the fix of a dynamic property in one word, which bin/jobmanager.sh takes for a host: all of the kind in the list are
// written as two. Up to 1.15.2 the script knows neither (FLINK-28733).
func (s *Subject) inTwoWords(at flink.Position) []Change {
	words, index, ok := s.argumentAt(at.Path)
	isProperty := func(word string) bool {
		return len(word) > len("-D") && strings.HasPrefix(word, "-D") && strings.Contains(word, "=")
	}
	if !ok || !s.Version.AtLeast(1, 16) || s.Member.Process.Form != workload.FormSession || s.Role != workload.RoleJobManager || !isProperty(words[index]) {
		return nil
	}
	var apart []any
	for _, word := range words {
		if isProperty(word) {
			key, _, _ := strings.Cut(strings.TrimPrefix(word, "-D"), "=")
			if key != flink.TrimJava(key) || s.movesStateWith(key) {
				return nil
			}
			apart = append(apart, "-D")
			word = strings.TrimPrefix(word, "-D")
		}
		apart = append(apart, word)
	}
	list, _, _ := strings.Cut(at.Path[len(s.Member.Process.Path):], "[")
	return []Change{{Path: s.Member.Process.Path + list, Value: apart}}
}

// movesStateWith tells whether a cluster that runs with high availability would look for its state somewhere else if it read an option
// that is lost so far.
func (s *Subject) movesStateWith(key string) bool {
	mode := s.highAvailability().Intended()
	return movesState(key) && (mode == flink.ModeKubernetes || mode == flink.ModeZooKeeper)
}

// asProperty is the fix of an option that takes a word, or has it behind an equal sign: the word as the value of a dynamic property.
func (s *Subject) asProperty(at flink.Position, option, key string) []Change {
	words, index, ok := s.argumentAt(at.Path)
	if !ok {
		return nil
	}
	if value, isOne := strings.CutPrefix(words[index], option+"="); isOne {
		return []Change{{Path: at.Path, Value: "-D" + key + "=" + value}}
	}
	if words[index] != option || index+1 == len(words) {
		return nil
	}
	list, _, _ := strings.Cut(at.Path[len(s.Member.Process.Path):], "[")
	next := s.Member.Process.Path + list + "[" + strconv.Itoa(index+1) + "]"
	return []Change{{Path: at.Path, Value: "-D"}, {Path: next, Value: key + "=" + words[index+1]}}
}
