package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what takes milliseconds, on a machine that is busy with something else.
const patience = time.Minute

// journal is a log that a test reads while it is written.
type journal struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// newPair makes a self-signed certificate with a serial number that tells it from others.
func newPair(t *testing.T, serial int64) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// serialOf is the serial number of the certificate that a source has, or 0.
func serialOf(t *testing.T, source Source) int64 {
	t.Helper()
	certificate, err := source.GetCertificate(nil)
	if err != nil {
		return 0
	}
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return leaf.SerialNumber.Int64()
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// startFiles starts a source on a directory that holds a certificate with serial number 1.
func startFiles(t *testing.T) (source Source, directory string, log *journal) {
	t.Helper()
	directory, log = t.TempDir(), &journal{}
	certificate, key := newPair(t, 1)
	write(t, filepath.Join(directory, CertificateFile), certificate)
	write(t, filepath.Join(directory, KeyFile), key)
	source, err := fromFiles(directory, log.logger(), time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	startSource(t, source)
	if got := serialOf(t, source); got != 1 {
		t.Fatalf("serial number: got %d, want 1", got)
	}
	return source, directory, log
}

func TestChangedFilesAreTakenUp(t *testing.T) {
	source, directory, _ := startFiles(t)
	certificate, key := newPair(t, 2)
	write(t, filepath.Join(directory, CertificateFile), certificate)
	write(t, filepath.Join(directory, KeyFile), key)
	await(t, "the new certificate is served", func() bool { return serialOf(t, source) == 2 })
}

// A kubelet swaps a symbolic link below the directory, so that both files change at once.
func TestFilesBehindASymbolicLinkAreTakenUp(t *testing.T) {
	root := t.TempDir()
	for version, serial := range map[string]int64{"..1": 1, "..2": 2} {
		if err := os.Mkdir(filepath.Join(root, version), 0o700); err != nil {
			t.Fatal(err)
		}
		certificate, key := newPair(t, serial)
		write(t, filepath.Join(root, version, CertificateFile), certificate)
		write(t, filepath.Join(root, version, KeyFile), key)
	}
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..1", "..data")
	link(filepath.Join("..data", CertificateFile), CertificateFile)
	link(filepath.Join("..data", KeyFile), KeyFile)
	source, err := fromFiles(root, (&journal{}).logger(), time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = source.Start(t.Context()) }()
	await(t, "the first certificate is served", func() bool { return serialOf(t, source) == 1 })
	link("..2", "..data_tmp")
	if err := os.Rename(filepath.Join(root, "..data_tmp"), filepath.Join(root, "..data")); err != nil {
		t.Fatal(err)
	}
	await(t, "the second certificate is served", func() bool { return serialOf(t, source) == 2 })
}

func TestTheLastGoodCertificateIsKept(t *testing.T) {
	certificate, key := newPair(t, 2)
	for sentence, spoil := range map[string]func(t *testing.T, directory string){
		"while the certificate is half written": func(t *testing.T, directory string) {
			write(t, filepath.Join(directory, CertificateFile), certificate[:len(certificate)/2])
		},
		"while only the key has been written": func(t *testing.T, directory string) {
			write(t, filepath.Join(directory, KeyFile), key)
		},
		"while the files are empty": func(t *testing.T, directory string) {
			write(t, filepath.Join(directory, CertificateFile), nil)
			write(t, filepath.Join(directory, KeyFile), nil)
		},
		"while a file is gone": func(t *testing.T, directory string) {
			if err := os.Remove(filepath.Join(directory, KeyFile)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			source, directory, log := startFiles(t)
			spoil(t, directory)
			// More often than cert-manager's source would put up with by default.
			await(t, "the log tells of many failures", func() bool { return strings.Count(log.String(), "level=ERROR") > 20 })
			if got := serialOf(t, source); got != 1 || !source.Healthy() {
				t.Errorf("serial number: got %d, want 1; healthy: %t", got, source.Healthy())
			}
			write(t, filepath.Join(directory, CertificateFile), certificate)
			write(t, filepath.Join(directory, KeyFile), key)
			await(t, "the new certificate is served once it is whole", func() bool { return serialOf(t, source) == 2 })
		})
	}
}

func TestFilesThatCannotBeServedAreAnErrorAtOnce(t *testing.T) {
	certificate, key := newPair(t, 1)
	_, otherKey := newPair(t, 2)
	for sentence, tc := range map[string]struct {
		files map[string][]byte
		want  string
	}{
		"no certificate":             {files: map[string][]byte{KeyFile: key}, want: CertificateFile + ": no such file"},
		"no key":                     {files: map[string][]byte{CertificateFile: certificate}, want: KeyFile + ": no such file"},
		"the key of another":         {files: map[string][]byte{CertificateFile: certificate, KeyFile: otherKey}, want: "private key does not match"},
		"a certificate that is none": {files: map[string][]byte{CertificateFile: []byte("hello"), KeyFile: key}, want: CertificateFile},
		"a key that is none":         {files: map[string][]byte{CertificateFile: certificate, KeyFile: []byte("hello")}, want: KeyFile},
		"the two files swapped":      {files: map[string][]byte{CertificateFile: key, KeyFile: certificate}, want: CertificateFile},
	} {
		t.Run(sentence, func(t *testing.T) {
			directory := t.TempDir()
			for name, content := range tc.files {
				write(t, filepath.Join(directory, name), content)
			}
			_, err := FromFiles(directory, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), directory) {
				t.Errorf("got %v, want an error with %q and the directory", err, tc.want)
			}
		})
	}
	t.Run("no directory", func(t *testing.T) {
		_, err := FromFiles(filepath.Join(t.TempDir(), "none"), slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) && !strings.Contains(err.Error(), "no such file") {
			t.Errorf("got %v", err)
		}
	})
}
