package main

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func (p *place) createNamespace(ctx context.Context, name string) error {
	_, err := p.client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("creating namespace %s: %w", name, err)
	}
	return nil
}

// createDeployment returns the account that the pods got.
func (p *place) createDeployment(ctx context.Context, namespace string, made *appsv1.Deployment) (string, error) {
	created, err := p.client.AppsV1().Deployments(namespace).Create(ctx, made, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("creating Deployment %s in namespace %s: %w", made.Name, namespace, err)
	}
	return created.Spec.Template.Spec.ServiceAccountName, nil
}

func jobManager(namespace string) *appsv1.Deployment {
	made := flink("jm", namespace, "jobmanager", "$(POD_IP)")
	made.Spec.Template.Spec.Containers[0].Env = []corev1.EnvVar{{
		Name: "POD_IP", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"}},
	}}
	return made
}

func taskManager(namespace string) *appsv1.Deployment { return flink("tm", namespace, "taskmanager") }

// flink runs a process with high availability, and with all that the guard looks for.
func flink(name, namespace string, args ...string) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	for _, property := range []string{
		"high-availability.type=kubernetes", "high-availability.storageDir=s3://bucket/" + namespace, "high-availability.cluster-id=demo",
		"kubernetes.cluster-id=demo", "kubernetes.namespace=" + namespace, "state.checkpoints.dir=s3://bucket/checkpoints",
	} {
		args = append(args, "-D", property)
	}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "registry.example.com/flink:1.20", Args: args}}},
			},
		},
	}
}
