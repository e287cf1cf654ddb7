package differential

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/keep"
)

// interruptGrace is how long a program may take to end when it is asked to.
const interruptGrace = 10 * time.Second

// refereeSource is the Java side and the list of what it needs.
//
//go:embed referee/*.java referee/pom.xml
var refereeSource embed.FS

// Toolchain is where the Java side lies, ready to run.
type Toolchain struct {
	// Classes is the folder of the compiled referee.
	Classes string
	// jars is the folder that has one folder of libraries a release.
	jars string
}

// Libraries is the folder of a release's libraries.
func (t Toolchain) Libraries(release Release) string { return filepath.Join(t.jars, string(release)) }

// Prepare compiles the referee and fetches the releases from Maven Central, each once: what is there is kept in the user's
// cache folder. log tells how it goes. Two processes never do the same work at the same time.
func Prepare(ctx context.Context, log io.Writer, releases []Release) (Toolchain, error) {
	if err := needJava(); err != nil {
		return Toolchain{}, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return Toolchain{}, fmt.Errorf("finding a place for Flink's libraries: %w", err)
	}
	root := filepath.Join(cache, "flink-ha-webhook", "referee")
	tools := Toolchain{Classes: filepath.Join(root, "classes-"+digest(javaSources()...)), jars: filepath.Join(root, "jars-"+digest("referee/pom.xml"))}
	if err := keep.Folder(ctx, log, tools.Classes, compile); err != nil {
		return Toolchain{}, fmt.Errorf("compiling the referee: %w", err)
	}
	for _, release := range releases {
		fetch := func(ctx context.Context, log io.Writer, dir string) error {
			fmt.Fprintf(log, "differential: fetching Flink %s, once\n", release)
			return fetchLibraries(ctx, release, dir)
		}
		if err := keep.Folder(ctx, log, tools.Libraries(release), fetch); err != nil {
			return Toolchain{}, fmt.Errorf("fetching the libraries of Flink %s: %w", release, err)
		}
	}
	return tools, nil
}

// needJava says what to install where something is missing.
func needJava() error {
	for _, program := range []string{"java", "javac", "mvn"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing, and Flink's own code runs on it; to install it: apt-get install openjdk-17-jdk-headless maven", program)
		}
	}
	return nil
}

// digest changes when a source does, so that what was made of the old one is not used.
func digest(names ...string) string {
	sum := sha256.New()
	for _, name := range names {
		content, err := refereeSource.ReadFile(name)
		if err != nil {
			panic(err) // it is embedded
		}
		sum.Write(content)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

func javaSources() []string { return []string{"referee/Flink.java", "referee/Referee.java"} }

// compile needs none of Flink's libraries: the referee calls Flink through reflection.
func compile(ctx context.Context, log io.Writer, dir string) error {
	fmt.Fprintln(log, "differential: compiling the referee, once")
	folder, err := extract(javaSources()...)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	return run(ctx, "javac", "-Xlint:all", "-Werror", "-d", dir, filepath.Join(folder, "Flink.java"), filepath.Join(folder, "Referee.java"))
}

// fetchLibraries lets Maven resolve what the release itself depends on.
func fetchLibraries(ctx context.Context, release Release, dir string) error {
	folder, err := extract("referee/pom.xml")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	arguments := []string{"-q", "-B", "-f", filepath.Join(folder, "pom.xml"), "-Dflink.version=" + string(release), "-DoutputDirectory=" + dir, "-DincludeScope=runtime"}
	if release.hasApplication() {
		arguments = append(arguments, "-Papplication")
	}
	return run(ctx, "mvn", append(arguments, "dependency:copy-dependencies")...)
}

// extract writes embedded files into a new temporary folder.
func extract(names ...string) (string, error) {
	folder, err := os.MkdirTemp("", "flink-ha-referee-")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		content, err := refereeSource.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(name)), content, 0o600)
		}
		if err != nil {
			return "", errors.Join(err, os.RemoveAll(folder))
		}
	}
	return folder, nil
}

// run runs a program; what it says is in the error if it fails.
func run(ctx context.Context, program string, arguments ...string) error {
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptGrace
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("running %s: %w\n%s", program, err, output.Bytes())
	}
	return nil
}
