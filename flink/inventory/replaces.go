package inventory

// Replaces tells whether two objects are one after the other in the same place: the same object, or one of another kind or with
// another hash in its name that takes over from it.
func (k Key) Replaces(other Key) bool {
	return k.Namespace == other.Namespace && (k.Name == other.Name || baseName(k.Kind, k.Name) == baseName(other.Kind, other.Name))
}
