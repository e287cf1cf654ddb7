// Package flink runs Flink's own processes, of released versions, against a control plane: single ones with whatever they are
// given, or a whole session cluster whose processes are started again as a kubelet would. The libraries come from Maven Central
// and PyPI and are kept in the user's cache folder.
package flink
