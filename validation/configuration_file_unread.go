package validation

import (
	"fmt"
	"path"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func configurationFileUnread() Rule {
	return Rule{
		ID:         "configuration-file-unread",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Effect:     "Flink does not start",
		Summary:    "The configuration file that a workload mounts is not the one that its version of Flink reads.",
		Why: "Flink reads flink-conf.yaml up to 1.18 and config.yaml from 2.0 on; 1.19 and 1.20 read config.yaml only where there is no " +
			"flink-conf.yaml, and never merge the two. Where the file is missing from the directory Flink does not start. Where the other file " +
			"is mounted by subPath, the image's own is read instead: the cluster runs without high availability, and nothing says so. It is " +
			"refused if Flink does not start or a JobManager ends up without high availability, and else warned about.",
		Remedy: "Mount the configuration under the name that the version reads. config.yaml is YAML: bin/migrate-config-file.sh of 2.0 turns " +
			"a flink-conf.yaml into one.",
		Source: "org.apache.flink.configuration.GlobalConfiguration.loadConfiguration; FLINK-33576 (1.19), FLINK-33677 (2.0)",
		Example: Example{
			Wrong: unreadFileExample("flink-conf.yaml"),
			Right: unreadFileExample("config.yaml"),
		},
		Check: checkConfigurationFileUnread,
	}
}

func unreadFileExample(file string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: flink-jobmanager, namespace: team}
spec:
  selector: {matchLabels: {app: flink}}
  template:
    metadata: {labels: {app: flink}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:2.0.0
          args: [jobmanager, $(POD_IP)]
          env:
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
          volumeMounts:
            - {name: flink-config-volume, mountPath: /opt/flink/conf}
      volumes:
        - name: flink-config-volume
          configMap:
            name: flink-config
            items:
              - {key: ` + file + `, path: ` + file + `}
`
}

// checkConfigurationFileUnread goes by where the two files come from. Of an image's own files nothing is known but what Flink's
// images bring.
func checkConfigurationFileUnread(subject *Subject) []Violation {
	version := subject.Version
	if subject.Member == nil || subject.Member.Role == "" || version == (flink.Version{}) {
		return nil
	}
	process := subject.Member.Process
	files := process.Files(subject.configMaps())
	legacy, standard := files[flink.LegacyFile], files[flink.StandardFile]
	fromMap := func(file workload.File) bool { return file.Place == workload.PlaceConfigMap }
	violation := Violation{Setting: "the configuration file", Position: flink.Position{Path: process.Path + ".volumeMounts"}}
	var delivered, read string
	switch {
	case version.AtLeast(2, 0) && fromMap(legacy):
		delivered, read = flink.LegacyFile, flink.StandardFile
		violation.Detail = "in the ConfigMap " + Show(legacy.ConfigMap)
	case version.Before(1, 19) && fromMap(standard):
		delivered, read = flink.StandardFile, flink.LegacyFile
		violation.Detail = "in the ConfigMap " + Show(standard.ConfigMap)
	case version.AtLeast(1, 19) && version.Before(2, 0) && legacy.Read && standard.Read:
		delivered, read = flink.StandardFile, flink.LegacyFile
		violation.Level = policy.LevelStrict
		violation.Effect = "flink-conf.yaml is mounted too, and Flink " + version.String() + " passes over config.yaml"
		violation.Remedy = "mount only one of them"
	default:
		return nil
	}
	violation.Found, violation.Target = &delivered, subject.targetOfFile(delivered, files[delivered].ConfigMap)
	if violation.Effect != "" {
		return []Violation{violation}
	}
	switch files[read].Place {
	case workload.PlaceImage:
		violation.Effect = "Flink " + version.String() + " reads the image's own " + read + " instead"
		// The image may bring one with high availability, or arguments may say all that counts.
		if !flink.IsOfficialImage(subject.image()) || !subject.runsWithout() {
			violation.Level = policy.LevelStrict
		}
	case workload.PlaceNowhere:
		violation.Effect = "Flink " + version.String() + " reads " + read + " only, and does not start"
	default:
		return nil
	}
	violation.Remedy = "mount it as " + read
	return []Violation{violation}
}

// runsWithout tells whether a JobManager that should have high availability has none.
func (s *Subject) runsWithout() bool {
	return s.Role == workload.RoleJobManager && !s.HighAvailabilityNotRequired && s.highAvailability().Mode == flink.ModeNone
}

// readsFileOfImage tells whether the process certainly reads the image's own file, and not the one that it is given.
func (s *Subject) readsFileOfImage() bool {
	if s.Kind != OfWorkload {
		return false
	}
	violations := checkConfigurationFileUnread(s)
	return len(violations) > 0 && violations[0].Level == ""
}

// configMaps are the ConfigMaps that a process finds around itself.
func (s *Subject) configMaps() workload.Surroundings {
	if s.Around == nil {
		return workload.Surroundings{Namespace: s.Namespace}
	}
	return workload.Surroundings{Namespace: s.Namespace, ConfigMap: func(name string) (*corev1.ConfigMap, workload.Knowledge) {
		configMap, _, known := s.Around.ConfigMap(s.Namespace, name)
		if !known {
			return nil, workload.Unknown
		}
		return configMap, workload.KnownInPart
	}}
}

// targetOfFile is what gives a mounted file its name: the item of a volume, the path of a mount, or else the key in the ConfigMap.
func (s *Subject) targetOfFile(name, configMap string) Target {
	template, container, known := s.flinkContainer()
	if !known || container == nil {
		return Target{}
	}
	for i := range template.Spec.Volumes {
		source := template.Spec.Volumes[i].ConfigMap
		if source == nil || source.Name != configMap {
			continue
		}
		for j := range source.Items {
			if path.Base(source.Items[j].Path) == name {
				return Target{Position: flink.Position{Path: fmt.Sprintf("%s.volumes[%d].configMap.items[%d].path", s.podSpecPath(), i, j)}}
			}
		}
	}
	for i := range container.VolumeMounts {
		if path.Base(container.VolumeMounts[i].MountPath) == name {
			return Target{Position: flink.Position{Path: fmt.Sprintf("%s.volumeMounts[%d].mountPath", s.Member.Process.Path, i)}}
		}
	}
	return Target{Position: flink.Position{Path: flink.InConfigMap(configMap, `data["`+name+`"]`)}, Key: true}
}
