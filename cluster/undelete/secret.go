package undelete

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// What marks a Secret of the archive, and where in it the ConfigMap is.
const (
	labelKept   = "flink-ha.dev/kept"
	labelOf     = "flink-ha.dev/kept-of"
	keptHAState = "ha-state"
	typeKept    = "flink-ha.dev/ha-state"
	prefixKept  = "flink-ha-kept-"
	contentKey  = "configmap.json.gz"
)

// Annotations of a Secret of the archive.
const (
	annotationNamespace  = "flink-ha.dev/namespace"
	annotationConfigMap  = "flink-ha.dev/configmap"
	annotationCluster    = "flink-ha.dev/cluster-id"
	annotationUID        = "flink-ha.dev/uid"
	annotationBytes      = "flink-ha.dev/bytes"
	annotationPointers   = "flink-ha.dev/pointers"
	annotationDeletedAt  = "flink-ha.dev/deleted-at"
	annotationDeletedBy  = "flink-ha.dev/deleted-by"
	annotationDeleter    = "flink-ha.dev/deleter"
	annotationLive       = "flink-ha.dev/live"
	annotationReviewedAt = "flink-ha.dev/reviewed-at"
	annotationRestoredAt = "flink-ha.dev/restored-at"
)

// maxContentBytes is more than any ConfigMap has as JSON: six characters for each byte of a megabyte.
const maxContentBytes = 8 << 20

// secretName is the name of the Secret that keeps the ConfigMap of a uid.
func secretName(uid types.UID) string { return prefixKept + string(uid) }

// encode makes the Secret that keeps a ConfigMap.
func encode(namespace string, configMap *corev1.ConfigMap, name hastate.Name, deletedAt time.Time) (*corev1.Secret, error) {
	content := configMap.DeepCopy()
	content.ManagedFields = nil
	content.APIVersion, content.Kind = corev1.SchemeGroupVersion.String(), "ConfigMap"
	packed, err := pack(content)
	if err != nil {
		return nil, err
	}
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace,
			Name:      secretName(configMap.UID),
			Labels:    map[string]string{labelKept: keptHAState, labelOf: labelValue(configMap.Namespace, configMap.Name)},
			Annotations: map[string]string{
				annotationNamespace: configMap.Namespace,
				annotationConfigMap: configMap.Name,
				annotationCluster:   name.Cluster,
				annotationUID:       string(configMap.UID),
				annotationBytes:     strconv.Itoa(len(packed)),
				annotationPointers:  strconv.FormatBool(hasPointers(configMap)),
				annotationDeletedAt: timestamp(deletedAt),
			},
		},
		Type: typeKept,
		Data: map[string][]byte{contentKey: packed},
	}, nil
}

// labelValue stands for the name of a ConfigMap, which may be too long for a label.
func labelValue(namespace, name string) string {
	sum := sha256.Sum256([]byte(namespace + "/" + name))
	return hex.EncodeToString(sum[:16])
}

// hasPointers tells whether a ConfigMap points to anything that Flink has not begun to remove.
func hasPointers(configMap *corev1.ConfigMap) bool {
	state, _ := hastate.Read(configMap)
	remaining := state.Remaining()
	return remaining.HasPointers()
}

func pack(configMap *corev1.ConfigMap) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if err := json.NewEncoder(zip).Encode(configMap); err != nil {
		return nil, fmt.Errorf("packing a ConfigMap: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("packing a ConfigMap: %w", err)
	}
	return packed.Bytes(), nil
}

func unpack(packed []byte) (*corev1.ConfigMap, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking a ConfigMap: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(unzipped, maxContentBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("unpacking a ConfigMap: %w", err)
	case len(text) > maxContentBytes:
		return nil, fmt.Errorf("unpacking a ConfigMap: it has more than %d bytes, which no ConfigMap has", maxContentBytes)
	}
	var configMap corev1.ConfigMap
	if err := json.Unmarshal(text, &configMap); err != nil {
		return nil, fmt.Errorf("reading a kept ConfigMap: %w", err)
	}
	return &configMap, nil
}

// entryOf reads the metadata of a Secret. What somebody has changed so that it cannot be read is left out.
func entryOf(secret *metav1.ObjectMeta) Entry {
	of := secret.Annotations
	size, _ := strconv.Atoi(of[annotationBytes])
	return Entry{
		Secret:    secret.Name,
		Namespace: of[annotationNamespace],
		ConfigMap: of[annotationConfigMap],
		Cluster:   of[annotationCluster],
		UID:       types.UID(of[annotationUID]),
		DeletedAt: timeOf(of[annotationDeletedAt], secret.CreationTimestamp.Time),
		Deletion: Deletion{
			User:    of[annotationDeletedBy],
			Deleter: validation.Deleter(of[annotationDeleter]),
			Live:    of[annotationLive] == strconv.FormatBool(true),
			At:      timeOf(of[annotationReviewedAt], time.Time{}),
		},
		RestoredAt: timeOf(of[annotationRestoredAt], time.Time{}),
		Bytes:      max(size, 0),
		Pointers:   of[annotationPointers] == strconv.FormatBool(true),
	}
}

// deletionAnnotations are the annotations that tell of a deletion.
func deletionAnnotations(d Deletion) map[string]string {
	return map[string]string{
		annotationDeletedBy:  d.User,
		annotationDeleter:    string(d.Deleter),
		annotationLive:       strconv.FormatBool(d.Live),
		annotationReviewedAt: timestamp(d.At),
	}
}

func timestamp(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

func timeOf(text string, otherwise time.Time) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at
	}
	return otherwise
}
