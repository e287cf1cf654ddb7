package validation

import (
	"fmt"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// RuleLiveHAStateDeleted is the rule about deletions, which an exemption from it lets go, and which nobody undoes then.
const RuleLiveHAStateDeleted = "live-ha-state-deleted"

func liveHAStateDeleted() Rule {
	return Rule{
		ID:         RuleLiveHAStateDeleted,
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfStateDeletion},
		Effect:     "whoever leads by it ends at once",
		Summary:    "An HA ConfigMap of a cluster that is in use is deleted, by neither Flink nor its operator.",
		Why: "The HA ConfigMaps are all that says which jobs a cluster runs and which of their checkpoints was the last. A leader whose ConfigMap " +
			"is gone ends at once, and the next one finds no job. The ConfigMap of a job is not watched: its checkpoints fail from then on, and " +
			"the next restart begins with empty state, with no error. What the ConfigMaps pointed to lies in the storage directory, and nothing " +
			"points to it. A cluster is in use if a workload or custom resource of it is there that is not being deleted, whether it runs " +
			"or not, or if a JobManager has renewed its lock within the lease. haConfigMaps.guardDeletes of the policy says whether this is warned " +
			"about, refused or let through; where nothing is enforced it is not refused.",
		Remedy: "Delete the Deployment or the custom resource first, and what is left of the HA state after it. To delete it under the cluster all the " +
			"same, exempt the ConfigMap.",
		Source: "org.apache.flink.kubernetes.highavailability.KubernetesLeaderElectionDriver (\"has been deleted externally\"), KubernetesStateHandleStore; " +
			"seen with 2.3.0",
		Example: Example{
			Wrong:    stateOfExample + "---\n" + jobManagerExample("orders", "orders", "orders"),
			Right:    stateOfExample,
			Deletion: true,
		},
		Check: checkLiveHAStateDeleted,
	}
}

// stateOfExample is what a cluster with one job keeps. The value is cut.
const stateOfExample = `apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-cluster-config-map
  namespace: team
  labels: {app: orders, type: flink-native-kubernetes, configmap-type: high-availability}
data:
  jobGraph-5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d: rO0ABXNyADtvcmcuYXBhY2hlLmZsaW5r
`

func checkLiveHAStateDeleted(subject *Subject) []Violation {
	state, ok := hastate.Read(subject.ConfigMap)
	if !ok || subject.Deleter != DeleterOther || subject.Use == (inventory.Use{}) {
		return nil
	}
	state = state.Remaining()
	return []Violation{{
		Position: flink.Position{Path: "data"},
		Fault:    subject.user() + " " + usedFor(state),
		Detail:   subject.orphaned(state),
		Effect:   effectOfLosing(state),
		Needed:   "the annotation " + policy.AnnotationExemptPrefix + RuleLiveHAStateDeleted + `: "YYYY-MM-DD reason" if it is meant`,
		Remedy:   "stop the cluster first",
		Others:   subject.userElsewhere(),
	}}
}

// user is who uses the HA state. Of another namespace it is not said who.
func (s *Subject) user() string {
	member := s.Use.Member
	switch {
	case member != nil && member.Namespace != s.Namespace:
		return "a workload of another namespace"
	case member != nil:
		return fmt.Sprintf("the %s %s", member.Kind, flink.Quote(member.Name, maxShownBrief))
	}
	return "a JobManager that leads"
}

// userElsewhere is the user of another namespace, for the audit log.
func (s *Subject) userElsewhere() []string {
	if member := s.Use.Member; member != nil && member.Namespace != s.Namespace {
		return []string{member.Namespace + "/" + member.Name}
	}
	return nil
}

func usedFor(state hastate.State) string {
	jobs := jobsOf(state)
	switch {
	case len(jobs) > 0 && state.HasPointers():
		return "recovers " + namesOfJobs(jobs) + " from it"
	case state.Kind == hastate.KindJob:
		return "keeps the checkpoints of " + namesOfJobs(jobs) + " in it"
	}
	return "leads by it"
}

// effectOfLosing says what becomes of a cluster. The ConfigMap of a job is not watched from 1.15 on (KubernetesLeaderElectionHaServices),
// all others are.
func effectOfLosing(state hastate.State) string {
	switch {
	case state.Kind == hastate.KindJob:
		return "checkpoints fail from now on, and the next restart begins with empty state"
	case state.HasPointers():
		return "whoever leads by it ends at once, and the next leader knows none of this"
	}
	return "" // the rule's
}

// orphaned says what nothing points to any more, and what else may be gone.
func (s *Subject) orphaned(state hastate.State) string {
	var parts []string
	where := ""
	if member := s.Use.Member; member != nil && member.Namespace == s.Namespace && member.Identity.StoragePath != "" {
		where = " in " + flink.Clip(flink.RedactURI(member.Identity.StoragePath), maxShown)
	}
	switch count := len(state.Checkpoints); {
	case count > 0:
		parts = append(parts, fmt.Sprintf("orphans %s%s, the last is %d", countOf(count, "checkpoint"), where, state.Checkpoints[count-1].ID))
	case state.HasPointers() && where != "":
		parts = append(parts, "orphans the jobs' data"+where)
	}
	if s.InCollection {
		parts = append(parts, "the rest of the collection may be deleted already")
	}
	return strings.Join(parts, "; ")
}

// jobsOf are the ids of the jobs that a ConfigMap is about.
func jobsOf(state hastate.State) []string {
	if state.Job != "" {
		return []string{state.Job}
	}
	return graphsOf(state)
}

// graphsOf are the ids of the jobs that a new leader would bring back.
func graphsOf(state hastate.State) []string {
	var jobs []string
	for _, graph := range state.Graphs {
		jobs = append(jobs, graph.Job)
	}
	return jobs
}

// maxJobs is how many jobs a message names.
const maxJobs = 3

func namesOfJobs(jobs []string) string {
	named := make([]string, 0, maxJobs)
	for _, job := range jobs[:min(len(jobs), maxJobs)] {
		named = append(named, flink.Clip(job, maxShownBrief))
	}
	names := strings.Join(named, ", ")
	switch more := len(jobs) - maxJobs; {
	case len(jobs) == 1:
		return "job " + names
	case more > 0:
		return fmt.Sprintf("%d jobs (%s and %d more)", len(jobs), names, more)
	}
	return fmt.Sprintf("%d jobs (%s)", len(jobs), names)
}

func countOf(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
