// Package hastate knows the ConfigMaps in which Flink keeps its HA state: which they are, who leads, which jobs and checkpoints
// they point to, and how a lost one is put together again.
package hastate
