// Package offline has the commands that need no cluster, and what all commands have in common: exit codes, output and the reading
// of policy files.
package offline
