// Package access tells what service accounts may do, from the objects of RBAC. The server fills it from its caches, the offline
// check from the files that it was given. Whether rules cover a right is for Kubernetes' own code to say.
package access
