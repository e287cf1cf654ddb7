package flink

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/flink-ha/flink-ha-webhook/test/keep"
)

//go:embed Job.java
var job []byte

// classPathWithJob is the class path of every process: Flink's libraries, and the job that is compiled against them.
func classPathWithJob(ctx context.Context, log io.Writer, of Release) (string, error) {
	libraries, err := ClassPath(ctx, log, of)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(job)
	dir, err := cached("job-" + string(of) + "-" + hex.EncodeToString(sum[:6]))
	if err != nil {
		return "", err
	}
	err = keep.Folder(ctx, log, dir, func(ctx context.Context, _ io.Writer, unfinished string) error {
		return compile(ctx, libraries, unfinished)
	})
	if err != nil {
		return "", fmt.Errorf("compiling a job for Flink %s: %w", of, err)
	}
	return dir + string(os.PathListSeparator) + libraries, nil
}

func compile(ctx context.Context, libraries, dir string) error {
	source := filepath.Join(dir, "Job.java")
	if err := os.WriteFile(source, job, 0o600); err != nil {
		return err
	}
	if output, err := exec.CommandContext(ctx, "javac", "-cp", libraries, "-d", dir, source).CombinedOutput(); err != nil {
		return fmt.Errorf("running javac: %w\n%s", err, output)
	}
	return nil
}

// JobClient submits a job to the JobManager whose REST port is given: one that counts to the number that follows, after which
// the client ends, or one that counts for ever and takes a checkpoint every second.
func JobClient() Program { return Program{Class: "Job"} }
