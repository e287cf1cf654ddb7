// Package check gives the verdict of admission about the objects in files: what the API server would say if each of them were
// created while all the others are there.
package check
