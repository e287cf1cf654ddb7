package workload

import (
	"path"
	"regexp"
	"strings"
)

// maxScriptBytes bounds the command lines that are searched for a Flink start script.
const maxScriptBytes = 64 << 10

// startScript finds one of Flink's start scripts being started, or its entry point with a role, or an entry point's class, in a
// shell line that cannot be taken apart.
var startScript = regexp.MustCompile(`(?:^|[\s/;&|"'(])((?:kubernetes-)?(?:jobmanager|taskmanager|standalone-job)\.sh)\b` +
	`|entrypoint\.sh["']?[ \t]+["']?(jobmanager|taskmanager|standalone-job)\b` +
	`|\b(org\.apache\.flink\.(?:[a-z]+\.)+(?:StandaloneSessionClusterEntrypoint|StandaloneApplicationClusterEntryPoint|TaskManagerRunner|` +
	`KubernetesSessionClusterEntrypoint|KubernetesApplicationClusterEntrypoint|KubernetesTaskExecutorRunner))\b`)

// resolveShell reads the words of a shell: options, of which -c says that a line to run follows them, and -o has a value.
func resolveShell(words []word, depth int) (launch, bool) {
	line := false
	for i := 1; i < len(words); i++ {
		text := words[i].text
		switch {
		case !strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "+"):
			if line {
				return resolveShellLine(words[i], depth)
			}
			return resolve(words[i:], depth)
		case !strings.HasPrefix(text, "--"):
			line = line || strings.HasPrefix(text, "-") && strings.Contains(text, "c")
			if strings.Contains(text, "o") {
				i++
			}
		}
	}
	return launch{}, false
}

// resolveShellLine finds the Flink program in a shell line. A line that is a list of plain commands is taken apart as the shell
// would; of any other only the role is known, by the script that it names.
func resolveShellLine(line word, depth int) (launch, bool) {
	if len(line.text) > maxScriptBytes {
		return launch{}, false
	}
	if !startScript.MatchString(line.text) {
		return launch{}, false
	}
	commands, plain := splitCommands(line)
	if !plain {
		return searchShellLine(line.text)
	}
	before := ""
	for _, command := range commands {
		if found, ok := resolve(command, depth); ok {
			found.before = before
			return found, true
		}
		if !harmless(command) {
			before = "a command that runs before the process may write the configuration"
		}
	}
	return launch{}, false
}

func searchShellLine(line string) (launch, bool) {
	const hidden = "a shell script starts the process"
	match := startScript.FindStringSubmatch(line)
	if match == nil {
		return launch{}, false
	}
	found := launch{hidden: hidden, before: "a shell script starts the process and may write the configuration"}
	var ok bool
	switch {
	case match[1] != "":
		found.program, ok = programOfScript(match[1])
	case match[2] != "":
		found.program, ok = programOfEntryWord(match[2])
		found.entryPoint = true
	default:
		found.program, ok = programOfClass(match[3])
	}
	found.entryPoint = found.entryPoint || strings.Contains(line, "docker-entrypoint.sh")
	return found, ok
}

// harmless tells whether a command changes neither files nor variables; redirections have been ruled out before.
func harmless(command []word) bool {
	switch path.Base(command[0].text) {
	case "echo", "printf", "sleep", "true", ":", "date", "ls", "cat", "set", "id", "whoami", "hostname", "test", "ulimit", "env":
		return true
	}
	return false
}

// splitCommands takes a shell line apart into its commands and their words: a subset of the shell's grammar in which there is
// nothing but words, quotes, and the ends of commands ("&&", ";", line ends). It returns false for everything else.
func splitCommands(line word) (commands [][]word, plain bool) {
	scanner := shellScanner{field: line.field}
	for i := 0; i < len(line.text); i++ {
		next, ok := scanner.step(line.text, i)
		if !ok {
			return nil, false
		}
		i = next
	}
	if scanner.quote != 0 {
		return nil, false
	}
	scanner.endCommand()
	return scanner.commands, true
}

type shellScanner struct {
	field    string
	commands [][]word
	command  []word
	current  strings.Builder
	inWord   bool
	quote    byte
}

// step takes the character at i, and more where several belong together, and returns the last one that it took.
func (s *shellScanner) step(text string, i int) (last int, ok bool) {
	c := text[i]
	switch {
	case s.quote != 0:
		return i, s.quoted(c)
	case c == '\'' || c == '"':
		s.quote, s.inWord = c, true
	case c == ' ' || c == '\t':
		s.endWord()
	case c == '\n' || c == ';':
		s.endCommand()
	case c == '&' && strings.HasPrefix(text[i:], "&&"):
		s.endCommand()
		return i + 1, true
	case c == '\\' && strings.HasPrefix(text[i:], "\\\n"):
		return i + 1, true
	case c == '#' && !s.inWord:
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			return len(text), true
		}
		return i + end - 1, true
	case strings.IndexByte("$`\\&|<>(){}*?[]~!", c) >= 0, c == '\r':
		return i, false
	default:
		s.current.WriteByte(c)
		s.inWord = true
	}
	return i, true
}

func (s *shellScanner) quoted(c byte) (ok bool) {
	switch {
	case c == s.quote:
		s.quote = 0
	case c == '$', s.quote == '"' && (c == '`' || c == '\\' || c == '!'):
		return false // the kubelet replaces $(NAME) in single quotes too
	default:
		s.current.WriteByte(c)
	}
	return true
}

func (s *shellScanner) endWord() {
	if s.inWord {
		s.command = append(s.command, word{text: s.current.String(), field: s.field})
		s.current.Reset()
		s.inWord = false
	}
}

func (s *shellScanner) endCommand() {
	s.endWord()
	if len(s.command) > 0 {
		s.commands = append(s.commands, s.command)
		s.command = nil
	}
}
