package admission

import (
	"fmt"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// StripOwnerReferences removes the owner references of an HA ConfigMap that is created or changed, and nothing else of it. An object
// that is being deleted is left alone, so that finalizers and the garbage collector finish what they began. Whatever comes of it,
// whoever writes is told.
func (r *Reviewer) StripOwnerReferences(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	if !isWrite(request) || !isConfigMap(request) {
		return decision, nil
	}
	var configMap corev1.ConfigMap
	if err := decode(request.Object.Raw, "object", &configMap); err != nil {
		return decision, err
	}
	name, ok := hastate.Recognize(&configMap)
	if !ok || configMap.DeletionTimestamp != nil {
		return decision, nil
	}
	ruling := r.rule(request.Namespace, request.UserInfo)
	decision.Recognized, decision.Exempt = true, ruling.exempt
	decision.HAState = haStateOf(request, &configMap, name)
	if len(configMap.OwnerReferences) == 0 {
		return decision, nil
	}
	edits, err := mutation.PlanOwnerReferences(request.Object.Raw)
	if err != nil {
		return decision, err
	}
	decision.strip(edits, configMap.Annotations, ruling)
	return decision, nil
}

// strip decides what becomes of owner references, and says so.
func (d *Decision) strip(edits []mutation.Edit, annotations map[string]string, ruling ruling) {
	state := d.HAState
	kept, asked := ruling.policy.KeepsOwnerReferences(annotations, ruling.now)
	switch {
	case !ruling.policy.HAConfigMaps.StripOwnerReferences:
		state.Outcome = OwnersLeft
		d.note(noteOwnersLeft(state, "haConfigMaps.stripOwnerReferences of the policy is false"))
	case asked && kept.Holds():
		state.Outcome = OwnersKept
		d.note(noteOwnersKept(state, kept.LastDay))
	case ruling.edits():
		state.Outcome, d.Edits = OwnersStripped, edits
		d.note(noteOwnersStripped(state))
		if asked {
			d.note(fmt.Sprintf("annotation %s does not hold: %s", policy.AnnotationKeepOwnerReferences, kept.Problem))
		} else if ruling.policy.OptOut.OwnerReferences {
			d.note(fmt.Sprintf("to keep the owner references until the end of a day, annotate the ConfigMap %s: \"YYYY-MM-DD why\"", policy.AnnotationKeepOwnerReferences))
		}
	case ruling.exempt == exemptSystem:
		state.Outcome = OwnersLeft
	default:
		state.Outcome, d.Planned = OwnersLeft, edits
		d.note(noteOwnersLeft(state, ruling.whyNothingChanges()))
	}
}

func (d *Decision) note(text string) { d.Notes = append(d.Notes, text) }

// whyNothingChanges completes "since …" where the policy changes nothing.
func (ruling ruling) whyNothingChanges() string {
	switch ruling.exempt {
	case exemptUser:
		// Who wrote what is there cannot be seen afterwards.
		return "the policy exempts who writes, until the guard looks after the ConfigMap"
	case exemptNamespace:
		return "the policy exempts this namespace"
	}
	return "nothing is enforced in this namespace"
}

// The notes have at most 256 characters for names of an ordinary length, and what is cut off of longer ones is the least important.

func noteOwnersStripped(state *HAState) string {
	return fmt.Sprintf("owner references of the HA state of Flink cluster %s were removed: deleting %s would have the garbage collector delete it, "+
		"and with it the pointers to its jobs", shownCluster(state), ownersOf(state.Owners))
}

func noteOwnersKept(state *HAState, until time.Time) string {
	return fmt.Sprintf("the HA state of Flink cluster %s keeps its owner references until the end of %s: deleting %s deletes the pointers to its "+
		"jobs. After that day they are removed (%s)", shownCluster(state), until.Format(time.DateOnly), ownersOf(state.Owners), policy.AnnotationKeepOwnerReferences)
}

func noteOwnersLeft(state *HAState, why string) string {
	return fmt.Sprintf("the HA state of Flink cluster %s has owner references, which stay, since %s: deleting %s has the garbage collector delete "+
		"the pointers to its jobs", shownCluster(state), why, ownersOf(state.Owners))
}

// maxShownName is how much a note shows of a name.
const maxShownName = 45

func shownCluster(state *HAState) string { return flink.Quote(state.State.Cluster, maxShownName) }

// ownersOf names the first owner, and says how many more there are: the garbage collector waits until all are gone.
func ownersOf(owners []metav1.OwnerReference) string {
	if len(owners) == 0 {
		return "its owner"
	}
	first := fmt.Sprintf("%s %s", flink.Clip(owners[0].Kind, maxShownName), flink.Quote(owners[0].Name, maxShownName))
	if more := len(owners) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more", first, more)
	}
	return first
}
