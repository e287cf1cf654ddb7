package controlplane

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// accountTokenLife is for how long a service account's kubeconfig is good.
const accountTokenLife = 24 * time.Hour

// ServiceAccountKubeconfig writes a kubeconfig with a new token of a service
// account, so that a process may run with just the rights that a pod under that
// account has. The token holds for a day. The file is the same for every call
// with the same names and goes with the control plane.
func (c *ControlPlane) ServiceAccountKubeconfig(ctx context.Context, namespace, name string) (string, error) {
	client, err := kubernetes.NewForConfig(c.RESTConfig())
	if err != nil {
		return "", fmt.Errorf("connecting to the API server: %w", err)
	}
	request := &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: new(int64(accountTokenLife.Seconds()))},
	}
	answer, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name, request, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("requesting a token for service account %s/%s: %w", namespace, name, err)
	}
	path := filepath.Join(c.folder.path, fmt.Sprintf("service-account_%s_%s.kubeconfig", namespace, name))
	return path, c.writeKubeconfig(path, name, namespace, answer.Status.Token)
}

// writeAccess writes the administrator's kubeconfig and the controller
// manager's, whose path it returns.
func (c *ControlPlane) writeAccess(server string, keys credentials) (string, error) {
	c.config = &rest.Config{
		Host:            server,
		BearerToken:     keys.admin,
		TLSClientConfig: rest.TLSClientConfig{CAData: keys.authority},
		QPS:             -1,
	}
	c.Kubeconfig = filepath.Join(c.folder.path, "admin.kubeconfig")
	if err := c.writeKubeconfig(c.Kubeconfig, "admin", metav1.NamespaceDefault, keys.admin); err != nil {
		return "", err
	}
	managers := filepath.Join(c.folder.path, controllerManager+".kubeconfig")
	return managers, c.writeKubeconfig(managers, controllerManager, metav1.NamespaceDefault, keys.controllerManager)
}

// writeKubeconfig writes a kubeconfig that needs no other file.
func (c *ControlPlane) writeKubeconfig(path, user, namespace, token string) error {
	config := api.NewConfig()
	config.Clusters["controlplane"] = &api.Cluster{Server: c.config.Host, CertificateAuthorityData: c.config.CAData}
	config.AuthInfos[user] = &api.AuthInfo{Token: token}
	config.Contexts["controlplane"] = &api.Context{Cluster: "controlplane", AuthInfo: user, Namespace: namespace}
	config.CurrentContext = "controlplane"
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		return fmt.Errorf("writing the kubeconfig of %s: %w", user, err)
	}
	return nil
}
