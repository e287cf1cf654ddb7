package hastate

// WatchLabels are the labels that the HA ConfigMaps of all versions have, sooner or later: up to 1.18 Flink puts them on a leader
// ConfigMap with the first addresses. Other ConfigMaps of Flink have them too.
func WatchLabels() map[string]string { return map[string]string{labelType: labelTypeNative} }

// WorthKeeping tells whether something is lost with the data of an HA ConfigMap: pointers, or the ids of a job's checkpoints. Leader
// data alone is written anew by the next leader.
func WorthKeeping(data map[string]string) bool {
	_, counts := data[keyCounter]
	return counts || HasPointers(data)
}
