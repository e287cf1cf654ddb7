package flink

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed pom.xml
var pom []byte

// NeedJava says what to install where something is missing.
func NeedJava() error {
	for _, program := range []string{"java", "javac", "mvn"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing, and Flink's own code runs on it; to install it: apt-get install openjdk-17-jdk-headless maven", program)
		}
	}
	return nil
}

// ClassPath is that of a release. It fetches what is not there yet.
func ClassPath(ctx context.Context, log io.Writer, of Release) (string, error) {
	if of.digest() == "" {
		return resolved(ctx, of)
	}
	dir, err := distribution(ctx, log, of)
	if err != nil {
		return "", err
	}
	return jarsOf(dir)
}

// resolved is a class path from Maven, which fetches what is not in its own repository yet. Its answer, which takes it two
// seconds, is kept in the user's cache folder for as long as the files are there.
func resolved(ctx context.Context, of Release) (string, error) {
	sum := sha256.Sum256(pom)
	known, err := cached(hex.EncodeToString(sum[:6]), string(of)+".classpath")
	if err != nil {
		return "", err
	}
	if text, err := os.ReadFile(known); err == nil && allThere(string(text)) {
		return string(text), nil
	}
	text, err := askMaven(ctx, of)
	if err != nil {
		return "", fmt.Errorf("fetching Flink %s: %w", of, err)
	}
	// A file of this name is whole: other processes may ask at the same time.
	unfinished := fmt.Sprintf("%s.%d", known, os.Getpid())
	err = errors.Join(os.MkdirAll(filepath.Dir(known), 0o750), os.WriteFile(unfinished, []byte(text), 0o600))
	return text, errors.Join(err, os.Rename(unfinished, known))
}

func allThere(classPath string) bool {
	for jar := range strings.SplitSeq(classPath, string(os.PathListSeparator)) {
		if _, err := os.Stat(jar); err != nil {
			return false
		}
	}
	return true
}

func askMaven(ctx context.Context, of Release) (string, error) {
	folder, err := os.MkdirTemp("", "flink-ha-release-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	project, answer := filepath.Join(folder, "pom.xml"), filepath.Join(folder, "classpath")
	if err := os.WriteFile(project, pom, 0o600); err != nil {
		return "", err
	}
	arguments := []string{
		"-q", "-B", "-f", project, "-Dflink.version=" + string(of), "-DincludeScope=runtime", "-Dmdep.outputFile=" + answer,
	}
	if container := of.container(); container != "" {
		arguments = append(arguments, "-Papplication", "-Dcontainer.version="+container)
	}
	output, err := exec.CommandContext(ctx, "mvn", append(arguments, "dependency:build-classpath")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("running mvn: %w\n%s", err, output)
	}
	text, err := os.ReadFile(answer)
	return strings.TrimSpace(string(text)), err
}
