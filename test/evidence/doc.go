// Package evidence shows that the rules are true of Flink: it starts Flink's own processes, of released versions, with the
// mistake that a rule is about and with the mistake mended, and looks at what they say and leave behind. It does the same with
// service accounts: a cluster runs on what the guard injects and binds, and not on what the guard warns of.
package evidence
