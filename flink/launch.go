package flink

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// maxScriptBytes bounds the command lines that are searched for a Flink start script.
const maxScriptBytes = 64 << 10

// launch is how a container starts its Flink process.
type launch struct {
	role Role
	// session is true for the entry point's word "jobmanager", which goes through bin/jobmanager.sh.
	session bool
	// script is true if a shell line starts the process, so that its arguments cannot be told apart here.
	script bool
	// arguments follow the word that names the role.
	arguments []word
	// path of the container in its object.
	path string
}

// word is a word of the command line and its field in the container, such as args[2].
type word struct{ text, field string }

// commandLine is what the container runs: its command, or the image's entry point, followed by its arguments.
func commandLine(container *corev1.Container) []word {
	words := make([]word, 0, len(container.Command)+len(container.Args))
	for i, text := range container.Command {
		words = append(words, word{text, fmt.Sprintf("command[%d]", i)})
	}
	for i, text := range container.Args {
		words = append(words, word{text, fmt.Sprintf("args[%d]", i)})
	}
	return words
}

// roleOfWord knows the first words of docker-entrypoint.sh of the official images (apache/flink-docker).
func roleOfWord(word string) (Role, bool) {
	switch word {
	case "jobmanager", "standalone-job":
		return RoleJobManager, true
	case "taskmanager":
		return RoleTaskManager, true
	}
	return "", false
}

// startScript finds one of Flink's start scripts, or its entry point with a role, in a shell line.
var startScript = regexp.MustCompile(`(?:^|[\s/;&|])(?:kubernetes-)?(jobmanager|taskmanager|standalone-job)\.sh\b|entrypoint\.sh["']?[ \t]+["']?(jobmanager|taskmanager|standalone-job)\b`)

// recognizeLaunch tells whether a container starts a Flink JobManager or TaskManager. It does if the entry point's first
// word names the role, or if a start script of the distribution is called.
func recognizeLaunch(container *corev1.Container, containerPath string) (launch, bool) {
	words := commandLine(container)
	entry := words
	if len(container.Command) > 0 && path.Base(container.Command[0]) == "docker-entrypoint.sh" {
		entry = words[1:]
	}
	if direct := len(container.Command) == 0 || len(entry) < len(words); direct && len(entry) > 0 {
		if role, ok := roleOfWord(entry[0].text); ok {
			return launch{role: role, session: entry[0].text == "jobmanager", arguments: entry[1:], path: containerPath}, true
		}
	}
	for _, line := range words {
		if role, ok := scriptRole(line.text); ok {
			return launch{role: role, script: true, path: containerPath}, true
		}
	}
	return launch{}, false
}

func scriptRole(line string) (Role, bool) {
	if len(line) > maxScriptBytes || !strings.Contains(line, ".sh") {
		return "", false
	}
	match := startScript.FindStringSubmatch(line)
	if match == nil {
		return "", false
	}
	return roleOfWord(match[1] + match[2])
}
