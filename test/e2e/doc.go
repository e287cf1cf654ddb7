// Package e2e tests what the guard promises, through a real API server and with a real garbage collector.
package e2e
