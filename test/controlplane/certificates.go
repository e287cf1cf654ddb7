package controlplane

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// File names in a control plane's folder.
const (
	servingCertificateFile = "apiserver.crt"
	servingKeyFile         = "apiserver.key"
	authorityFile          = "ca.crt"
	accountKeyFile         = "service-accounts.key"
	tokensFile             = "tokens.csv"
)

// credentials are what clients need to trust the API server and be trusted.
type credentials struct {
	authority         []byte // certificate as PEM
	admin             string // token
	controllerManager string // token
}

// newCredentials makes the keys, certificates and tokens of a control plane and
// writes the components' share of them into its folder.
func newCredentials(folder string) (credentials, error) {
	// The authority's key is forgotten at once: it signs this one certificate.
	chain, servingKey, err := cert.GenerateSelfSignedCertKey(loopback, nil, []string{"localhost"})
	if err != nil {
		return credentials{}, fmt.Errorf("making the serving certificate: %w", err)
	}
	authority, err := lastCertificate(chain)
	if err != nil {
		return credentials{}, fmt.Errorf("making the serving certificate: %w", err)
	}
	accountKey, err := keyutil.MakeEllipticPrivateKeyPEM()
	if err != nil {
		return credentials{}, fmt.Errorf("making the service accounts' key: %w", err)
	}
	c := credentials{authority: authority, admin: rand.Text(), controllerManager: rand.Text()}
	return c, writeFiles(folder, map[string][]byte{
		servingCertificateFile: chain,
		servingKeyFile:         servingKey,
		authorityFile:          authority,
		accountKeyFile:         accountKey,
		tokensFile:             c.tokens(),
	})
}

// tokens is the API server's list of static tokens.
func (c credentials) tokens() []byte {
	return fmt.Appendf(nil, "%s,admin,admin,system:masters\n%s,system:%s,%[3]s\n", c.admin, c.controllerManager, controllerManager)
}

// lastCertificate returns the issuer, which closes the chain.
func lastCertificate(chain []byte) ([]byte, error) {
	certificates, err := cert.ParseCertsPEM(chain)
	if err != nil {
		return nil, err
	}
	return cert.EncodeCertificates(certificates[len(certificates)-1])
}

// writeFiles writes files that only their owner may read.
func writeFiles(folder string, contents map[string][]byte) error {
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
