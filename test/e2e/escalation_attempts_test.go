package e2e

import (
	"context"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// labelled is a merge patch that any object takes.
const labelled = `{"metadata":{"labels":{"touched":"yes"}}}`

// roleAttempts would make the guard's roles larger.
func roleAttempts(guard kubernetes.Interface) []attempt {
	const wider = `[{"op":"add","path":"/rules/-","value":{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}}]`
	roles := guard.RbacV1().ClusterRoles()
	attempts := []attempt{
		{"a ClusterRole", func(ctx context.Context) error {
			_, err := roles.Create(ctx, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "another"}}, metav1.CreateOptions{})
			return err
		}},
		{"its own Role", func(ctx context.Context) error {
			_, err := guard.RbacV1().Roles(bench.Namespace).Patch(ctx, "flink-ha-webhook", types.JSONPatchType, []byte(wider), metav1.PatchOptions{})
			return err
		}},
		{"its own ClusterRoleBinding", func(ctx context.Context) error {
			_, err := guard.RbacV1().ClusterRoleBindings().Patch(ctx, "flink-ha-webhook", types.MergePatchType, []byte(labelled), metav1.PatchOptions{})
			return err
		}},
	}
	for _, name := range []string{"flink-ha-webhook", jobManagerRole, nativeRole, taskManagerRole, "cluster-admin"} {
		attempts = append(attempts,
			attempt{"widening " + name, func(ctx context.Context) error {
				_, err := roles.Patch(ctx, name, types.JSONPatchType, []byte(wider), metav1.PatchOptions{})
				return err
			}},
			attempt{"deleting " + name, func(ctx context.Context) error { return roles.Delete(ctx, name, metav1.DeleteOptions{}) }},
		)
	}
	return attempts
}

// secretAttempts would read what is nobody's business.
func secretAttempts(guard kubernetes.Interface, namespace string) []attempt {
	var attempts []attempt
	for _, place := range []string{namespace, bench.Namespace, "kube-system", ""} {
		secrets := guard.CoreV1().Secrets(place)
		attempts = append(attempts, attempt{"watching the Secrets of " + place, func(ctx context.Context) error {
			watching, err := secrets.Watch(ctx, metav1.ListOptions{})
			if err == nil {
				watching.Stop()
			}
			return err
		}})
		if place != bench.Namespace { // there it keeps what was deleted
			attempts = append(attempts, attempt{"listing the Secrets of " + place, func(ctx context.Context) error {
				_, err := secrets.List(ctx, metav1.ListOptions{})
				return err
			}})
		}
		if place != "" {
			attempts = append(attempts, attempt{"reading a Secret of " + place, func(ctx context.Context) error {
				_, err := secrets.Get(ctx, "another", metav1.GetOptions{})
				return err
			}})
		}
	}
	return append(attempts, attempt{"writing a Secret elsewhere", func(ctx context.Context) error {
		_, err := guard.CoreV1().Secrets(namespace).Create(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "another"}}, metav1.CreateOptions{})
		return err
	}})
}

// accountAttempts would make it somebody else.
func accountAttempts(guard kubernetes.Interface, namespace string) []attempt {
	accounts := guard.CoreV1().ServiceAccounts(namespace)
	token := func(namespace, name string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			_, err := guard.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
			return err
		}
	}
	return []attempt{
		{"a token of an account that it made", token(namespace, "flink")},
		{"a token of a controller", token("kube-system", "clusterrole-aggregation-controller")},
		{"a token of its own account", token(bench.Namespace, bench.ServiceAccount)},
		{"patching another account", func(ctx context.Context) error {
			_, err := accounts.Patch(ctx, "default", types.MergePatchType, []byte(labelled), metav1.PatchOptions{})
			return err
		}},
		{"updating an account", func(ctx context.Context) error {
			_, err := accounts.Update(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "flink"}}, metav1.UpdateOptions{})
			return err
		}},
		{"deleting an account", func(ctx context.Context) error { return accounts.Delete(ctx, "flink", metav1.DeleteOptions{}) }},
	}
}

