package validation

import corev1 "k8s.io/api/core/v1"

// Surroundings is what may be asked about the objects around the one under review. The server answers from its caches, the
// offline check from the files that it was given. Whatever is not at hand is unknown: an answer that no rule takes for "no".
type Surroundings interface {
	// ConfigMap returns a ConfigMap, which the caller must not change, and whether it is known.
	ConfigMap(namespace, name string) (*corev1.ConfigMap, bool)
	// ServiceAccountWillExist tells whether a service account is there or is about to be made, and whether that is known.
	ServiceAccountWillExist(namespace, name string) (exists, known bool)
}

// Alone is an object judged by itself: nothing around it is known.
type Alone struct{}

var _ Surroundings = Alone{}

// ConfigMap knows none.
func (Alone) ConfigMap(string, string) (*corev1.ConfigMap, bool) { return nil, false }

// ServiceAccountWillExist knows of none.
func (Alone) ServiceAccountWillExist(string, string) (exists, known bool) { return false, false }
