package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func parsed(t *testing.T, arguments ...string) *serveOptions {
	t.Helper()
	options := defaultServeOptions()
	flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	options.addFlags(flags)
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	options.complete()
	return options
}

func TestServeOptionsThatMakeNoSenseNameTheFlag(t *testing.T) {
	for sentence, tc := range map[string]struct {
		arguments []string
		want      string
	}{
		"nothing said":                  {},
		"files":                         {arguments: []string{"--cert-dir=d"}},
		"no cluster":                    {arguments: []string{"--no-cluster", "--cert-dir=d"}},
		"metrics off":                   {arguments: []string{"--metrics-bind-address=0"}},
		"addresses of IPv6":             {arguments: []string{"--bind-address=[::1]:0"}},
		"the log level in capitals":     {arguments: []string{"--log-level=DEBUG"}},
		"no cluster and no files":       {arguments: []string{"--no-cluster"}, want: "--no-cluster needs --cert-dir"},
		"no cluster and self":           {arguments: []string{"--no-cluster", "--cert-provider=self"}, want: "--no-cluster needs --cert-dir"},
		"files without a directory":     {arguments: []string{"--cert-provider=files"}, want: "--cert-provider files needs --cert-dir"},
		"self with a directory":         {arguments: []string{"--cert-provider=self", "--cert-dir=d"}, want: "contradict"},
		"another provider":              {arguments: []string{"--cert-provider=acme"}, want: `--cert-provider is "acme", needs self or files`},
		"no cluster and a kubeconfig":   {arguments: []string{"--no-cluster", "--cert-dir=d", "--kubeconfig=k"}, want: "contradict"},
		"an address without a port":     {arguments: []string{"--bind-address=localhost"}, want: `--bind-address is "localhost", needs host:port`},
		"an address with a named port":  {arguments: []string{"--health-bind-address=:http"}, want: `--health-bind-address is ":http"`},
		"an address with a high port":   {arguments: []string{"--metrics-bind-address=:65536"}, want: `--metrics-bind-address is ":65536"`},
		"health off":                    {arguments: []string{"--health-bind-address=0"}, want: `--health-bind-address is "0"`},
		"an old TLS":                    {arguments: []string{"--tls-min-version=1.1"}, want: `--tls-min-version is "1.1", needs 1.3 or 1.2`},
		"another log format":            {arguments: []string{"--log-format=xml"}, want: `--log-format is "xml"`},
		"another log level":             {arguments: []string{"--log-level=loud"}, want: `--log-level is "loud"`},
		"a delay into the past":         {arguments: []string{"--shutdown-delay=-1s"}, want: "--shutdown-delay is -1s"},
		"no service":                    {arguments: []string{"--service-name="}, want: "--service-name is empty"},
		"no webhook configuration name": {arguments: []string{"--webhook-configuration-name="}, want: "--webhook-configuration-name is empty"},
	} {
		t.Run(sentence, func(t *testing.T) {
			err := parsed(t, tc.arguments...).validate()
			if tc.want == "" && err != nil {
				t.Errorf("got %v", err)
			}
			if tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestServeOptionsAreCompleted(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "from-pod")
	if got := parsed(t); got.certProvider != certProviderSelf || got.namespace != "from-pod" {
		t.Errorf("got %+v", got)
	}
	if got := parsed(t, "--cert-dir=d", "--namespace=mine", "--log-level=warn"); got.certProvider != certProviderFiles || got.namespace != "mine" || got.slogLevel() != slog.LevelWarn {
		t.Errorf("got %+v", got)
	}
}

func TestTheNamespaceIsFoundInThePod(t *testing.T) {
	file := filepath.Join(t.TempDir(), "namespace")
	t.Setenv("POD_NAMESPACE", "")
	if got := ownNamespace(file); got != fallbackNamespace {
		t.Errorf("without any hint: got %q", got)
	}
	if err := os.WriteFile(file, []byte("of-account\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ownNamespace(file); got != "of-account" {
		t.Errorf("with a service account: got %q", got)
	}
	t.Setenv("POD_NAMESPACE", "of-pod")
	if got := ownNamespace(file); got != "of-pod" {
		t.Errorf("with $POD_NAMESPACE: got %q", got)
	}
}
