// Package report writes what a check found in the forms that people and pipelines read.
package report