// workloadAttempts would run a program, or take one away.
func workloadAttempts(guard kubernetes.Interface, namespace string) []attempt {
	deployments := guard.AppsV1().Deployments(namespace)
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "pod"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "any"}}}}
	return []attempt{
		{"a Pod", func(ctx context.Context) error {
			_, err := guard.CoreV1().Pods(namespace).Create(ctx, pod, metav1.CreateOptions{})
			return err
		}},
		{"deleting Pods", func(ctx context.Context) error {
			return guard.CoreV1().Pods(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
		}},
		{"a command in a Pod", func(ctx context.Context) error {
			return guard.CoreV1().RESTClient().Post().Namespace(namespace).Resource("pods").Name("pod").SubResource("exec").Do(ctx).Error()
		}},
		{"a Deployment", func(ctx context.Context) error {
			_, err := deployments.Create(ctx, deployment("web", "", "serve"), metav1.CreateOptions{})
			return err
		}},
		{"patching a Deployment", func(ctx context.Context) error {
			_, err := deployments.Patch(ctx, "jm", types.MergePatchType, []byte(labelled), metav1.PatchOptions{})
			return err
		}},
		{"scaling a Deployment", func(ctx context.Context) error {
			_, err := deployments.Patch(ctx, "jm", types.MergePatchType, []byte(`{"spec":{"replicas":0}}`), metav1.PatchOptions{}, "scale")
			return err
		}},
		{"deleting a Deployment", func(ctx context.Context) error { return deployments.Delete(ctx, "jm", metav1.DeleteOptions{}) }},
		{"a StatefulSet", func(ctx context.Context) error {
			_, err := guard.AppsV1().StatefulSets(namespace).Create(ctx, inStatefulSet(deployment("web", "", "serve")), metav1.CreateOptions{})
			return err
		}},
		{"a Job", func(ctx context.Context) error {
			_, err := guard.BatchV1().Jobs(namespace).Create(ctx, inJob(deployment("web", "", "serve")), metav1.CreateOptions{})
			return err
		}},
		{"a CronJob", func(ctx context.Context) error {
			job := inJob(deployment("web", "", "serve"))
			_, err := guard.BatchV1().CronJobs(namespace).Create(ctx, &batchv1.CronJob{ObjectMeta: job.ObjectMeta, Spec: batchv1.CronJobSpec{
				Schedule: "@daily", JobTemplate: batchv1.JobTemplateSpec{Spec: job.Spec},
			}}, metav1.CreateOptions{})
			return err
		}},
		{"a custom resource", func(ctx context.Context) error {
			path := "/apis/flink.apache.org/v1beta1/namespaces/" + namespace + "/flinkdeployments/orders"
			return guard.CoreV1().RESTClient().Patch(types.MergePatchType).AbsPath(path).Body([]byte(labelled)).Do(ctx).Error()
		}},
	}
}

// otherAttempts would change what it judges, what it is told to do, or who asks it.
func otherAttempts(guard kubernetes.Interface, namespace string) []attempt {
	registrations := guard.AdmissionregistrationV1()
	patchConfigMap := func(namespace, name string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			_, err := guard.CoreV1().ConfigMaps(namespace).Patch(ctx, name, types.MergePatchType, []byte(labelled), metav1.PatchOptions{})
			return err
		}
	}
	return []attempt{
		{"its own policy", patchConfigMap(bench.Namespace, "flink-ha-webhook-policy")},
		{"a ConfigMap", patchConfigMap(namespace, "kube-root-ca.crt")},
		{"a ConfigMap of the control plane", patchConfigMap("kube-system", "kube-root-ca.crt")},
		{"what HA state points to", func(ctx context.Context) error {
			pointer := []byte(`{"data":{"checkpointID-0000000000000000001":"mine"}}`)
			_, err := guard.CoreV1().ConfigMaps(namespace).Patch(ctx, leaderState("guarded", nil).Name, types.MergePatchType, pointer, metav1.PatchOptions{})
			return err
		}},
		{"a Secret of its namespace with another name", func(ctx context.Context) error {
			secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "mine"}}
			_, err := guard.CoreV1().Secrets(bench.Namespace).Create(ctx, secret, metav1.CreateOptions{})
			return err
		}},
		{"deleting its authority", func(ctx context.Context) error {
			return guard.CoreV1().Secrets(bench.Namespace).Delete(ctx, "flink-ha-webhook-ca", metav1.DeleteOptions{})
		}},
		{"deleting ConfigMaps", func(ctx context.Context) error {
			return guard.CoreV1().ConfigMaps(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
		}},
		{"the labels of a namespace", func(ctx context.Context) error {
			_, err := guard.CoreV1().Namespaces().Patch(ctx, namespace, types.MergePatchType, []byte(labelled), metav1.PatchOptions{})
			return err
		}},
		{"a node", func(ctx context.Context) error {
			_, err := guard.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
			return err
		}},
		{"another registration", func(ctx context.Context) error {
			_, err := registrations.MutatingWebhookConfigurations().Patch(ctx, "another", types.MergePatchType, []byte(labelled), metav1.PatchOptions{})
			return err
		}},
		{"deleting its own registration", func(ctx context.Context) error {
			return registrations.ValidatingWebhookConfigurations().Delete(ctx, bench.Registration, metav1.DeleteOptions{})
		}},
		{"approving a certificate", func(ctx context.Context) error {
			return guard.CertificatesV1().RESTClient().Put().Resource("certificatesigningrequests").Name("any").SubResource("approval").Do(ctx).Error()
		}},
	}
}

// impersonationAttempts would act for somebody else.
func impersonationAttempts(t *testing.T, config *rest.Config, namespace string) []attempt {
	t.Helper()
	var attempts []attempt
	for what, who := range map[string]rest.ImpersonationConfig{
		"acting for the administrator":       {UserName: "admin"},
		"acting for a group":                 {UserName: "system:serviceaccount:" + bench.Namespace + ":" + bench.ServiceAccount, Groups: []string{"system:masters"}},
		"acting for an account that it made": {UserName: "system:serviceaccount:" + namespace + ":flink"},
		"acting for a node":                  {UserName: "system:node:any", Groups: []string{"system:nodes"}},
	} {
		other := rest.CopyConfig(config)
		other.Impersonate = who
		client := clientOf(t, other)
		attempts = append(attempts, attempt{what, func(ctx context.Context) error {
			_, err := client.CoreV1().ConfigMaps(namespace).List(ctx, metav1.ListOptions{})
			return err
		}})
	}
	return attempts
}
