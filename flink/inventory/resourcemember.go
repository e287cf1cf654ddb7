package inventory

import (
	"maps"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// ResourceMember makes a member of a custom resource of the Flink Kubernetes Operator. What the operator adds by default is put in
// when the member is set.
func ResourceMember(object map[string]any) (*Member, bool) {
	resource, ok := workload.RecognizeResource(object, nil)
	if !ok {
		return nil, false
	}
	described := &unstructured.Unstructured{Object: object}
	annotations := GuardAnnotations(described.GetAnnotations())
	return &Member{
		Key:         Key{Kind: string(resource.Kind), Namespace: resource.Namespace, Name: resource.Name},
		UID:         described.GetUID(),
		Created:     described.GetCreationTimestamp().Time,
		Deleting:    described.GetDeletionTimestamp() != nil,
		Owner:       ownerAmong(described.GetOwnerReferences()),
		Labels:      described.GetLabels(),
		Annotations: annotations,
		Resource:    &resource,
		Content:     slimContent(object, annotations),
	}, true
}

// slimContent is an object without its status and without the metadata that only writers need: the fields that each of them
// manages, and kubectl's copy of the whole in an annotation. What is kept is shared.
func slimContent(object map[string]any, annotations map[string]string) map[string]any {
	content := maps.Clone(object)
	delete(content, "status")
	metadata, ok := content["metadata"].(map[string]any)
	if !ok {
		return content
	}
	metadata = maps.Clone(metadata)
	for _, name := range []string{"annotations", "managedFields", "resourceVersion"} {
		delete(metadata, name)
	}
	if len(annotations) > 0 {
		kept := make(map[string]any, len(annotations))
		for name, value := range annotations {
			kept[name] = value
		}
		metadata["annotations"] = kept
	}
	content["metadata"] = metadata
	return content
}
