package offline

import (
	"fmt"
	"maps"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// parseNamespaceLabels understands what --namespace-labels was given: KEY=VALUE[,KEY=VALUE]... for all namespaces that are not in the
// input, NAMESPACE:KEY=VALUE[,...] for one. What the guard would refuse as the label of a namespace is an error; what it would only
// warn about is returned.
func parseNamespaceLabels(values []string) (check.NamespaceLabels, []policy.LabelProblem, error) {
	labels := check.NamespaceLabels{}
	for _, value := range values {
		namespace, pairs, named := strings.Cut(value, ":")
		if !named {
			namespace, pairs = "", value
		}
		parsed, err := parseLabels(pairs)
		if err != nil || named && namespace == "" {
			return check.NamespaceLabels{}, nil, fmt.Errorf("--namespace-labels is %q, needs KEY=VALUE[,KEY=VALUE]... or NAMESPACE: before them", value)
		}
		if !named {
			labels.Everywhere = merge(labels.Everywhere, parsed)
			continue
		}
		if labels.In == nil {
			labels.In = map[string]map[string]string{}
		}
		labels.In[namespace] = merge(labels.In[namespace], parsed)
	}
	doubts, err := doubtsAbout(labels)
	return labels, doubts, err
}

// merge sets further labels, over those of the same key.
func merge(labels, further map[string]string) map[string]string {
	if labels == nil {
		return further
	}
	maps.Copy(labels, further)
	return labels
}

// parseLabels reads KEY=VALUE[,KEY=VALUE]...
func parseLabels(pairs string) (map[string]string, error) {
	labels := map[string]string{}
	for pair := range strings.SplitSeq(pairs, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("%q is no KEY=VALUE", pair)
		}
		labels[key] = value
	}
	return labels, nil
}

// doubtsAbout are the warnings about labels. The error is the first thing that no namespace could have.
func doubtsAbout(labels check.NamespaceLabels) ([]policy.LabelProblem, error) {
	var doubts []policy.LabelProblem
	every := []map[string]string{labels.Everywhere}
	for _, namespace := range sortedKeys(labels.In) {
		every = append(every, labels.In[namespace])
	}
	for _, one := range every {
		for _, problem := range policy.ValidateLabels(one) {
			if !problem.Warning {
				return nil, fmt.Errorf("--namespace-labels: %s", problem)
			}
			doubts = append(doubts, problem)
		}
	}
	return doubts, nil
}
