package cluster

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// patchOperation is one operation of a JSON Patch (RFC 6902).
type patchOperation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// planCABundle plans what must change for every webhook of a configuration to trust the CA bundle: nothing but the bundles
// that differ. Webhooks are named by their place in the list, so the patch also demands that the configuration is still
// the one that was seen; where it is not, the API server answers with a conflict.
func planCABundle(configuration client.Object, bundle []byte) []patchOperation {
	patch := []patchOperation{{Op: "replace", Path: "/metadata/resourceVersion", Value: configuration.GetResourceVersion()}}
	for i, current := range caBundles(configuration) {
		if !bytes.Equal(current, bundle) {
			patch = append(patch, patchOperation{Op: "add", Path: fmt.Sprintf("/webhooks/%d/clientConfig/caBundle", i), Value: bundle})
		}
	}
	if len(patch) == 1 {
		return nil
	}
	return patch
}

// caBundles are the bundles of a configuration's webhooks, in their order.
func caBundles(configuration client.Object) [][]byte {
	var bundles [][]byte
	switch configuration := configuration.(type) {
	case *admissionregistrationv1.ValidatingWebhookConfiguration:
		for i := range configuration.Webhooks {
			bundles = append(bundles, configuration.Webhooks[i].ClientConfig.CABundle)
		}
	case *admissionregistrationv1.MutatingWebhookConfiguration:
		for i := range configuration.Webhooks {
			bundles = append(bundles, configuration.Webhooks[i].ClientConfig.CABundle)
		}
	}
	return bundles
}

const pemCertificate = "CERTIFICATE"

var errNoCertificate = errors.New("no PEM block of type CERTIFICATE")

// certificatesIn returns the certificates of a PEM text as PEM. A webhook configuration is readable by everybody who may look
// at one, so nothing else comes along: no key that stands beside a certificate, no text between the blocks.
func certificatesIn(text []byte) ([]byte, error) {
	var bundle []byte
	for n := 1; ; {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != pemCertificate {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return nil, fmt.Errorf("parsing certificate %d: %w", n, err)
		}
		bundle = append(bundle, pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: block.Bytes})...)
		n++
	}
	if bundle == nil {
		return nil, errNoCertificate
	}
	return bundle, nil
}
