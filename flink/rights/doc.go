// Package rights knows which rights at the API server the processes of a Flink cluster use, by version, mode and role.
package rights
