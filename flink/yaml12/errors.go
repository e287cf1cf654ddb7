package yaml12

import "fmt"

// RefusedError says why and where Flink would not load a text. Its reason holds nothing of the text.
type RefusedError struct {
	Reason string
	// Key is the key that is at fault, "" where the reason is about something else.
	Key string
	// Line and Column count from 1, columns in characters.
	Line, Column int
}

func (e *RefusedError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason) }

// UndecidedError says why it is not known here how Flink reads a text: it is beyond the bounds of this package, or it uses
// something whose meaning depends on the Java runtime.
type UndecidedError struct {
	Reason       string
	Line, Column int
}

func (e *UndecidedError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason) }

// refuse and undecided end the reading of a text; catch turns them into the error that a caller sees.
func refuse(at Mark, reason string) {
	panic(&RefusedError{Reason: reason, Line: at.Line + 1, Column: at.Column + 1})
}

func undecided(at Mark, reason string) {
	panic(&UndecidedError{Reason: reason, Line: at.Line + 1, Column: at.Column + 1})
}

func catch(err *error) {
	switch reason := recover().(type) {
	case nil:
	case *RefusedError:
		*err = reason
	case *UndecidedError:
		*err = reason
	default:
		panic(reason)
	}
}
