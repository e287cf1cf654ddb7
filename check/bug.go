package check

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// onBug turns a panic into an error that says that this is a mistake of the program's own, so that one object does not take the
// verdicts about all others with it. It is to be deferred. The error holds where in the program it was and nothing of the object.
func onBug(tell func(error)) {
	recovered := recover()
	if recovered == nil {
		return
	}
	reason := "it gave up"
	if err, ok := recovered.(error); ok {
		if mistake, is := errors.AsType[runtime.Error](err); is {
			reason = mistake.Error()
		}
	}
	tell(fmt.Errorf("this is a bug of flink-ha-webhook, please report it: %s, in %s", reason, whereItPanicked()))
}

// whereItPanicked is the innermost function of the program's own on the stack of a panic.
func whereItPanicked() string {
	const depth = 64
	callers := make([]uintptr, depth)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic" || strings.HasPrefix(frame.Function, "runtime.panic"):
			panicking = true
		case panicking && !strings.HasPrefix(frame.Function, "runtime."):
			_, function, _ := strings.Cut(frame.Function, "/flink-ha-webhook/")
			if function == "" {
				function = frame.Function
			}
			return fmt.Sprintf("%s, line %d", function, frame.Line)
		}
		if !more {
			return "a place that is not known"
		}
	}
}
