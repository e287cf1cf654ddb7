package main

import (
	"crypto/tls"
	"errors"
	"net/http"

	"k8s.io/client-go/rest"

	"github.com/flink-ha/flink-ha-webhook/certs"
)

type certificateFunc = func(*tls.ClientHelloInfo) (*tls.Certificate, error)

var errNoCertificate = errors.New("there is no certificate yet")

// newCertificateSource returns the source of --cert-provider. It is the server's readiness that there is a certificate.
func (g *guard) newCertificateSource(apiServer *rest.Config) (certs.Source, error) {
	source, err := g.certificateSource(apiServer)
	if err != nil {
		return nil, err
	}
	g.checks["certificate"] = func(*http.Request) error {
		if !source.Healthy() {
			return errNoCertificate
		}
		return nil
	}
	return source, nil
}

func (g *guard) certificateSource(apiServer *rest.Config) (certs.Source, error) {
	if g.options.certProvider == certProviderFiles {
		return certs.FromFiles(g.options.certDir, g.log)
	}
	return certs.FromAuthority(certs.AuthorityOptions{
		RESTConfig: apiServer, Namespace: g.options.namespace, ServiceName: g.options.serviceName, Log: g.log,
	}), nil
}
