package access

import corev1 "k8s.io/api/core/v1"

// credentialsField stands for the field of a service account that names image pull secrets.
const credentialsField = "imagePullSecrets"

// CloudIdentities are the annotations by which the big clouds give the pods of an account an identity: IAM roles for service
// accounts (EKS), Workload Identity (GKE), Microsoft Entra Workload ID (AKS), and RRSA (ACK).
func CloudIdentities() []string {
	return []string{
		"eks.amazonaws.com/role-arn",
		"iam.gke.io/gcp-service-account",
		"azure.workload.identity/client-id",
		"pod-identity.alibabacloud.com/role-name",
	}
}

// Credentials names what pods get with an account besides its token, in a fixed order.
func Credentials(account *corev1.ServiceAccount) []string {
	var credentials []string
	if len(account.ImagePullSecrets) > 0 {
		credentials = append(credentials, credentialsField)
	}
	for _, annotation := range CloudIdentities() {
		if account.Annotations[annotation] != "" {
			credentials = append(credentials, annotation)
		}
	}
	return credentials
}
