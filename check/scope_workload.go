package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
)

// Bounds of the condition, in characters of a command line.
const (
	maxContainersSearched = 64
	maxCommandForClasses  = 8192
	maxCommandForScripts  = 1024
)

// mayStartFlink is flink-process.
func mayStartFlink(containers []corev1.Container) bool {
	return len(containers) > maxContainersSearched || slices.ContainsFunc(containers, func(c corev1.Container) bool {
		return startsRole(c.Command, slices.Concat(c.Command, c.Args))
	})
}

// startsRole tells whether the words of a command line seem to start a JobManager or a TaskManager.
func startsRole(command, words []string) bool {
	roles := []string{"jobmanager", "standalone-job", "taskmanager"}
	word := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	text := strings.Join(words, "\n")
	length := utf8.RuneCountInString(text)
	switch {
	case len(command) == 0 && slices.Contains(roles, word(0)),
		strings.HasSuffix(word(0), "docker-entrypoint.sh") && slices.Contains(roles, word(1)),
		length <= maxCommandForClasses && containsAny(text, "ClusterEnt", "rRunner"):
		return true
	case !strings.Contains(text, ".sh"):
		return false
	case length > maxCommandForScripts:
		return containsAny(text, "jobmanager", "taskmanage", "alone-job")
	}
	return slices.ContainsFunc(roles, func(role string) bool {
		return strings.Contains(text, role+".sh") || strings.Contains(text+"\n", "entrypoint.sh\n"+role+"\n") ||
			strings.Contains(text, "entrypoint.sh") && containsAny(text, "\t"+role, " "+role, "\""+role, "'"+role)
	})
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}
