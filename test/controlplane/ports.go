package controlplane

import (
	"fmt"
	"net"
	"strconv"
)

// loopback is the one address that anything here listens on.
const loopback = "127.0.0.1"

// freePort asks the system for a port. Somebody else may take it before it is
// used, so whoever uses it must be ready to ask again.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	return port, nil
}

// serverURL is where the API server is found.
func serverURL(port int) string {
	return "https://" + net.JoinHostPort(loopback, strconv.Itoa(port))
}
