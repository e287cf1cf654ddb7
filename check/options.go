package check

import (
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"

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
	// Workers is how many files are read, and objects judged, at once; 0 is as many as there are processors.
	Workers int
	// WithSkipped lists the objects too that are not the guard's to judge, and WithObjects has the report keep what becomes of every
	// object.
	WithSkipped, WithObjects bool
	// Progress is told now and then how far things are. It may be nil, and is called by one goroutine at a time.
	Progress func(Progress)
}

// Progress is how far a check is.
type Progress struct {
	// Files read of all that were found, and objects judged of those that have to be.
	FilesRead, Files, Judged, Objects int
}
