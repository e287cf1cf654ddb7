package flink

import "fmt"

// Count says how many there are of something, such as "1 line" and "2 lines", for messages.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
