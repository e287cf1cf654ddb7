package parity

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// tally counts what was compared.
type tally struct {
	objects  int
	verdicts map[admission.Verdict]int
	// rules that found something, patches by what they edit, and reasons for what differs as it is documented.
	rules, reasons, patches map[string]int
	// asked is how often each webhook was asked.
	asked map[string]int
}

func newTally() *tally {
	return &tally{verdicts: map[admission.Verdict]int{}, rules: map[string]int{}, reasons: map[string]int{}, patches: map[string]int{}, asked: map[string]int{}}
}

// note counts what check says of an object of a scene.
func (t *tally) note(s *scene, o outcome) {
	t.objects++
	t.verdicts[o.Verdict]++
	if o.Patch != "" {
		t.patches[s.kindOf(o.Patch)]++
	}
	for rule := range strings.SplitSeq(o.Rules, ",") {
		if rule != "" {
			t.rules[rule]++
		}
	}
}

// kindOf says what a patch does.
func (s *scene) kindOf(patch string) string {
	switch {
	case strings.Contains(patch, "ownerReferences"):
		return "owner references"
	case strings.Contains(patch, "automountServiceAccountToken") && !strings.Contains(patch, `"/spec/template/spec/serviceAccount`):
		return "token"
	case strings.Contains(patch, "/data/"):
		return "configuration"
	}
	for i := range s.objects {
		if object := s.at(i); object.GetKind() == "ServiceAccount" && strings.Contains(patch, `"value":"`+object.GetName()+`"`) {
			return "account that is there"
		}
	}
	return "account that will be there"
}

// String is the tally for people.
func (t *tally) String() string {
	return fmt.Sprintf("%d objects: %v\nasked: %v\npatches: %v\ndifferent as documented: %v\n%d rules: %v", t.objects, t.verdicts, t.asked, t.patches, t.reasons, len(t.rules), t.rules)
}

// checked is what the offline check says of all objects of a scene, in their order.
func (s *scene) checked() ([]check.Object, error) {
	folder, err := os.MkdirTemp("", "parity-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := s.write(folder); err != nil {
		return nil, err
	}
	report, err := check.Run(context.Background(), manifest.Find([]string{folder}), nil, check.Options{
		Policy: s.policy, Now: s.now, Namespace: s.namespace, NamespaceLabels: check.NamespaceLabels{Everywhere: s.labels}, User: s.user, WithSkipped: true, WithObjects: true, Workers: 1,
	})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(report.Problems...); err != nil {
		return nil, err
	}
	if len(report.Objects) != len(s.objects) {
		return nil, fmt.Errorf("check reports %d objects of %d", len(report.Objects), len(s.objects))
	}
	return report.Objects, nil
}

// compare holds what check says of a scene against what the server says. The differences are none where both agree.
func (a *apiServer) compare(s *scene, counted *tally) (differences []string, err error) {
	objects, err := s.checked()
	if err != nil {
		return nil, err
	}
	for i := range objects {
		if object := s.at(i); object.GetKind() != objects[i].Kind || object.GetName() != objects[i].Name {
			return nil, fmt.Errorf("object %d is reported as %s %q", i, objects[i].Kind, objects[i].Name)
		}
		found, err := a.compareOne(s, i, &objects[i], counted)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
		if len(found) > 0 {
			differences = append(differences, fmt.Sprintf("object %d, %s %s/%s:\n%s", i, objects[i].Kind, objects[i].Namespace, objects[i].Name, strings.Join(found, "\n")))
		}
	}
	return differences, nil
}

// compareOne asks the server as it is and, where it says something else than check, with one after the other of what check is documented
// to do otherwise: it knows that what the files say of rights is settled, and excuses nothing by what is there already.
func (a *apiServer) compareOne(s *scene, i int, object *check.Object, counted *tally) ([]string, error) {
	offline, err := outcomeOf(object)
	if err != nil {
		return nil, err
	}
	if offline.Object != "" {
		if offline.Object, err = normalized(s, i, offline.Object); err != nil {
			return nil, err
		}
	}
	counted.note(s, offline)
	around, err := surroundingsOf(s, i)
	if err != nil {
		return nil, err
	}
	ask := func(settled, afresh bool) ([]string, error) {
		asked := *around
		asked.settled = settled
		a.guard.around.Store(&asked)
		online, err := a.create(s, i, afresh)
		if err != nil {
			return nil, err
		}
		if online.Object != "" {
			if online.Object, err = normalized(s, i, online.Object); err != nil {
				return nil, err
			}
		}
		return offline.differences(&online), nil
	}
	differences, err := ask(false, false)
	if err != nil || len(differences) == 0 {
		return nil, err
	}
	for _, excuse := range []struct {
		reason          string
		settled, afresh bool
		holds           bool
	}{
		{"the rights are settled", true, false, around.rbac.any()},
		{"there is a predecessor", false, true, around.hasPredecessor(s.at(i))},
		{"both", true, true, around.rbac.any() && around.hasPredecessor(s.at(i))},
	} {
		if !excuse.holds {
			continue
		}
		left, err := ask(excuse.settled, excuse.afresh)
		if err != nil {
			return nil, err
		}
		if len(left) == 0 {
			counted.reasons[excuse.reason]++
			return nil, nil
		}
	}
	return differences, nil
}

// hasPredecessor tells whether the server may take something that is there for what an object replaces.
func (a *surroundings) hasPredecessor(object located) bool {
	typed, err := asTyped(object.Unstructured)
	if err != nil {
		return false
	}
	if configMap, ok := typed.(*corev1.ConfigMap); ok {
		return len(a.loader.Inventory().PreviousConfigMaps(configMap, a.scene.now)) > 0
	}
	key := inventory.Key{Kind: object.GetKind(), Namespace: object.namespace, Name: object.GetName()}
	whole, err := surroundingsOf(a.scene, -1)
	if err != nil {
		return false
	}
	member, ok := whole.Member(key)
	return ok && len(a.loader.Inventory().PreviousMembers(member, a.scene.now)) > 0
}

// add counts what another has counted.
func (t *tally) add(other *tally) {
	t.objects += other.objects
	for verdict, count := range other.verdicts {
		t.verdicts[verdict] += count
	}
	for _, counts := range []struct{ into, from map[string]int }{
		{t.rules, other.rules}, {t.reasons, other.reasons}, {t.patches, other.patches}, {t.asked, other.asked},
	} {
		for key, count := range counts.from {
			counts.into[key] += count
		}
	}
}
