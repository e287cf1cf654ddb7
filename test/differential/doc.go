// Package differential holds our reading of Flink's configuration against Flink's own: released classes of Flink, running in
// a Java process for each release, read the same files, and every difference is reported, made as small as it gets.
package differential
