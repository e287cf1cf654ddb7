package cluster

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// provideAccount makes the account of the namespace where something names it, or the namespace itself does, and it is not there. It
// is a plain creation, and no server-side apply, so that an account that somebody makes at the same moment is never changed.
func (p *provisioner) provideAccount(ctx context.Context, s *scene) error {
	name := s.plan.Name
	if s.accounts[name] != nil || !s.plan.Makes(name) || !s.labelled && !s.names(name) {
		return nil
	}
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{
		Namespace: s.namespace, Name: name, Labels: map[string]string{labelManagedBy: managedByUs},
	}}
	if s.plan.Copies {
		if preset := s.accounts[defaultAccount]; preset != nil {
			account.Annotations, account.ImagePullSecrets = cloudAnnotations(preset), preset.ImagePullSecrets
		}
	}
	err := p.client.Create(ctx, account, client.FieldOwner(fieldOwner))
	if apierrors.IsAlreadyExists(err) {
		// Somebody was faster. Whether it was us is what the cache will know with its next event.
		return nil
	}
	if err != nil {
		return fmt.Errorf("creating ServiceAccount %q in namespace %q: %w", name, s.namespace, err)
	}
	log.FromContext(ctx).Info("Service account created", "account", name)
	healed := p.memory.hasMade(s.namespace, name) || slices.ContainsFunc(clusterRoles(), func(role string) bool {
		return p.memory.hasSeen(s.namespace, role, name) || bindsTo(s.bindings[role], name)
	})
	p.memory.noteMade(account, p.now())
	if !healed {
		p.memory.noteLookedAt(s.namespace, account.UID) // no pod is older than the first account of its name
	}
	s.accounts[name] = account
	s.does(deedOf(healed, actionProvisioned), name, "made it")
	return nil
}

// copyCredentials brings the pull secrets and the cloud identity of "default" to the account that the guard made, where the policy
// has them copied and they have changed since. It adds, and takes nothing away: some clusters give every account pull secrets of its
// own (OpenShift does), and whoever took those away would have them back in a moment.
func (p *provisioner) copyCredentials(ctx context.Context, s *scene) error {
	account, preset := s.accounts[s.plan.Name], s.accounts[defaultAccount]
	if !s.plan.Copies || account == nil || preset == nil || !isOurs(account) || account.Name == defaultAccount || account.DeletionTimestamp != nil {
		return nil
	}
	identities := cloudAnnotations(preset)
	secrets := slices.Clone(account.ImagePullSecrets)
	for _, secret := range preset.ImagePullSecrets {
		if !slices.Contains(secrets, secret) {
			secrets = append(secrets, secret)
		}
	}
	if len(secrets) == len(account.ImagePullSecrets) && carries(account, identities) {
		return nil
	}
	wanted := corev1ac.ServiceAccount(account.Name, s.namespace).WithLabels(map[string]string{labelManagedBy: managedByUs}).WithAnnotations(identities)
	for _, secret := range secrets {
		wanted.WithImagePullSecrets(corev1ac.LocalObjectReference().WithName(secret.Name))
	}
	if err := p.client.Apply(ctx, wanted, client.FieldOwner(fieldOwner), client.ForceOwnership); err != nil {
		return fmt.Errorf("copying what the account %q carries to ServiceAccount %q in namespace %q: %w", defaultAccount, account.Name, s.namespace, err)
	}
	log.FromContext(ctx).Info("Credentials of the default account copied", "account", account.Name)
	s.does(actionHealed, account.Name, `gave it what the account "default" carries by now`)
	return nil
}

// cloudAnnotations are an account's annotations that give its pods the identity of a cloud.
func cloudAnnotations(account *corev1.ServiceAccount) map[string]string {
	identities := map[string]string{}
	for _, annotation := range access.CloudIdentities() {
		if value := account.Annotations[annotation]; value != "" {
			identities[annotation] = value
		}
	}
	return identities
}

func carries(account *corev1.ServiceAccount, annotations map[string]string) bool {
	for annotation, value := range annotations {
		if account.Annotations[annotation] != value {
			return false
		}
	}
	return true
}
