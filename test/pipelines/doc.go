// Package pipelines runs what this repository ships for pipelines, and what its documentation shows of them: the hook of pre-commit, the
// action of GitHub, the job of GitLab, the plugins of Argo CD and kubectl, and the script for Flux. What they call besides, such as
// kustomize, is played by scripts.
package pipelines
