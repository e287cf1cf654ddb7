package check

import (
	"context"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// Options say how files are judged.
type Options struct {
	// Policy by which they are judged, and Now the time, for what ends on some day.
	Policy *policy.Policy
	Now    time.Time
	// Namespace of the objects that name none, "" if it is not known.
	Namespace string
	// NamespaceLabels are those of the namespaces that are not among the objects.
	NamespaceLabels map[string]string
	// User who applies the objects.
	User authenticationv1.UserInfo
	// Version of Flink that all processes have, the zero value to take it from images, custom resources and files.
	Version flink.Version
	// OperatorConfig is the default configuration of the operator as one ConfigMap, nil to take it from the objects.
	OperatorConfig *corev1.ConfigMap
	// Live is what a cluster has beside the objects; nil for no cluster. JudgeLive has its objects judged as well.
	Live      Live
	JudgeLive bool
	// Workers is how many files are read, and objects judged, at once; 0 is as many as there are processors.
	Workers int
	// WithSkipped lists the objects too that are not the guard's to judge, and WithObjects has the report keep what becomes of every
	// object.
	WithSkipped, WithObjects bool
	// Progress is told now and then how far things are. It may be nil, and is called by one goroutine at a time.
	Progress func(Progress)
}

// Live reads what a cluster has.
type Live interface {
	// Objects hands over all objects that may matter, each as JSON, until there are no more or taking one fails.
	Objects(ctx context.Context, take func(object []byte) error) error
}

// Progress is how far a check is.
type Progress struct {
	// Files read of all that were found, and objects judged of those that have to be.
	FilesRead, Files, Judged, Objects int
}
