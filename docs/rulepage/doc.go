// Package rulepage tells of a rule in words: as a page of docs/rules, as text for a terminal, and as data.
package rulepage
