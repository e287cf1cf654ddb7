// Package validation holds the rules, one file each, and the evaluator that applies them to a Flink cluster under review.
package validation
