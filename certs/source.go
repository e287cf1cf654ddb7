package certs

import (
	"context"
	"crypto/tls"
	"log/slog"

	cmtls "github.com/cert-manager/cert-manager/pkg/server/tls"
	"github.com/go-logr/logr"
)

// Source has a serving certificate at hand and keeps it current without a restart. It is what cert-manager's own webhook
// serves with.
type Source interface {
	// GetCertificate returns the current certificate. It is called for every connection, from many goroutines.
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// Start keeps the certificate current until the context ends. An error means that it can no longer do that.
	Start(context.Context) error
	// Healthy tells whether there is a certificate.
	Healthy() bool
}

var _ Source = cmtls.CertificateSource(nil)

// withLog hands a logger to cert-manager's code, which looks for it in the context.
func withLog(ctx context.Context, log *slog.Logger) context.Context {
	return logr.NewContext(ctx, logr.FromSlogHandler(log.Handler()))
}

// has tells whether a source has a certificate, under the lock that guards it; cert-manager's FileCertificateSource.Healthy
// looks without one.
func has(source cmtls.CertificateSource) bool {
	certificate, err := source.GetCertificate(nil)
	return err == nil && certificate != nil
}
