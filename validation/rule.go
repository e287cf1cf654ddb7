package validation

import (
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Rule is one mistake that the guard knows.
type Rule struct {
	// ID in kebab-case; stable, since people write it into exemptions.
	ID string
	// Level from which on the rule counts.
	Level policy.Level
	// Advice is true for a rule that refuses nothing, whatever is enforced.
	Advice bool
	// Introduced is the version of the rule set that the rule came with.
	Introduced string
	// Versions of Flink in which it is a mistake; the zero value for all. The rule is skipped where the version is certainly
	// another one.
	Versions flink.Version
	// On are the kinds of things that can carry the mistake, Modes the HA modes in which it is one; nil for all.
	On    []Kind
	Modes []flink.Mode
	// Summary says in one sentence what is wrong.
	Summary string
	// Why says what happens to a cluster that has it.
	Why string
	// Effect is Why in the few words of a message: what Flink does, as a main clause.
	Effect string
	// Remedy says how to mend it.
	Remedy string
	// Source of the fact: the Flink class or page, or how it was seen.
	Source string
	// Example shows the mistake as people make it.
	Example Example
	// Check finds the violations in a subject.
	Check func(*Subject) []Violation
	// Review is for rules about other findings, and runs after all checks. A rule has a check or a review.
	Review func(subject *Subject, findings []Finding) []Violation
}

// Example is a mistake in manifests, and the same mended. The first document of Wrong and of Right is the object that is
// judged; the others are there already.
type Example struct {
	Wrong, Right string
	// Before is the object before the update that Wrong and Right are, "" where they are created; with Deletion, Wrong and Right
	// are deleted.
	Before   string
	Deletion bool
	// Prefixes are the policy's storage.allowedPrefixes.
	Prefixes []string
}

// everything that has a configuration of Flink.
func configured() []Kind { return []Kind{OfConfiguration, OfWorkload, OfResource} }

//go:generate go run ../docs/rulepages ../docs/rules

// The versions of the rule set that rules came with.
const (
	ruleSet01 = "v0.1"
	ruleSet02 = "v0.2"
)

// Rules is the catalogue in the order in which findings are reported: what keeps the rest from being read comes first, then
// what certainly breaks, then what is weak.
func Rules() []Rule {
	return slices.Concat(rulesOfStarting(), rulesOfHighAvailability(), rulesOfIdentity(), rulesOfRunning(), rulesOfIntent())
}

// rulesOfStarting are about what keeps the rest from being read, or the process from starting at all.
func rulesOfStarting() []Rule {
	return []Rule{
		configurationUnreadable(),
		configurationFileUnread(),
		argumentsRefused(),
		hostOptionRemoved(),
		customResourceForbiddenKey(),
		namespaceLabelInvalid(),
	}
}

// rulesOfHighAvailability are about whether there is high availability, and where it keeps its data.
func rulesOfHighAvailability() []Rule {
	return []Rule{
		highAvailabilityOff(),
		highAvailabilityTypeUnread(),
		highAvailabilityTypeInvalid(),
		highAvailabilityTypeContradictory(),
		highAvailabilityKeyOverlap(),
		highAvailabilityTypeForeignToOperator(),
		replicasWithoutHighAvailability(),
		lastStateWithoutHighAvailability(),
		highAvailabilityRemovedWhileLive(),
		storageDirMissing(),
		storageDirInvalid(),
		storageDirOutsidePrefix(),
		storageDirNotExpanded(),
		storageDirOnPodDisk(),
		storageDirLocal(),
		storagePluginMissing(),
		storagePathShared(),
		storageDirChangedWhileLive(),
	}
}

// rulesOfIdentity are about which cluster it is.
func rulesOfIdentity() []Rule {
	return []Rule{
		zooKeeperQuorumMissing(),
		clusterIDMissing(),
		clusterIDInvalid(),
		clusterIDShared(),
		clusterIDChangedWhileLive(),
		namespaceMismatch(),
		haClusterIDDefault(),
		taskManagerInAnotherCluster(),
		taskManagerOverridesHighAvailability(),
	}
}

// rulesOfRunning are about how the processes are started, as whom, and what fails later.
func rulesOfRunning() []Rule {
	return []Rule{
		serviceAccountTokenNotMounted(),
		serviceAccountMissing(),
		jobManagerRightsMissing(),
		taskManagerRightsMissing(),
		serviceAccountDefault(),
		jobManagerAddressNotPodIP(),
		dynamicPropertyLost(),
		flinkPropertiesUnread(),
		jobManagerJobGivesUp(),
		applicationRunsAgain(),
		leaderElectionTiming(),
		versionLosesLeadership(),
		checkpointDirMissing(),
		jobResultStoreVolatile(),
		sessionJobConfiguresHighAvailability(),
		deletionDiscardsState(),
		liveHAStateDeleted(),
		haStateTracked(),
		configMapTakenForHAState(),
	}
}

// rulesOfIntent are about what is not as it was meant, and about the exemptions from all rules.
func rulesOfIntent() []Rule {
	return []Rule{
		highAvailabilityKeyMisspelt(),
		configurationLineMisread(),
		deprecatedKey(),
		exemptionInvalid(),
		exemptionEndsSoon(),
		exemptionUnused(),
	}
}
