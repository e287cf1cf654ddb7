package flink

import "regexp"

// subdomain is a DNS subdomain name, which a ConfigMap's name must be, and a label's value may be.
var subdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// maxLabelValue is how long the value of a label may be; every HA ConfigMap carries the cluster-id in its label "app".
const maxLabelValue = 63

// ClusterIDProblem says why no HA ConfigMap can be made for a kubernetes.cluster-id, or "": its names are
// <id>-cluster-config-map and the like, which must be DNS subdomain names, and it is a label's value as well. Native mode allows
// 45 characters (AbstractKubernetesParameters.getClusterId); standalone mode checks nothing, so that only what the API server
// refuses is certain to fail.
func ClusterIDProblem(id string) string {
	switch {
	case IsExpanded(id):
		return ""
	case len(id) > maxLabelValue:
		return "it is longer than the 63 characters of a label's value"
	case !subdomain.MatchString(id):
		return "it may hold only a-z, 0-9, '-' and '.', and must begin and end with a letter or digit"
	}
	return ""
}
