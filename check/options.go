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
	NamespaceLabels NamespaceLabels
	// User who applies the objects.
	User authenticationv1.UserInfo
	// Version of Flink that all processes have, the zero value to take it from images, custom resources and files.
	Version flink.Version
	// OperatorConfig is the default configuration of the operator as one ConfigMap, nil to take it from the objects: see
	// ReadOperatorConfig.
	OperatorConfig *corev1.ConfigMap
	// Live is what a cluster has beside the objects; nil for no cluster. JudgeLive has its objects judged as well.
	Live      Live
	JudgeLive bool
	// StrictInput makes problems of the files that are otherwise left, such as templates.
	StrictInput bool
	// Workers is how many files are read, and objects judged, at once; 0 is as many as there are processors.
	Workers int
	// WithSkipped lists the objects too that are not the guard's to judge, and WithObjects has the report keep what becomes of every
	// object.
	WithSkipped, WithObjects bool
	// WithUnknown has the report say what the input does not answer about each object.
	WithUnknown bool
	// Progress is told now and then how far things are. It may be nil, and is called by one goroutine at a time.
	Progress func(Progress)
}

// NamespaceLabels are what is said of namespaces that are not among the objects.
type NamespaceLabels struct {
	// Everywhere are the labels of all of them, and In those that some have besides, by namespace: of a key that is in both, the
	// latter counts.
	Everywhere map[string]string
	In         map[string]map[string]string
}

// Live reads what a cluster has.
type Live interface {
	// Objects hands over all objects that may matter, each as JSON and once, until there are no more or taking one fails: those of all
	// namespaces or, of what may not be read there, those of some, such as the ones that the files are for.
	//
	// What may not be read is no error: unread has the reason by resource, such as "roles", also where it was read in some namespaces.
	// The error is about everything, for there is no answer then.
	Objects(ctx context.Context, namespaces []string, take func(object []byte) error) (unread map[string]error, err error)
}

// Progress is how far a check is.
type Progress struct {
	// Files read of all that were found, and objects judged of those that have to be.
	FilesRead, Files, Judged, Objects int
}
