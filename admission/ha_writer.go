package admission

import (
	"encoding/json"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// haStateOf is what a request about an HA ConfigMap is about.
func haStateOf(request *admissionv1.AdmissionRequest, configMap *corev1.ConfigMap, name hastate.Name) *HAState {
	return &HAState{
		Namespace: request.Namespace, Name: configMap.Name, UID: configMap.UID, State: name,
		Writer: writerOf(request), Owners: configMap.OwnerReferences,
	}
}

// writerOf is who makes a request. The field manager is in the options of a create, an update and a patch alike; a deletion has
// none, and neither has a client that leaves the choice to the API server.
func writerOf(request *admissionv1.AdmissionRequest) Writer {
	var options struct {
		FieldManager string `json:"fieldManager"`
	}
	_ = json.Unmarshal(request.Options.Raw, &options) // without options there is no manager
	return Writer{Username: request.UserInfo.Username, Groups: request.UserInfo.Groups, Manager: options.FieldManager}
}
