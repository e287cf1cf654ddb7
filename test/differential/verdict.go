package differential

// Verdict is how our reading and Flink's compare.
type Verdict string

// The verdicts; all but the first two are disagreements.
const (
	Agreed        Verdict = "agreed"
	NotClaimed    Verdict = "unknown to us"
	OnlyWeRefuse  Verdict = "we refuse what Flink loads"
	OnlyWeLoad    Verdict = "we load what Flink refuses"
	OtherSettings Verdict = "other settings"
	NoAnswer      Verdict = "Flink does not answer in time"
)

// IsDisagreement tells whether somebody has to look at it.
func (v Verdict) IsDisagreement() bool { return v != Agreed && v != NotClaimed }

// Compare holds our reading against Flink's answer. What we do not claim to know cannot be wrong.
func Compare(ours Reading, flinks Answer) Verdict {
	switch {
	case flinks.Silent && ours.Unknown[""] != "":
		return NotClaimed
	case flinks.Silent:
		return NoAnswer
	case ours.Refused != "" && flinks.Settings == nil:
		return Agreed
	case ours.Refused != "":
		return OnlyWeRefuse
	case ours.Unknown[""] != "":
		return NotClaimed
	case flinks.Settings == nil:
		return OnlyWeLoad
	}
	return compareSettings(ours, flinks.Settings)
}

// compareSettings takes a key whose value is unknown to us for one that is there all the same.
func compareSettings(ours Reading, flinks map[string]string) Verdict {
	if len(ours.Settings) != len(flinks) {
		return OtherSettings
	}
	for key, value := range ours.Settings {
		theirs, ok := flinks[key]
		if !ok || theirs != value && ours.Unknown[key] == "" {
			return OtherSettings
		}
	}
	if len(ours.Unknown) > 0 {
		return NotClaimed
	}
	return Agreed
}
