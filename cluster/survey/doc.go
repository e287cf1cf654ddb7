// Package survey reads a cluster once, with the rights of whoever asks, and tells of all HA state in it whose it is, what it points
// to and whether anybody still uses it.
package survey
