package controlplane

import (
	"path/filepath"
	"strconv"
)

// Sockets of etcd in the folder, which is every component's working directory:
// so nobody else can reach it, it competes for no port, and the path is never
// too long for a socket.
const (
	etcdSocket     = "unix://etcd.sock"
	etcdPeerSocket = "unix://etcd-peers.sock"
)

// etcdFlags: nothing here has to survive a power cut, so etcd never waits for a
// disk.
func etcdFlags() []string {
	return []string{
		"--name=controlplane",
		"--data-dir=" + etcd,
		"--listen-client-urls=" + etcdSocket,
		"--advertise-client-urls=" + etcdSocket,
		"--listen-peer-urls=" + etcdPeerSocket,
		"--initial-advertise-peer-urls=" + etcdPeerSocket,
		"--initial-cluster=controlplane=" + etcdPeerSocket,
		"--unsafe-no-fsync",
		"--log-level=warn",
	}
}

// apiServerFlags: as a cluster has it, but for the Service "kubernetes", whose
// endpoints may not be loopback addresses.
func apiServerFlags(folder string, port int) []string {
	key := filepath.Join(folder, accountKeyFile)
	return []string{
		"--bind-address=" + loopback,
		"--advertise-address=" + loopback,
		"--endpoint-reconciler-type=none",
		"--secure-port=" + strconv.Itoa(port),
		"--etcd-servers=" + etcdSocket,
		"--service-cluster-ip-range=10.96.0.0/16",
		"--allow-privileged=true",
		"--authorization-mode=RBAC",
		"--token-auth-file=" + filepath.Join(folder, tokensFile),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + key,
		"--service-account-signing-key-file=" + key,
		"--cert-dir=" + folder,
		"--tls-cert-file=" + filepath.Join(folder, servingCertificateFile),
		"--tls-private-key-file=" + filepath.Join(folder, servingKeyFile),
	}
}

// controllerManagerFlags: every controller with an account and rights of its
// own, as in a cluster, and no port.
func controllerManagerFlags(folder, kubeconfig string) []string {
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--secure-port=0",
		"--leader-elect=false",
		"--use-service-account-credentials=true",
		"--service-account-private-key-file=" + filepath.Join(folder, accountKeyFile),
		"--root-ca-file=" + filepath.Join(folder, authorityFile),
		"--kube-api-qps=1000", // by default much of the start is waiting
		"--kube-api-burst=1000",
	}
}
