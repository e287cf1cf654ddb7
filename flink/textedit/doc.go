// Package textedit changes parts of a text and leaves every other byte as it is: whole lines, and what stands between two offsets.
package textedit
