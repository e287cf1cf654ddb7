// Package mutation plans the edits that the guard makes to objects, as JSON Patch operations on single fields.
package mutation
