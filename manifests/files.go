package manifests

import "embed"

// Files holds the manifests under their names, with the kustomization.yaml that lists them.
//
//go:embed *.yaml
var Files embed.FS
