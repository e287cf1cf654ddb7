package main

// What the program's exit code says.
const (
	// exitOK: nothing would be refused, nothing is wrong.
	exitOK = 0
	// exitRefused: something would be refused, or something is wrong.
	exitRefused = 1
	// exitUnanswered: the question could not be answered, because of how it was asked, what it was asked about, or because
	// there is no cluster to ask. A server that could not start or go on ends with it too.
	exitUnanswered = 2
)

// refusal is an error that ends the program with exitRefused: there is an answer, and it is no.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }
