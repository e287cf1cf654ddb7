package undelete

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// Archive keeps each deleted HA ConfigMap in a Secret of the guard's own namespace, which outlives the cluster's namespace and which
// nobody but the guard and administrators may read.
type Archive struct {
	// Client asks the API server itself and no cache.
	Client client.Client
	// Namespace is the guard's own.
	Namespace string
}

// fieldOwner is the field manager of the guard.
const fieldOwner = client.FieldOwner("flink-ha-webhook")

// ErrNotKept is the error about a ConfigMap that the archive does not have.
var ErrNotKept = errors.New("it is not in the archive")

// Keep puts an HA ConfigMap that was deleted into the archive, and returns what the archive says of it: that of an earlier call where
// it is there already.
func (a *Archive) Keep(ctx context.Context, configMap *corev1.ConfigMap, deletedAt time.Time) (Entry, error) {
	name, ok := hastate.Recognize(configMap)
	if !ok {
		return Entry{}, fmt.Errorf("keeping ConfigMap %s/%s: it holds no HA state", configMap.Namespace, configMap.Name)
	}
	secret, err := encode(a.Namespace, configMap, name, deletedAt)
	if err != nil {
		return Entry{}, err
	}
	err = a.Client.Create(ctx, secret, fieldOwner)
	switch {
	case apierrors.IsAlreadyExists(err):
		return a.Entry(ctx, configMap.UID)
	case err != nil:
		return Entry{}, fmt.Errorf("keeping ConfigMap %s/%s: %w", configMap.Namespace, configMap.Name, err)
	}
	return entryOf(&secret.ObjectMeta), nil
}

// pageSize is how many Secrets are asked for at a time.
const pageSize = 200

// Entries are all that is kept, the latest deletion first.
func (a *Archive) Entries(ctx context.Context) ([]Entry, error) {
	return a.entries(ctx, client.MatchingLabels{labelKept: keptHAState})
}

// LastRestored is when a ConfigMap of a name was brought back last; the zero time if that never happened to any that is kept.
func (a *Archive) LastRestored(ctx context.Context, namespace, name string) (time.Time, error) {
	entries, err := a.entries(ctx, client.MatchingLabels{labelKept: keptHAState, labelOf: labelValue(namespace, name)})
	var last time.Time
	for i := range entries {
		if at := entries[i].RestoredAt; at.After(last) {
			last = at
		}
	}
	return last, err
}

// entries are those with some labels, the latest deletion first.
func (a *Archive) entries(ctx context.Context, labels client.MatchingLabels) ([]Entry, error) {
	var entries []Entry
	page := metav1.PartialObjectMetadataList{}
	for {
		next := page.Continue
		page = metav1.PartialObjectMetadataList{}
		page.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("SecretList"))
		err := a.Client.List(ctx, &page, client.InNamespace(a.Namespace), labels, client.Limit(pageSize), client.Continue(next))
		if err != nil {
			return nil, fmt.Errorf("reading what is kept of deleted HA ConfigMaps: %w", err)
		}
		for i := range page.Items {
			entries = append(entries, entryOf(&page.Items[i].ObjectMeta))
		}
		if page.Continue == "" {
			break
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(b.DeletedAt.Compare(a.DeletedAt), cmp.Compare(a.ConfigMap, b.ConfigMap))
	})
	return entries, nil
}

// Entry is what is kept of the ConfigMap of a uid, or ErrNotKept.
func (a *Archive) Entry(ctx context.Context, uid types.UID) (Entry, error) {
	entry, _, err := a.find(ctx, uid)
	return entry, err
}

// find returns an entry with the resource version of its Secret.
func (a *Archive) find(ctx context.Context, uid types.UID) (Entry, string, error) {
	found := metav1.PartialObjectMetadataList{}
	found.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("SecretList"))
	if err := a.Client.List(ctx, &found, client.InNamespace(a.Namespace), named(secretName(uid))); err != nil {
		return Entry{}, "", fmt.Errorf("reading what is kept of a deleted HA ConfigMap: %w", err)
	}
	if len(found.Items) == 0 {
		return Entry{}, "", ErrNotKept
	}
	return entryOf(&found.Items[0].ObjectMeta), found.Items[0].ResourceVersion, nil
}

// Read returns an entry with its content.
func (a *Archive) Read(ctx context.Context, entry Entry) (Record, error) {
	var found corev1.SecretList
	if err := a.Client.List(ctx, &found, client.InNamespace(a.Namespace), named(entry.Secret)); err != nil {
		return Record{}, fmt.Errorf("reading a deleted HA ConfigMap: %w", err)
	}
	if len(found.Items) == 0 {
		return Record{}, ErrNotKept
	}
	content, err := unpack(found.Items[0].Data[contentKey])
	if err != nil {
		return Record{}, fmt.Errorf("secret %s/%s: %w", a.Namespace, entry.Secret, err)
	}
	return Record{Entry: entryOf(&found.Items[0].ObjectMeta), Content: content}, nil
}

// NoteDeletion adds what a review told of a deletion. Of several reviews the last one counts: the earlier ones came to nothing. It
// returns ErrNotKept where the archive has no such ConfigMap yet.
func (a *Archive) NoteDeletion(ctx context.Context, uid types.UID, deletion Deletion) error {
	entry, version, err := a.find(ctx, uid)
	if err != nil {
		return err
	}
	if entry.Deletion.Known() && !entry.Deletion.At.Before(deletion.At) {
		return nil
	}
	return a.annotate(ctx, entry.Secret, version, deletionAnnotations(deletion))
}

// MarkRestored notes that a ConfigMap was brought back.
func (a *Archive) MarkRestored(ctx context.Context, uid types.UID, at time.Time) error {
	return a.annotate(ctx, secretName(uid), "", map[string]string{annotationRestoredAt: timestamp(at)})
}

// annotate sets annotations of a Secret, of one version if that is not "".
func (a *Archive) annotate(ctx context.Context, secret, version string, annotations map[string]string) error {
	metadata := map[string]any{"annotations": annotations}
	if version != "" {
		metadata["resourceVersion"] = version
	}
	patch, err := json.Marshal(map[string]any{"metadata": metadata})
	if err != nil {
		return fmt.Errorf("writing a patch: %w", err)
	}
	object := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: a.Namespace, Name: secret}}
	if err := a.Client.Patch(ctx, object, client.RawPatch(types.MergePatchType, patch), fieldOwner); err != nil {
		return fmt.Errorf("noting in Secret %s/%s what became of a deleted HA ConfigMap: %w", a.Namespace, secret, err)
	}
	return nil
}

// Prune removes what the limits do not allow to be kept, and returns it.
func (a *Archive) Prune(ctx context.Context, limits Limits, now time.Time) ([]Entry, error) {
	entries, err := a.Entries(ctx)
	if err != nil {
		return nil, err
	}
	evicted := limits.evict(entries, now)
	for i, entry := range evicted {
		object := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: a.Namespace, Name: entry.Secret}}
		if err := a.Client.Delete(ctx, object); client.IgnoreNotFound(err) != nil {
			return evicted[:i], fmt.Errorf("removing Secret %s/%s, which keeps a deleted HA ConfigMap: %w", a.Namespace, entry.Secret, err)
		}
	}
	return evicted, nil
}

// named selects the object of one name: the guard may list, and needs no right to get.
func named(name string) client.MatchingFieldsSelector {
	return client.MatchingFieldsSelector{Selector: fields.OneTermEqualSelector(metav1.ObjectNameField, name)}
}
