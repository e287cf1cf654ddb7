package flink

import "strings"

// SharedSegments is how many of the parts between dots two keys have in common, from the start.
func SharedSegments(a, b string) int {
	shared := 0
	for {
		headA, restA, moreA := strings.Cut(a, ".")
		headB, restB, moreB := strings.Cut(b, ".")
		if headA != headB {
			return shared
		}
		shared++
		if !moreA || !moreB {
			return shared
		}
		a, b = restA, restB
	}
}
