package offline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// settings are the flags as the check takes them. Files that flags name are read, and the cluster is found, not asked.
func (r *checkRun) settings(ctx context.Context, outputs []output) (check.Options, error) {
	o := r.options
	settings := check.Options{
		Now: time.Now(), Namespace: o.namespace, User: o.user(), StrictInput: o.strictInput,
		// Of the forms, json lists all objects and yaml hands them all on; the others are about what is wrong.
		WithSkipped: isWanted(outputs, OutputJSON), WithObjects: isWanted(outputs, outputYAML), WithUnknown: o.verbose || isWanted(outputs, OutputJSON),
	}
	var err error
	if settings.Policy, err = loadPolicy(o.policyFile); err != nil {
		return check.Options{}, err
	}
	if o.flinkVersion != "" {
		if settings.Version, err = flink.ParseVersion(o.flinkVersion); err != nil {
			return check.Options{}, fmt.Errorf("--flink-version: %w", err)
		}
	}
	var doubts []policy.LabelProblem
	if settings.NamespaceLabels, doubts, err = parseNamespaceLabels(o.namespaceLabels); err != nil {
		return check.Options{}, err
	}
	for _, doubt := range doubts {
		fmt.Fprintf(r.errors, "warning: --namespace-labels: %s\n", doubt)
	}
	if o.operatorConfig != "" {
		if settings.OperatorConfig, err = check.ReadOperatorConfig(o.operatorConfig); err != nil {
			return check.Options{}, fmt.Errorf("--operator-config: %w", err)
		}
	}
	if o.cluster {
		return r.withCluster(ctx, settings)
	}
	return settings, nil
}

// outputYAML is the form that needs all objects.
const outputYAML = "yaml"

// isWanted tells whether a form is among the outputs.
func isWanted(outputs []output, form string) bool {
	return slices.ContainsFunc(outputs, func(o output) bool { return o.format.Name == form })
}

// withCluster adds what the cluster has. Without files it is all that is judged.
func (r *checkRun) withCluster(ctx context.Context, settings check.Options) (check.Options, error) {
	cluster, namespace, err := r.options.sources.Cluster(ctx, r.options.address)
	if err != nil {
		return check.Options{}, err
	}
	if r.options.policyFile == "" {
		if err := r.takePolicy(ctx, cluster, &settings); err != nil {
			return check.Options{}, err
		}
	}
	settings.Live, settings.JudgeLive = cluster, len(r.arguments) == 0
	if settings.Namespace == "" {
		settings.Namespace = namespace
	}
	return settings, nil
}

// takePolicy takes the policy of the guard in the cluster, by which admission there judges. Where there is no guard, or its policy may
// not be read, that of a new installation stays.
func (r *checkRun) takePolicy(ctx context.Context, cluster Cluster, settings *check.Options) error {
	text, place, unread, err := cluster.Policy(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("reading the cluster: %w", err)
	case unread != nil:
		fmt.Fprintf(r.errors, "warning: %s could not be read, and what follows is by the policy of a new installation, unless --policy names another: %s\n", place, unread)
		return nil
	case text == nil:
		return nil
	}
	loaded, err := policy.Load(text, PolicyRules())
	if err != nil {
		return fmt.Errorf("reading %s in the cluster: %w; --policy names another", place, err)
	}
	settings.Policy = &loaded
	return nil
}

// loadPolicy reads the policy of a file, or takes that of a new installation where none is named.
func loadPolicy(name string) (*policy.Policy, error) {
	if name == "" {
		preset := policy.Default()
		return &preset, nil
	}
	text, err := ReadPolicyFile(name)
	if err != nil {
		return nil, err
	}
	loaded, err := policy.Load(text, PolicyRules())
	if err != nil {
		return nil, fmt.Errorf("reading --policy %s: %w", name, err)
	}
	return &loaded, nil
}

// serviceAccountUser begins the names of service accounts as users.
const serviceAccountUser = "system:serviceaccount:"

// user is who would create the objects, with the groups that the API server adds by itself
// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation).
func (o *checkOptions) user() authenticationv1.UserInfo {
	if o.asUser == "" {
		return authenticationv1.UserInfo{}
	}
	groups := slices.Clone(o.asGroups)
	if account, ok := strings.CutPrefix(o.asUser, serviceAccountUser); ok && len(groups) == 0 {
		namespace, _, _ := strings.Cut(account, ":")
		groups = append(groups, "system:serviceaccounts", "system:serviceaccounts:"+namespace)
	}
	if !slices.Contains(groups, authenticatedGroup) {
		groups = append(groups, authenticatedGroup)
	}
	return authenticationv1.UserInfo{Username: o.asUser, Groups: groups}
}

// authenticatedGroup is the group of everybody who has said who they are.
const authenticatedGroup = "system:authenticated"
