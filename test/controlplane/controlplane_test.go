package controlplane

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func TestAdminKubeconfig(t *testing.T) {
	c := controlPlane(t)
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	if config.CAFile != "" || config.BearerTokenFile != "" {
		t.Errorf("the kubeconfig needs other files: %q %q", config.CAFile, config.BearerTokenFile)
	}
	admin, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	if user := whoAmI(t, admin); user.Username != "admin" || !strings.Contains(strings.Join(user.Groups, " "), "system:masters") {
		t.Errorf("the kubeconfig's user is %q in %q", user.Username, user.Groups)
	}
	if _, err := admin.CoreV1().Secrets("").List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Error(err)
	}
}

func TestVersionsAreStamped(t *testing.T) {
	want, err := kubernetesVersion(filepath.Join("binaries", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	output, err := controlPlane(t).Kubectl(t.Context(), "version", "--output=json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var versions struct{ ClientVersion, ServerVersion struct{ GitVersion string } }
	if err := json.Unmarshal(output, &versions); err != nil {
		t.Fatal(err)
	}
	if versions.ClientVersion.GitVersion != want || versions.ServerVersion.GitVersion != want {
		t.Errorf("got %+v, want %s", versions, want)
	}
}

func TestKubectlStaysInTheFolder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("KUBECONFIG", "/nowhere")
	output, err := controlPlane(t).Kubectl(t.Context(), "get", "namespace", "kube-system", "--output=name").CombinedOutput()
	if err != nil || strings.TrimSpace(string(output)) != "namespace/kube-system" {
		t.Errorf("got %q, %v", output, err)
	}
	if left, _ := filepath.Glob(filepath.Join(home, ".*")); len(left) > 0 {
		t.Errorf("kubectl wrote %q", left)
	}
}

func TestUnknownComponent(t *testing.T) {
	output, err := exec.Command(controlPlane(t).assets.Path(multiCall)).CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 2 || !strings.Contains(string(output), `"controlplane" is no component`) {
		t.Errorf("got %q, %v", output, err)
	}
}

func TestGarbageCollectorDeletesDependents(t *testing.T) {
	configMaps := client(t).CoreV1().ConfigMaps(newNamespace(t))
	owner, err := configMaps.Create(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "owner"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, references := range map[string][]metav1.OwnerReference{
		"dependent":   {{APIVersion: "v1", Kind: "ConfigMap", Name: owner.Name, UID: owner.UID}},
		"independent": nil,
	} {
		object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, OwnerReferences: references}}
		if _, err := configMaps.Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := configMaps.Delete(t.Context(), owner.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the dependent is gone", func() bool {
		_, err := configMaps.Get(t.Context(), "dependent", metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	if _, err := configMaps.Get(t.Context(), "independent", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
}

func TestServiceAccountKubeconfig(t *testing.T) {
	namespace, admin := newNamespace(t), client(t)
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "guard"}}
	if _, err := admin.CoreV1().ServiceAccounts(namespace).Create(t.Context(), account, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "guard"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: account.Name, Namespace: namespace}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"},
	}
	if _, err := admin.RbacV1().RoleBindings(namespace).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	guard := accountClient(t, namespace, account.Name)
	if user := whoAmI(t, guard); user.Username != "system:serviceaccount:"+namespace+":guard" {
		t.Errorf("the kubeconfig's user is %q", user.Username)
	}
	eventually(t, "the account has the rights that it was given", func() bool {
		_, err := guard.CoreV1().ConfigMaps(namespace).List(t.Context(), metav1.ListOptions{})
		return err == nil
	})
	if _, err := guard.CoreV1().Secrets(namespace).List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("the account has more rights than it was given: %v", err)
	}
}

func TestServiceAccountKubeconfigOfNobody(t *testing.T) {
	_, err := controlPlane(t).ServiceAccountKubeconfig(t.Context(), "default", "nobody")
	if !apierrors.IsNotFound(err) {
		t.Errorf("got %v, want not found", err)
	}
}

func TestMetrics(t *testing.T) {
	text, err := controlPlane(t).Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "\napiserver_request_total{") {
		t.Errorf("no request was counted in %d bytes of metrics", len(text))
	}
}

// newNamespace makes a namespace for one test.
func newNamespace(t *testing.T) string {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}
	namespace, err := client(t).CoreV1().Namespaces().Create(t.Context(), namespace, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return namespace.Name
}

// accountClient returns a client with the rights of a service account.
func accountClient(t *testing.T, namespace, name string) kubernetes.Interface {
	t.Helper()
	path, err := controlPlane(t).ServiceAccountKubeconfig(t.Context(), namespace, name)
	if err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		t.Fatal(err)
	}
	account, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// whoAmI asks the API server whom it takes the client for.
func whoAmI(t *testing.T, client kubernetes.Interface) authenticationv1.UserInfo {
	t.Helper()
	review, err := client.AuthenticationV1().SelfSubjectReviews().Create(t.Context(), &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return review.Status.UserInfo
}
