package certs

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"time"

	cmtls "github.com/cert-manager/cert-manager/pkg/server/tls"
)

// The files of a certificate, named as in a Secret of type kubernetes.io/tls.
const (
	CertificateFile = "tls.crt"
	KeyFile         = "tls.key"
)

// checkInterval is how often the files are looked at. A kubelet takes a minute to bring a changed Secret, and certificates
// are renewed days before they end.
const checkInterval = 10 * time.Second

// files serves what is in a directory.
type files struct {
	*cmtls.FileCertificateSource
	log *slog.Logger
}

// FromFiles returns a source that serves tls.crt and tls.key of a directory and takes them up when they change. Files that
// are missing or do not belong together are an error here, and later a line in the log: the last good certificate stays.
func FromFiles(directory string, log *slog.Logger) (Source, error) {
	return fromFiles(directory, log, checkInterval)
}

func fromFiles(directory string, log *slog.Logger, interval time.Duration) (Source, error) {
	certificate, key := filepath.Join(directory, CertificateFile), filepath.Join(directory, KeyFile)
	if err := checkFiles(certificate, key); err != nil {
		return nil, err
	}
	return &files{
		FileCertificateSource: &cmtls.FileCertificateSource{
			CertPath: certificate, KeyPath: key, UpdateInterval: interval,
			// By default it gives up after a dozen failures. A guard with a certificate that is still good goes on.
			MaxFailures: math.MaxInt,
		},
		log: log,
	}, nil
}

// Start loads the certificate and keeps looking at the files until the context ends.
func (f *files) Start(ctx context.Context) error {
	return f.FileCertificateSource.Start(withLog(ctx, f.log))
}

// Healthy tells whether a certificate has been loaded.
func (f *files) Healthy() bool { return has(f.FileCertificateSource) }

// checkFiles names the file at fault, which the errors of crypto/tls do not.
func checkFiles(certificatePath, keyPath string) error {
	certificate, err := os.ReadFile(certificatePath)
	if err != nil {
		return fmt.Errorf("reading the serving certificate: %w", err)
	}
	key, err := os.ReadFile(keyPath)
	if err != nil {
		return fmt.Errorf("reading the key of the serving certificate: %w", err)
	}
	if _, err := tls.X509KeyPair(certificate, key); err != nil {
		return fmt.Errorf("reading the serving certificate %s with its key %s: %w", certificatePath, keyPath, err)
	}
	return nil
}
