package validation

// Change is one step of a fix.
type Change struct {
	// Path of a field, as positions have it: of one with the text of a configuration file, such as data["config.yaml"], of a map of
	// options, such as spec.flinkConfiguration, or of any other.
	Path string
	// Key is the option in that text or map, "" where the field itself is meant.
	Key string
	// Value is what to write: for an option the text that Flink has to read. nil removes it.
	Value any
}
