package cluster

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func managed(manager string, second int64, fields string) metav1.ManagedFieldsEntry {
	at := metav1.NewTime(time.Unix(second, 0))
	entry := metav1.ManagedFieldsEntry{
		Manager: manager, Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Time: &at, FieldsType: "FieldsV1", FieldsV1: &metav1.FieldsV1{},
	}
	entry.FieldsV1.SetRawBytes([]byte(fields))
	return entry
}

func TestOwnersManagerIsTheLatestWhoSetThem(t *testing.T) {
	const owners = `{"f:metadata":{"f:ownerReferences":{".":{},"k:{\"uid\":\"x\"}":{}}}}`
	timeless := managed("timeless", 0, owners)
	timeless.Time = nil
	cases := map[string]struct {
		entries []metav1.ManagedFieldsEntry
		want    string
	}{
		"nobody":        {nil, ""},
		"one":           {[]metav1.ManagedFieldsEntry{managed("flink", 2, `{"f:data":{"f:ownerReferences":{}}}`), managed("kubectl", 1, owners)}, "kubectl"},
		"two":           {[]metav1.ManagedFieldsEntry{managed("first", 1, owners), managed("second", 2, owners)}, "second"},
		"two, reversed": {[]metav1.ManagedFieldsEntry{managed("second", 2, owners), managed("first", 1, owners)}, "second"},
		"without time":  {[]metav1.ManagedFieldsEntry{timeless, managed("first", 1, owners)}, "first"},
		"unreadable":    {[]metav1.ManagedFieldsEntry{managed("a", 1, `{"f:metadata":[]}`), {Manager: "b"}}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := ownersManager(&metav1.ObjectMeta{ManagedFields: tc.entries}); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
