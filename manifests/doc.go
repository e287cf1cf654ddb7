// Package manifests is how the guard is installed: the files that kubectl apply -k manifests sends, for Go programs to read.
package manifests
