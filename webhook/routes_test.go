package webhook

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// What each path makes of an object, through the real core. Its words are its own business; this is about what arrives.
func TestEachPathAsksItsOwnReview(t *testing.T) {
	type outcome struct {
		Allowed  bool
		Code     int32
		Patch    string
		Decision string
		Warned   bool
	}
	deletion := func(review *admissionv1.AdmissionReview) {
		review.Request.Operation = admissionv1.Delete
		review.Request.OldObject = review.Request.Object
		review.Request.Object.Raw = nil
	}
	for sentence, tc := range map[string]struct {
		path   string
		body   []byte
		around validation.Surroundings
		want   outcome
	}{
		"a configuration without high availability is denied": {
			path: PathValidate, body: reviewOf(t, configMapWithoutHA),
			want: outcome{Code: http.StatusForbidden, Decision: "deny"},
		},
		"a configuration with high availability is allowed": {
			path: PathValidate, body: reviewOf(t, configMapWithHA),
			want: outcome{Allowed: true, Decision: "allow"},
		},
		"a JobManager without an account is given one": {
			path: PathMutate, body: reviewOf(t, jobManagerDeployment, deployment),
			want: outcome{
				Allowed: true, Decision: "allow",
				Patch: `[{"op":"add","path":"/spec/template/spec/serviceAccountName","value":"flink"}]`,
			},
		},
		"a JobManager is left alone where nothing is known of accounts": {
			path: PathMutate, body: reviewOf(t, jobManagerDeployment, deployment), around: validation.Alone{},
			want: outcome{Allowed: true, Decision: "allow"},
		},
		"a FlinkDeployment without an account is given one": {
			path: PathMutate, body: reviewOf(t, flinkDeployment, customResource),
			want: outcome{Allowed: true, Decision: "allow", Patch: `[{"op":"add","path":"/spec/serviceAccount","value":"flink"}]`},
		},
		"an HA ConfigMap loses its owner and the user is told": {
			path: PathMutateHAConfigMaps, body: reviewOf(t, ownedHAConfigMap),
			want: outcome{
				Allowed: true, Decision: "warn", Warned: true,
				Patch: `[{"op":"test","path":"/metadata/ownerReferences","value":[{"apiVersion":"apps/v1","kind":"Deployment","name":"orders","uid":"d-1"}]},` +
					`{"op":"remove","path":"/metadata/ownerReferences"}]`,
			},
		},
		"whoever deletes an HA ConfigMap is warned, although only oldObject is there": {
			path: PathValidateDeletes, body: reviewOf(t, ownedHAConfigMap, deletion),
			want: outcome{Allowed: true, Decision: "warn", Warned: true},
		},
		"a deletion is nothing to validate": {
			path: PathValidate, body: reviewOf(t, configMapWithoutHA, deletion),
			want: outcome{Allowed: true},
		},
		"a ConfigMap of somebody else is left alone": {
			path: PathValidate, body: reviewOf(t, foreignConfigMap),
			want: outcome{Allowed: true},
		},
		"an unknown kind is left alone": {
			path: PathMutate,
			body: reviewOf(t, `{"kind":"Gadget","apiVersion":"example.com/v1","metadata":{"name":"g"}}`, func(review *admissionv1.AdmissionReview) {
				review.Request.Kind = metav1.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Gadget"}
				review.Request.Resource = metav1.GroupVersionResource{Group: "example.com", Version: "v1", Resource: "gadgets"}
			}),
			want: outcome{Allowed: true},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			if tc.around == nil {
				tc.around = prepared{}
			}
			handlers, _, _ := newHandlersIn(t, tc.around)
			code, answer := post(handlers[tc.path], tc.body)
			if code != http.StatusOK {
				t.Errorf("HTTP status: got %d, want 200", code)
			}
			response := responseIn(t, answer)
			got := outcome{
				Allowed: response.Allowed, Patch: string(response.Patch), Decision: response.AuditAnnotations["decision"], Warned: len(response.Warnings) > 0,
			}
			if response.Result != nil {
				got.Code = response.Result.Code
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, answer)
			}
			if response.UID != testUID {
				t.Errorf("UID: got %q", response.UID)
			}
		})
	}
}
