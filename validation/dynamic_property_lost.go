package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func dynamicPropertyLost() Rule {
	return Rule{
		ID:         "dynamic-property-lost",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Effect:     "Flink never sees the property",
		Summary:    "A dynamic property stands where nothing reads it.",
		Why: "bin/jobmanager.sh knows dynamic properties only as two words, \"-D\" and \"key=value\", and only from 1.15.3 on. It takes " +
			"\"-Dkey=value\" for a host name: up to 1.20 the process then exits, and from 2.0 on that text becomes its address. Behind the arguments of a job, -D belongs to the user's program. With a colon in place of the " +
			"equal sign another key is set. Then nothing says a word, and high availability that was asked for so is off.",
		Remedy: "Write \"-D\", \"key=value\" right after \"jobmanager\", or in front of the job's arguments of standalone-job; up to 1.14 " +
			"write the option into the configuration file.",
		Source: "flink-dist/src/main/flink-bin/bin/jobmanager.sh (FLINK-28733); org.apache.flink.runtime.entrypoint.parser.CommandLineParser; FLINK-31187",
		Example: Example{
			Wrong: propertyExample(`"-Dhigh-availability.type=kubernetes"`),
			Right: propertyExample(`"-D", "high-availability.type=kubernetes"`),
		},
		Check: checkDynamicPropertyLost,
	}
}

func propertyExample(property string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager}
spec:
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
      - name: jobmanager
        image: flink:1.20
        args: ["jobmanager", ` + property + `]
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
`
}

func checkDynamicPropertyLost(subject *Subject) []Violation {
	if _, removed := subject.removedHost(); removed {
		return nil // which carries all behind it away
	}
	var violations []Violation
	for i := range subject.Configuration.Ignored {
		ignored := &subject.Configuration.Ignored[i]
		if !subject.inArguments(ignored.Path) || workload.IsHostOption(ignored.Key) || subject.setByArgument(ignored.Key) {
			continue
		}
		if subject.mayBeForProgram() && !isOptionOfFlink(ignored.Key) {
			continue
		}
		violations = append(violations, subject.lostProperty(ignored.Key, ignored.Position, ignored.Reason))
	}
	if subject.Configuration.Refused != nil {
		return violations // a colon in a property of two words is among the reasons
	}
	for i := range subject.Configuration.Settings {
		setting := &subject.Configuration.Settings[i]
		if setting.Origin != flink.OriginArgument {
			continue
		}
		if key, _, colon := strings.Cut(setting.Key, ":"); colon && isOptionOfFlink(key) && !subject.setByArgument(key) {
			violations = append(violations, subject.lostProperty(key, setting.Position, `the key of a dynamic property ends at "=", not at a colon`))
		}
	}
	return violations
}

func (s *Subject) lostProperty(key string, at flink.Position, reason string) Violation {
	violation := Violation{
		Option: key, Setting: key, Fault: "the property " + key + " is lost", Position: at, Detail: reason,
		Remedy: `"-D", "` + key + `=…" right after "jobmanager"`,
	}
	switch {
	case s.Member.Process.Form == workload.FormApplication:
		violation.Remedy = `"-D", "` + key + `=…" in front of the job's arguments`
	case s.Role == workload.RoleTaskManager:
		violation.Remedy = `"-D", "` + key + `=…" right after "taskmanager"`
	case s.Version.Before(1, 15):
		violation.Remedy = key + ": … in the configuration file"
	}
	if violation.Fix = s.inTwoWords(at); violation.Fix == nil {
		violation.Fix = s.withEqualSign(at)
	}
	if _, set := s.Configuration.Lookup(key); !set && decidesHighAvailability(key) {
		violation.Level = policy.LevelBaseline
	}
	if s.refusedAt(at) {
		violation.Level, violation.Effect = policy.LevelBaseline, "the process prints its usage and exits"
	}
	return violation
}

// refusedAt tells whether the process does not start because of the word at a position.
func (s *Subject) refusedAt(at flink.Position) bool {
	return s.Configuration.Refused != nil && s.Configuration.Refused.Position == at
}

// inArguments tells whether a path is a word of the workload's command line.
func (s *Subject) inArguments(path string) bool {
	if s.Member == nil {
		return false
	}
	rest, ok := strings.CutPrefix(path, s.Member.Process.Path)
	return ok && (strings.HasPrefix(rest, ".args[") || strings.HasPrefix(rest, ".command["))
}

// setByArgument tells whether another word of the command line sets an option, at least with some of the versions that it may
// be: then it is not lost, or not certainly.
func (s *Subject) setByArgument(key string) bool {
	setting, ok := s.Configuration.Lookup(key)
	return ok && setting.Origin == flink.OriginArgument
}

// mayBeForProgram tells whether words that Flink does not read go to the user's program, which may have properties of its own.
func (s *Subject) mayBeForProgram() bool { return s.Member.Process.Form != workload.FormSession }

// isOptionOfFlink tells whether a key begins as Flink's options do.
func isOptionOfFlink(key string) bool {
	family, _, dotted := strings.Cut(key, ".")
	switch family {
	case flink.KeyHighAvailability, "restart-strategy", "execution", "jobmanager", "taskmanager", "kubernetes", "recovery":
		return true
	case "state", "parallelism", "rest", "blob", "metrics", "pipeline", "job-result-store", "fs", "env", "web", "cluster", "heartbeat":
		return dotted
	}
	return false
}

// decidesHighAvailability tells whether an option belongs to high availability or to the identity of a cluster.
func decidesHighAvailability(key string) bool {
	return key == flink.KeyHighAvailability || strings.HasPrefix(key, "high-availability.") || key == flink.KeyRecoveryMode ||
		strings.HasPrefix(key, "recovery.zookeeper.") || key == flink.KeyClusterID || key == flink.KeyNamespace
}
