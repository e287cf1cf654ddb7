package certs

import (
	"context"
	"log/slog"
	"time"

	cmtls "github.com/cert-manager/cert-manager/pkg/server/tls"
	"github.com/cert-manager/cert-manager/pkg/server/tls/authority"
	"k8s.io/client-go/rest"
)

// CASecretName is the Secret in the guard's namespace that holds the certificate authority.
const CASecretName = "flink-ha-webhook-ca"

// CASecretKey is the data key of the authority's certificate in that Secret, as PEM: what the API server must trust. The
// same certificate stands under tls.crt, with its key under tls.key.
const CASecretKey = "ca.crt"

// AuthorityOptions says for whom and where an authority issues certificates.
type AuthorityOptions struct {
	// RESTConfig of the API server.
	RESTConfig *rest.Config
	// Namespace of the guard, where the Secret of the authority is.
	Namespace string
	// ServiceName of the guard, under which the API server calls it.
	ServiceName string
	Log         *slog.Logger
}

// retryInterval is how soon another certificate is asked for while the authority is being made or read, which takes a few
// round trips to the API server. cert-manager's default of a second is most of a replica's start.
const retryInterval = 250 * time.Millisecond

// FromAuthority returns a source that issues its own certificates, which are held in memory and renewed after two thirds of
// a week. They are signed by an authority in a Secret that all replicas share: whichever comes first makes it.
func FromAuthority(options AuthorityOptions) Source {
	return &issued{
		DynamicSource: &cmtls.DynamicSource{
			DNSNames:  DNSNames(options.ServiceName, options.Namespace),
			Authority: newAuthority(options),

			RetryInterval: retryInterval,
		},
		log: options.Log,
	}
}

// newAuthority is the one place that says who signs.
func newAuthority(options AuthorityOptions) cmtls.Authority {
	return &authority.DynamicAuthority{
		SecretNamespace: options.Namespace,
		SecretName:      CASecretName,
		SecretLabels:    map[string]string{"app.kubernetes.io/managed-by": "flink-ha-webhook"},
		CommonName:      CASecretName,
		RESTConfig:      options.RESTConfig,
	}
}

// DNSNames are the names that a certificate of the guard is for: its Service in every spelling, and localhost for
// port-forwards and test benches.
func DNSNames(service, namespace string) []string {
	// The API server calls <service>.<namespace>.svc.
	inNamespace := service + "." + namespace
	return []string{inNamespace + ".svc", inNamespace + ".svc.cluster.local", inNamespace, service, "localhost"}
}

// issued serves what an authority signs.
type issued struct {
	*cmtls.DynamicSource
	log *slog.Logger
}

// Start runs the authority and issues certificates until the context ends.
func (i *issued) Start(ctx context.Context) error {
	return i.DynamicSource.Start(withLog(ctx, i.log))
}
