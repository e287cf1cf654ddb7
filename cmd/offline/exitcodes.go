package offline

// What a program's exit code says.
const (
	// ExitOK: nothing would be refused, nothing is wrong.
	ExitOK = 0
	// ExitRefused: something would be refused, or something is wrong.
	ExitRefused = 1
	// ExitUnanswered: the question could not be answered, because of how it was asked, what it was asked about, or because
	// there is no cluster to ask. A server that could not start or go on ends with it too.
	ExitUnanswered = 2
)

// RefusalError ends the program with ExitRefused: there is an answer, and it is no.
type RefusalError struct{ error }

// Refuse says no, and why.
func Refuse(why error) error { return RefusalError{why} }

func (r RefusalError) Unwrap() error { return r.error }
