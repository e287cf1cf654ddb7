package workload

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
)

// program is what reads the arguments of a process.
type program string

// The programs: Flink's start scripts (flink-dist/src/main/flink-bin, and kubernetes-bin from 1.13 on), each of which runs one
// entry point of Flink, and those entry points where something else runs them.
const (
	scriptSession               program = "jobmanager.sh"
	scriptApplication           program = "standalone-job.sh"
	scriptTaskManager           program = "taskmanager.sh"
	scriptKubernetesJobManager  program = "kubernetes-jobmanager.sh"
	scriptKubernetesTaskManager program = "kubernetes-taskmanager.sh"
	classSession                program = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
	classApplication            program = "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint"
	classTaskManager            program = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
	classKubernetesSession      program = "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint"
	classKubernetesApplication  program = "org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint"
	classKubernetesTaskManager  program = "org.apache.flink.kubernetes.taskmanager.KubernetesTaskExecutorRunner"
)

func (p program) role() Role {
	switch p {
	case scriptTaskManager, scriptKubernetesTaskManager, classTaskManager, classKubernetesTaskManager:
		return RoleTaskManager
	default:
		return RoleJobManager
	}
}

// programOfEntryWord knows the first words of docker-entrypoint.sh of the official images (apache/flink-docker).
func programOfEntryWord(text string) (program, bool) {
	switch text {
	case "jobmanager":
		return scriptSession, true
	case "standalone-job":
		return scriptApplication, true
	case "taskmanager":
		return scriptTaskManager, true
	}
	return "", false
}

// programOfScript knows Flink's start scripts by their file names.
func programOfScript(text string) (program, bool) {
	switch name := program(path.Base(text)); name {
	case scriptSession, scriptApplication, scriptTaskManager, scriptKubernetesJobManager, scriptKubernetesTaskManager:
		return name, true
	default:
		return "", false
	}
}

// programOfClass knows Flink's entry points by their class names.
func programOfClass(text string) (program, bool) {
	switch class := program(text); class {
	case classSession, classApplication, classTaskManager, classKubernetesSession, classKubernetesApplication, classKubernetesTaskManager:
		return class, true
	default:
		return "", false
	}
}

// programOfService knows what kubernetes-jobmanager.sh is told to run.
func programOfService(text string) (program, bool) {
	switch text {
	case "kubernetes-session":
		return classKubernetesSession, true
	case "kubernetes-application":
		return classKubernetesApplication, true
	}
	return "", false
}

// word is a word of a command line and its field in the container, such as args[2]. made is true for one that a start script makes.
type word struct {
	text, field string
	made        bool
}

// launch is how a container starts its Flink process.
type launch struct {
	program program
	// entryPoint is true if docker-entrypoint.sh of the image runs before, which reads FLINK_PROPERTIES.
	entryPoint bool
	// arguments of the program.
	arguments []word
	// hidden says why the arguments cannot be told, or is "".
	hidden string
	// before says what runs before the process and may write the configuration, or is "".
	before string
	// home is the Flink distribution whose script is called by an absolute path, or "".
	home string
}

// form tells what the program runs.
func (l launch) form() Form {
	switch l.program {
	case scriptSession, classSession, classKubernetesSession:
		return FormSession
	case scriptApplication, classApplication, classKubernetesApplication:
		return FormApplication
	case scriptKubernetesJobManager:
		if l.hidden == "" && len(l.arguments) > 0 {
			if service, ok := programOfService(l.arguments[0].text); ok {
				return launch{program: service}.form()
			}
		}
	default:
	}
	return ""
}

// recognizeLaunch tells whether a container starts a Flink JobManager or TaskManager. Without a command, the image's entry point
// is taken to be the official one: custom images are built upon it, and its words mean nothing to other programs.
func recognizeLaunch(container *corev1.Container) (launch, bool) {
	words, all := commandWords(container)
	var found launch
	var ok bool
	if len(container.Command) == 0 {
		found, ok = resolveEntryPoint(words, maxWrappers)
	} else {
		found, ok = resolve(words, maxWrappers)
	}
	if !all {
		found.arguments, found.hidden = nil, "there are more arguments than are read here"
	}
	if _, isClass := programOfClass(string(found.program)); isClass && lengthOf(words) > maxClassCharacters {
		return launch{}, false
	}
	return found, ok
}

// Bounds of the command lines that are read. Those that start Flink have some tens of words.
const (
	maxWords     = 4096
	maxWordBytes = 256 << 10
)

// commandWords are the words of a container's command and arguments, as far as they are read, and whether that is all of them.
func commandWords(container *corev1.Container) (words []word, all bool) {
	bytes := 0
	for _, part := range []struct {
		field string
		texts []string
	}{{"command", container.Command}, {"args", container.Args}} {
		for i, text := range part.texts {
			if bytes += len(text); len(words) == maxWords || bytes > maxWordBytes {
				return words, false
			}
			words = append(words, word{text: text, field: fmt.Sprintf("%s[%d]", part.field, i)})
		}
	}
	return words, true
}

// maxClassCharacters is up to where the match conditions of the webhooks, which must select what is recognized here, search
// command lines for entry points' classes.
const maxClassCharacters = 8192

// lengthOf counts the characters of a command line with a blank between its words.
func lengthOf(words []word) int {
	length := len(words) - 1
	for _, w := range words {
		length += utf8.RuneCountInString(w.text)
	}
	return length
}

// maxWrappers bounds how many programs that run another one are looked through.
const maxWrappers = 8

// resolve finds the Flink program that a command line runs.
func resolve(words []word, depth int) (launch, bool) {
	if len(words) == 0 || depth == 0 {
		return launch{}, false
	}
	first := words[0].text
	if script, ok := programOfScript(first); ok {
		return resolveScript(script, words)
	}
	switch name := path.Base(first); name {
	case "docker-entrypoint.sh":
		return resolveEntryPoint(words[1:], depth-1)
	case "java":
		return resolveJava(words)
	case "bash", "sh", "dash", "ash":
		return resolveShell(words, depth-1)
	case "tini", "dumb-init", "exec", "env", "gosu", "su-exec", "nice", "nohup":
		return resolve(skipWrapper(name, words[1:]), depth-1)
	}
	return resolveWrapper(words)
}

// resolveEntryPoint reads what follows docker-entrypoint.sh: a word of its own, or a command line, which it runs as it is.
// 1.12 had a word for the native client, with a command line for bash behind it.
func resolveEntryPoint(words []word, depth int) (launch, bool) {
	if len(words) == 0 {
		return launch{}, false
	}
	if script, ok := programOfEntryWord(words[0].text); ok {
		return launch{program: script, arguments: words[1:], entryPoint: true}, true
	}
	var found launch
	var ok bool
	switch {
	case words[0].text == "native-k8s" && len(words) > 1:
		found, ok = resolveShellLine(words[1], depth)
		found.before = "" // Flink's client wrote the line
	default:
		found, ok = resolve(words, depth)
	}
	found.entryPoint = true
	return found, ok
}

// resolveScript reads the words of a start script. Those of standalone mode are told first whether to start or to stop.
func resolveScript(script program, words []word) (launch, bool) {
	found := launch{program: script, arguments: words[1:], home: homeOf(words[0].text)}
	switch script {
	case scriptKubernetesJobManager, scriptKubernetesTaskManager:
		return found, true
	default:
	}
	if len(words) < 2 || words[1].text != "start" && words[1].text != "start-foreground" {
		return launch{}, false
	}
	found.arguments = words[2:]
	return found, true
}

// resolveJava finds the class that a Java command line runs; class paths and options of the virtual machine come before it.
func resolveJava(words []word) (launch, bool) {
	for i, candidate := range words {
		if class, ok := programOfClass(candidate.text); ok {
			return launch{program: class, arguments: words[i+1:]}, true
		}
	}
	return launch{}, false
}

// resolveWrapper looks for a program of somebody else's that is told to run Flink's, whatever else it does.
func resolveWrapper(words []word) (launch, bool) {
	for i := 1; i+1 < len(words); i++ {
		var found launch
		script, ok := programOfScript(words[i].text)
		if ok {
			found, ok = resolveScript(script, words[i:])
		} else if path.Base(words[i].text) == "docker-entrypoint.sh" {
			found.program, ok = programOfEntryWord(words[i+1].text)
			found.entryPoint = true
		}
		if ok {
			found.hidden, found.arguments = "a program that is not known here starts the process", nil
			found.before = "a program that starts the process may write the configuration"
			return found, true
		}
	}
	return launch{}, false
}

// skipWrapper drops the options of a program that runs another one, as far as they are certain.
func skipWrapper(name string, words []word) []word {
	if name == "gosu" || name == "su-exec" {
		return words[min(1, len(words)):]
	}
	for i, candidate := range words {
		switch {
		case candidate.text == "--":
			return words[i+1:]
		case name == "env" && strings.Contains(candidate.text, "="):
			return nil
		case !strings.HasPrefix(candidate.text, "-"):
			return words[i:]
		case !slices.Contains([]string{"-s", "-g", "-v", "-vv", "-c"}, candidate.text):
			return nil
		}
	}
	return nil
}

// homeOf is the distribution that a script of an absolute path belongs to: bin/config.sh looks for it beside itself.
func homeOf(script string) string {
	if !path.IsAbs(script) || path.Base(path.Dir(script)) != "bin" {
		return ""
	}
	return path.Dir(path.Dir(script))
}
