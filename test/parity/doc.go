// Package parity holds the offline check against the running server: the same objects, written as files of all styles, get the same
// verdict, findings and patch as over HTTPS, where the API server's own code says which webhooks are asked.
package parity
