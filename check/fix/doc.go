// Package fix writes into files what mends the findings about them: what admission would edit itself, and the changes that a finding
// knows. Every other byte stays as it is, and each edit is proven before it is made: the document is read once more, and has to say
// what was meant and nothing else.
package fix
