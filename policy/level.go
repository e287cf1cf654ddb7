package policy

// Level says which rules count.
type Level string

// The levels, as Pod Security Admission has them. A rule has baseline or strict; a mode may also be off, and a policy may
// turn a rule off.
const (
	// LevelOff counts no rule.
	LevelOff Level = "off"
	// LevelBaseline counts what is certain from the object itself: high availability asked for but broken, a Flink that
	// would not start, a JobManager certainly without high availability.
	LevelBaseline Level = "baseline"
	// LevelStrict counts, besides baseline, what works today and fails under a failure.
	LevelStrict Level = "strict"
)

// levels are the words that a mode or a moved rule may have.
func levels() []string {
	return []string{string(LevelOff), string(LevelBaseline), string(LevelStrict)}
}

// Covers tells whether rules of a level count where this level is set.
func (l Level) Covers(rule Level) bool {
	switch l {
	case LevelStrict:
		return rule == LevelBaseline || rule == LevelStrict
	case LevelBaseline:
		return rule == LevelBaseline
	case LevelOff:
	}
	return false
}

// exists is false for a word that is no level.
func (l Level) exists() bool {
	return l == LevelOff || l == LevelBaseline || l == LevelStrict
}
