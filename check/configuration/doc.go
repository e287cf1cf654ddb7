// Package configuration says what Flink makes of the configuration in files and manifests: every setting with the place that it
// comes from, what is ignored, and what cannot be known.
package configuration
