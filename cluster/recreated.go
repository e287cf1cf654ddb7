package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	// recreatedWithin is how old an account may be for its pods to be looked at: whatever leader comes later need not look again.
	recreatedWithin = time.Hour
	// sameMoment is how much older than its account a workload must be for its pods to be looked at. The guard makes an account just
	// after the workload that names it, and times have seconds.
	sameMoment = 2 * time.Second
	// maxPodsLooked bounds how many pods of an account are looked at, and maxPodsNamed how many are named.
	maxPodsLooked = 500
	maxPodsNamed  = 10
)

// reportRecreated tells of pods that are older than their account: it was deleted and made again, and their tokens died with the
// uid of the old one. (A pod cannot be made before its account.)
func (p *provisioner) reportRecreated(ctx context.Context, s *scene) error {
	var failures []error
	for i := range s.needs {
		account := s.accounts[s.needs[i].account]
		if account == nil || account.UID == "" || !p.mayBeRecreated(account, s.needs[i].member.Created) || p.memory.hasLookedAt(s.namespace, account.UID) {
			continue
		}
		older, err := p.podsOlderThan(ctx, account)
		if err != nil {
			failures = append(failures, fmt.Errorf("looking for the pods of ServiceAccount %q in namespace %q: %w", account.Name, s.namespace, err))
			continue
		}
		p.memory.noteLookedAt(s.namespace, account.UID)
		if len(older) == 0 {
			continue
		}
		p.surroundings.options.Metrics.countAccountAction(actionTokensDied)
		note := describe(account.Name, "it was deleted and made again, and with the old one died the tokens of the pods "+enumerateNames(older)+
			". They get 401 from the API server until they are deleted and made again")
		failures = append(failures,
			p.events.send(ctx, planAccountEvent(actionTokensDied, regardingAccount(account), corev1.EventTypeWarning, note)),
			p.tellWorkloads(ctx, s, account.Name, actionTokensDied, corev1.EventTypeWarning, note))
	}
	return errors.Join(failures...)
}

// mayBeRecreated tells whether an account is so young, and a workload that names it so much older, that pods may be older, too.
func (p *provisioner) mayBeRecreated(account *corev1.ServiceAccount, workload time.Time) bool {
	made := account.CreationTimestamp.Time
	return !made.IsZero() && p.now().Sub(made) < recreatedWithin && made.Sub(workload) >= sameMoment
}

// podsOlderThan are the names of the pods that run under an account and were there before it, sorted.
func (p *provisioner) podsOlderThan(ctx context.Context, account *corev1.ServiceAccount) ([]string, error) {
	var pods corev1.PodList
	ofAccount := client.MatchingFieldsSelector{Selector: fields.OneTermEqualSelector(podAccountField, account.Name)}
	if err := p.live.List(ctx, &pods, client.InNamespace(account.Namespace), ofAccount, client.Limit(maxPodsLooked)); err != nil {
		return nil, err
	}
	var older []string
	for i := range pods.Items {
		pod := &pods.Items[i]
		ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		if pod.CreationTimestamp.Before(&account.CreationTimestamp) && pod.DeletionTimestamp == nil && !ended {
			older = append(older, pod.Name)
		}
	}
	slices.Sort(older)
	return older, nil
}

func enumerateNames(names []string) string {
	if len(names) > maxPodsNamed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxPodsNamed], ", "), len(names)-maxPodsNamed)
	}
	return strings.Join(names, ", ")
}
