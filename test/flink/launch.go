package flink

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/test/process"
)

// A Launch is all that a process of Flink is given.
type Launch struct {
	Release Release
	Program Program
	// Folder is the configuration directory, which it may write to as well.
	Folder string
	// File is the name of the configuration file, that of the release where it is empty, and Text what is in it.
	File, Text string
	// Arguments follow those that the program always gets.
	Arguments []string
	// Variables are the environment, beside what every process of Flink gets.
	Variables map[string]string
	// Kubeconfig is the way to the API server, and Namespace the one of its HA state.
	Kubeconfig, Namespace string
	// Log is the file that all it says is written to, "log" in the folder where it is empty.
	Log string
}

// Start writes the configuration directory and runs the program. The context is for the start alone.
func (l Launch) Start(ctx context.Context) (*Process, error) {
	libraries, err := classPathWithJob(ctx, os.Stderr, l.Release)
	if err != nil {
		return nil, err
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(l.Folder, cmp.Or(l.File, l.Release.File()))
	if err := os.WriteFile(file, []byte(l.Text), 0o600); err != nil { // an empty one as well: the client does not start without
		return nil, fmt.Errorf("writing Flink's configuration: %w", err)
	}
	words := strings.NewReplacer("{conf}", l.Folder, "{kubeconfig}", l.Kubeconfig, "{namespace}", l.Namespace)
	// Flink asks for the first two where it supports Java 17, and up to 1.17 it needs the third. The libraries of an image come
	// with log4j, which says nothing but errors unless it is told to.
	arguments := []string{
		"--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
		"--add-exports=java.base/sun.net.util=ALL-UNNAMED", "-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-Dlog4j2.level=INFO", "-Duser.language=en", "-Dfile.encoding=UTF-8", "-Dzookeeper.admin.enableServer=false",
		"-Djava.io.tmpdir=" + l.Folder, "-cp", libraries, l.Program.Class,
	}
	for _, argument := range slices.Concat(l.Program.Common, l.Arguments) {
		arguments = append(arguments, words.Replace(argument))
	}
	log := cmp.Or(l.Log, filepath.Join(l.Folder, "log"))
	started, err := process.Start(process.Command{
		Name: "Flink " + string(l.Release), Path: java, Dir: l.Folder, Log: log, Args: arguments, Env: l.environment(words),
	})
	if err != nil {
		return nil, err
	}
	return &Process{Process: started, log: log}, nil
}

// environment is the whole environment of the process, in order.
func (l Launch) environment(words *strings.Replacer) []string {
	all := map[string]string{"PATH": os.Getenv("PATH"), "HOME": l.Folder, "FLINK_CONF_DIR": l.Folder}
	maps.Copy(all, l.Variables)
	var environment []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		environment = append(environment, name+"="+words.Replace(all[name]))
	}
	return environment
}
