// Package certs provides the serving certificate of the admission server: from files that somebody else keeps current, or
// issued in the process by a certificate authority that the replicas share.
package certs
