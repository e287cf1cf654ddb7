package webhook

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// injection is the decision about a Deployment that gets an account.
func injection(request *admissionv1.AdmissionRequest) admission.Decision {
	return admission.Decision{
		Kind: request.Kind.Kind, Name: request.Name, Recognized: true,
		Account: admission.Account{Outcome: admission.AccountInjected, Name: "flink"},
		Edits: []mutation.Edit{{Operations: []mutation.Operation{
			{Op: "add", Path: "/spec/template/spec/serviceAccountName", Value: []byte(`"flink"`)},
		}}},
	}
}

func TestWhoAskedIsToldOfAnInjection(t *testing.T) {
	same := func(*admission.Decision) {}
	for sentence, tc := range map[string]struct {
		request func(*admissionv1.AdmissionReview)
		decide  func(*admission.Decision)
		want    []string
	}{
		"an injection": {deployment, same, []string{"Deployment streaming/flink-jobmanager flink"}},
		"a dry run": {
			func(review *admissionv1.AdmissionReview) { deployment(review); review.Request.DryRun = new(true) }, same, nil,
		},
		"one that the API server has yet to name": {
			func(review *admissionv1.AdmissionReview) { deployment(review); review.Request.Name = "" }, same, nil,
		},
		"one that has an account": {
			deployment, func(d *admission.Decision) { d.Edits, d.Account.Outcome = nil, admission.AccountAlreadySet }, nil,
		},
		"one that would be given an account": {
			deployment, func(d *admission.Decision) {
				d.Planned, d.Edits, d.Account.Outcome = d.Edits, nil, admission.AccountPlanned
			}, nil,
		},
		"another edit": {
			deployment, func(d *admission.Decision) { d.Account = admission.Account{} }, nil,
		},
		"a patch that does not apply": {
			deployment, func(d *admission.Decision) { d.Edits[0].Operations[0].Path = "/nowhere/at/all" }, nil,
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			var told []string
			handler, _, _ := newStub(t, func(request *admissionv1.AdmissionRequest) (admission.Decision, error) {
				decision := injection(request)
				tc.decide(&decision)
				return decision, nil
			})
			handler.route.OnDecided = func(request *admissionv1.AdmissionRequest, decision *admission.Decision, patched bool) {
				if account := decision.Account; patched && account.Outcome == admission.AccountInjected && decision.Name != "" {
					told = append(told, request.Kind.Kind+" "+request.Namespace+"/"+decision.Name+" "+account.Name)
				}
			}
			if code, answer := post(handler, reviewOf(t, jobManagerDeployment, tc.request)); code != http.StatusOK {
				t.Fatalf("got %d %s", code, answer)
			}
			if diff := cmp.Diff(tc.want, told); diff != "" {
				t.Errorf("(-want +told)\n%s", diff)
			}
		})
	}
}

func TestAccountsAreCountedByOutcome(t *testing.T) {
	counts := func(counted map[admission.AccountOutcome]string) []string {
		var series []string
		for _, outcome := range []string{
			"already-set", "credentials", "deferred", "injected", "insufficient", "missing", "planned", "sufficient", "unknown",
		} {
			number, ok := counted[admission.AccountOutcome(outcome)]
			if !ok {
				number = "0"
			}
			series = append(series, `{outcome="`+outcome+`"} `+number)
		}
		return series
	}
	const metric = "flink_ha_webhook_service_accounts_total"
	handlers, _, registry := newHandlers(t)
	expectMetric(t, registry, metric, counts(nil)...)
	named := strings.Replace(jobManagerDeployment, `"spec":{"containers"`, `"spec":{"serviceAccountName":"mine","containers"`, 1)
	post(handlers[PathMutate], reviewOf(t, jobManagerDeployment, deployment))
	post(handlers[PathMutate], reviewOf(t, named, deployment))
	post(handlers[PathMutate], reviewOf(t, jobManagerDeployment, deployment, func(review *admissionv1.AdmissionReview) { review.Request.DryRun = new(true) }))
	post(handlers[PathMutate], reviewOf(t, foreignConfigMap))
	post(handlers[PathValidate], reviewOf(t, jobManagerDeployment, deployment))
	expectMetric(t, registry, metric, counts(map[admission.AccountOutcome]string{admission.AccountInjected: "1", admission.AccountAlreadySet: "1"})...)

	dropped, _, registry := newStub(t, func(request *admissionv1.AdmissionRequest) (admission.Decision, error) {
		decision := injection(request)
		decision.Edits[0].Operations[0].Path = "/nowhere/at/all"
		return decision, nil
	})
	post(dropped, reviewOf(t, jobManagerDeployment, deployment))
	expectMetric(t, registry, metric, counts(nil)...)
}
