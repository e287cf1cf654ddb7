package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// maxNote is how long the note of an Event may be.
const maxNote = 1024

// reportPolicies has an Event written, on the guard's own Service, when a changed policy is not taken up. Every replica sees the same
// file: the name of the Event follows from what it says, so that they write one.
func (g *guard) reportPolicies(beside context.Context, apiServer *rest.Config) error {
	clients, err := kubernetes.NewForConfig(apiServer)
	if err != nil {
		return err
	}
	events := clients.EventsV1().Events(g.options.namespace)
	g.policy.broken = func(reason string) {
		ctx, cancel := context.WithTimeout(beside, attemptTimeout)
		defer cancel()
		if _, err := events.Create(ctx, policyEvent(g.options, reason, time.Now()), metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
			g.log.Warn("could not write an event about the policy", "error", err)
		}
	}
	return nil
}

func policyEvent(options *serveOptions, reason string, now time.Time) *eventsv1.Event {
	note := flink.Clip("The last good policy stays in force: "+reason, maxNote)
	hash := sha256.Sum256([]byte(note))
	return &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Namespace: options.namespace, Name: options.serviceName + ".policy." + hex.EncodeToString(hash[:8])},
		EventTime:           metav1.NewMicroTime(now),
		ReportingController: programName,
		ReportingInstance:   programName,
		Action:              "LoadPolicy",
		Reason:              "PolicyNotTaken",
		Type:                corev1.EventTypeWarning,
		Note:                note,
		Regarding:           corev1.ObjectReference{APIVersion: "v1", Kind: "Service", Namespace: options.namespace, Name: options.serviceName},
	}
}
