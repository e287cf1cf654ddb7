package inventory

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// sameMember tells whether nothing changed that a judgement depends on. Replicas do not count: autoscalers change them all the
// time, and nobody wrote a mistake when they do.
func sameMember(before, after *Member) bool {
	return before.UID == after.UID && before.Owner == after.Owner &&
		flink.MadeByFlink(before.Labels) == flink.MadeByFlink(after.Labels) &&
		maps.Equal(before.Annotations, after.Annotations) &&
		equality.Semantic.DeepEqual(before.Template, after.Template) &&
		equality.Semantic.DeepEqual(before.Job, after.Job) &&
		equality.Semantic.DeepEqual(before.Content["spec"], after.Content["spec"])
}

func sameConfigMap(before, after *corev1.ConfigMap) bool {
	return before.UID == after.UID && flink.MadeByFlink(before.Labels) == flink.MadeByFlink(after.Labels) &&
		maps.Equal(before.Data, after.Data) && maps.EqualFunc(before.BinaryData, after.BinaryData, func(a, b []byte) bool { return string(a) == string(b) }) &&
		maps.Equal(GuardAnnotations(before.Annotations), GuardAnnotations(after.Annotations))
}
