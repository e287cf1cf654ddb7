package cluster

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// certificate returns a new certificate as PEM and its private key as PEM.
func certificate(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	request := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, request, request, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: privateDER})
}

func validating(bundles ...string) *admissionregistrationv1.ValidatingWebhookConfiguration {
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "flink-ha-webhook", ResourceVersion: "7"}}
	for _, bundle := range bundles {
		configuration.Webhooks = append(configuration.Webhooks, admissionregistrationv1.ValidatingWebhook{
			ClientConfig: admissionregistrationv1.WebhookClientConfig{CABundle: []byte(bundle)},
		})
	}
	return configuration
}

func mutating(bundles ...string) *admissionregistrationv1.MutatingWebhookConfiguration {
	configuration := &admissionregistrationv1.MutatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "flink-ha-webhook", ResourceVersion: "7"}}
	for _, bundle := range bundles {
		configuration.Webhooks = append(configuration.Webhooks, admissionregistrationv1.MutatingWebhook{
			ClientConfig: admissionregistrationv1.WebhookClientConfig{CABundle: []byte(bundle)},
		})
	}
	return configuration
}

func TestPlanCABundle(t *testing.T) {
	const still = `{"op":"replace","path":"/metadata/resourceVersion","value":"7"}`
	cases := map[string]struct {
		configuration client.Object
		want          string
	}{
		"no webhooks":                 {validating(), `null`},
		"all right":                   {validating("new", "new"), `null`},
		"none has a bundle":           {mutating("", ""), `[` + still + `,{"op":"add","path":"/webhooks/0/clientConfig/caBundle","value":"bmV3"},{"op":"add","path":"/webhooks/1/clientConfig/caBundle","value":"bmV3"}]`},
		"one of three is out of date": {validating("new", "old", "new"), `[` + still + `,{"op":"add","path":"/webhooks/1/clientConfig/caBundle","value":"bmV3"}]`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(planCABundle(tc.configuration, []byte("new")))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("patch (-want,+got):\n%s", diff)
			}
		})
	}
}

func TestCertificatesIn(t *testing.T) {
	first, key := certificate(t)
	second, _ := certificate(t)
	broken := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("secret")})
	block, _ := pem.Decode(first)
	block.Headers = map[string]string{"Comment": "old"}
	withHeaders := pem.EncodeToMemory(block)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	cases := map[string]struct {
		text, want []byte
		wantErr    string
	}{
		"one certificate":                       {first, first, ""},
		"two, while the authority is replaced":  {join(first, second), join(first, second), ""},
		"text between them":                     {join([]byte("# old\n"), first, []byte("# new\n"), second), join(first, second), ""},
		"headers, which the API server skips":   {withHeaders, first, ""},
		"a private key beside it stays at home": {join(key, first), first, ""},
		"only a private key":                    {key, nil, "no PEM block of type CERTIFICATE"},
		"no PEM":                                {[]byte("garbage"), nil, "no PEM block of type CERTIFICATE"},
		"no certificate in the block":           {broken, nil, "parsing certificate 1: "},
		"one of two is broken":                  {join(first, broken), nil, "parsing certificate 2: "},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := certificatesIn(tc.text)
			if tc.wantErr == "" && err != nil || tc.wantErr != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.wantErr)) {
				t.Fatalf("error %v, want %q", err, tc.wantErr)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows what is in the Secret: %v", err)
			}
			if diff := cmp.Diff(string(tc.want), string(got)); diff != "" {
				t.Errorf("bundle (-want,+got):\n%s", diff)
			}
		})
	}
}
