package offline

import (
	"fmt"
	"io"
	"os"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// maxPolicyBytes bounds a policy file.
const maxPolicyBytes = 1 << 20

// ReadPolicyFile reads no more than a policy may be long.
func ReadPolicyFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("opening --policy: %w", err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxPolicyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading --policy %s: %w", name, err)
	}
	if len(text) > maxPolicyBytes {
		return nil, fmt.Errorf("reading --policy %s: it is larger than 1 MiB", name)
	}
	return text, nil
}

// PolicyRules are the rules that a policy may name.
func PolicyRules() []policy.Rule {
	var rules []policy.Rule
	for _, rule := range validation.Rules() {
		rules = append(rules, policy.Rule{ID: rule.ID, Level: rule.Level, Introduced: rule.Introduced})
	}
	return rules
}
