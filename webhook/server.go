package webhook

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"

	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"
)

// ServerOptions is what a server needs.
type ServerOptions struct {
	// Address to listen on, host:port. Port 0 takes a free one.
	Address string
	// GetCertificate returns the certificate for a connection.
	GetCertificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// MinTLSVersion that a client must speak, for instance tls.VersionTLS13.
	MinTLSVersion uint16
}

// Server is the HTTPS server: controller-runtime's, with our certificate, our TLS versions and our handlers.
type Server struct {
	server  ctrlwebhook.Server
	address string
}

// NewServer returns a server that has no handlers yet and does not listen.
func NewServer(options ServerOptions) (*Server, error) {
	host, port, err := choosePort(options.Address)
	if err != nil {
		return nil, err
	}
	server := ctrlwebhook.NewServer(ctrlwebhook.Options{
		Host: host,
		Port: port,
		// With GetCertificate set, controller-runtime neither reads files nor watches them.
		TLSOpts: []func(*tls.Config){func(config *tls.Config) {
			config.GetCertificate = options.GetCertificate
			config.MinVersion = options.MinTLSVersion
			config.NextProtos = []string{"h2", "http/1.1"}
		}},
	})
	return &Server{server: server, address: net.JoinHostPort(host, strconv.Itoa(port))}, nil
}

// Handle serves a path.
func (s *Server) Handle(path string, handler http.Handler) { s.server.Register(path, handler) }

// Address is host:port, with the port that was chosen where none was given.
func (s *Server) Address() string { return s.address }

// Listening tells, with a TLS handshake of its own, whether the server takes connections.
func (s *Server) Listening() error { return s.server.StartedChecker()(nil) }

// Start serves until the context ends, then closes the listener and returns when all requests in flight are answered, or
// after a minute.
func (s *Server) Start(ctx context.Context) error { return s.server.Start(ctx) }

// choosePort splits an address. controller-runtime takes port 0 for "9443" and tells nobody which port it opened, so a free
// one is looked up here. Somebody else may take it before it is opened again; that is an error then, and port 0 is for
// test benches.
func choosePort(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("reading the address %q: %w", address, err)
	}
	port, err = strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("reading the address %q: the port is not a number from 0 to 65535", address)
	}
	if port != 0 {
		return host, port, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return "", 0, fmt.Errorf("looking for a free port: %w", err)
	}
	defer listener.Close()
	chosen, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return "", 0, fmt.Errorf("looking for a free port: %s is no TCP address", listener.Addr())
	}
	return host, chosen.Port, nil
}
