// Package check reads Flink configuration as people keep it, in files, folders, manifests and streams, and says what Flink
// makes of it, with every place given as line and column of the file that was handed over.
package check
