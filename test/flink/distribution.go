package flink

import (
	"archive/tar"
	"compress/gzip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/test/keep"
)

const (
	// archiveName is what PyPI calls the libraries of Flink, and archivePatience how long fetching them may take.
	archiveName     = "apache-flink-libraries"
	archivePatience = 15 * time.Minute
	// distributionLimit bounds what is unpacked, in bytes; of 1.20.5 that is 209 MB.
	distributionLimit = 400 << 20
)

//go:embed build_meta.py
var buildMeta []byte

// distribution is the folder with the libraries of a release's image, flink-dist among them. They are fetched once, and kept in
// the user's cache folder.
func distribution(ctx context.Context, log io.Writer, of Release) (string, error) {
	dir, err := cached("lib-" + string(of) + "-" + of.digest()[:12])
	if err != nil {
		return "", err
	}
	err = keep.Folder(ctx, log, dir, func(ctx context.Context, log io.Writer, unfinished string) error {
		return fetchDistribution(ctx, log, of, unfinished)
	})
	if err != nil {
		return "", fmt.Errorf("fetching Flink %s from PyPI: %w", of, err)
	}
	return dir, nil
}

// jarsOf are the libraries in a folder as a class path.
func jarsOf(dir string) (string, error) {
	jars, err := filepath.Glob(filepath.Join(dir, "*.jar"))
	slices.Sort(jars)
	return strings.Join(jars, string(os.PathListSeparator)), err
}

// fetchDistribution leaves the libraries in a folder, and nothing of the archive that they come in.
func fetchDistribution(ctx context.Context, log io.Writer, of Release, dir string) error {
	if err := needPip(ctx); err != nil {
		return err
	}
	started, download := time.Now(), filepath.Join(dir, "download")
	fmt.Fprintf(log, "flink: fetching Flink %s, 230 MB, once\n", of)
	archive, err := askPip(ctx, of, download)
	if err != nil {
		return err
	}
	if err := unpackLibraries(archive, dir); err != nil {
		return fmt.Errorf("unpacking %s: %w", filepath.Base(archive), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "flink-dist-"+string(of)+".jar")); err != nil {
		return fmt.Errorf("looking through %s: %w", filepath.Base(archive), err)
	}
	fmt.Fprintf(log, "flink: fetched it in %s\n", time.Since(started).Round(time.Second))
	return os.RemoveAll(download)
}

// needPip says what to install where pip is missing. It is asked for only when there is something to fetch.
func needPip(ctx context.Context) error {
	if err := exec.CommandContext(ctx, "python3", "-m", "pip", "--version").Run(); err != nil {
		return fmt.Errorf("python3 -m pip does not work (%w), which fetches what Maven Central does not have; to install it: apt-get install python3-pip", err)
	}
	return nil
}

// askPip has pip, which knows the way to PyPI on this machine, download the archive of a release and compare its digest with
// ours. It returns where the archive lies. All that pip writes is in the folder.
func askPip(ctx context.Context, of Release, folder string) (string, error) {
	stand, scratch := filepath.Join(folder, "python"), filepath.Join(folder, "scratch")
	requirement, answer := filepath.Join(folder, "requirements.txt"), filepath.Join(folder, "archive")
	line := fmt.Sprintf("%s==%s --hash=sha256:%s\n", archiveName, of, of.digest())
	err := errors.Join(
		os.MkdirAll(filepath.Join(stand, "setuptools"), 0o750), os.MkdirAll(scratch, 0o750),
		os.WriteFile(filepath.Join(stand, "setuptools", "__init__.py"), nil, 0o600),
		os.WriteFile(filepath.Join(stand, "setuptools", "build_meta.py"), buildMeta, 0o600),
		os.WriteFile(requirement, []byte(line), 0o600),
	)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, archivePatience)
	defer cancel()
	pip := exec.CommandContext(ctx, "python3", "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check",
		"--no-cache-dir", "--no-deps", "--no-binary=:all:", "--use-pep517", "--no-build-isolation", "--require-hashes",
		"--dest", answer, "--requirement", requirement)
	pip.Env = append(os.Environ(), "PYTHONPATH="+stand, "TMPDIR="+scratch, "ARCHIVE_NAME="+archiveName, "ARCHIVE_VERSION="+string(of))
	if output, err := pip.CombinedOutput(); err != nil {
		return "", fmt.Errorf("running pip: %w\n%s", err, output)
	}
	archives, err := filepath.Glob(filepath.Join(answer, "*.tar.gz"))
	if err != nil || len(archives) != 1 {
		return "", errors.Join(err, fmt.Errorf("pip has left the archives %q, want one", archives))
	}
	return archives[0], nil
}

// unpackLibraries writes the libraries of an archive into a folder, and nothing else of it.
func unpackLibraries(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	room := int64(distributionLimit)
	for entries := tar.NewReader(plain); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if library, _ := path.Match("*/deps/lib/*.jar", entry.Name); !library || entry.Typeflag != tar.TypeReg {
			continue
		}
		if room -= entry.Size; room < 0 {
			return fmt.Errorf("the libraries have more than %d MB", distributionLimit>>20)
		}
		if err := writeNew(filepath.Join(dir, path.Base(entry.Name)), entries); err != nil {
			return err
		}
	}
}

func writeNew(name string, content io.Reader) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}
