// Package manifest reads the YAML and JSON that people keep: files, folders and streams, as documents and the Kubernetes objects in
// them, with every place given as line and column of the file that was handed over.
package manifest
