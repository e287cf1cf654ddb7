package validation

import (
	"fmt"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storagePluginMissing() Rule {
	return Rule{
		ID:         "storage-plugin-missing",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "the image has no plugin for it, and Flink does not start",
		Summary:    "The file system of high-availability.storageDir is a plugin, and the official image is run without it.",
		Why: "Flink's images have the plugins for S3, Google Cloud Storage, Azure and OSS in opt/, from where nothing loads them, and no Hadoop for " +
			"HDFS at all. JobManager and TaskManagers open the HA storage when they start, and exit with UnsupportedFileSystemSchemeException.",
		Remedy: "Set the environment variable ENABLE_BUILT_IN_PLUGINS to the plugin's file name with the exact version of the image, such as " +
			"flink-s3-fs-hadoop-1.20.1.jar, in JobManager and TaskManagers; or use an image of your own that has the plugin.",
		Source: "org.apache.flink.core.fs.FileSystem.getUnguardedFileSystem (DIRECTLY_SUPPORTED_FILESYSTEM); docker-entrypoint.sh of apache/flink-docker",
		Example: Example{
			Wrong: pluginExample(""),
			Right: pluginExample("\n            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.19.3.jar}"),
		},
		Check: checkStoragePlugin,
	}
}

func pluginExample(variable string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: team}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:1.19.3
          args: [jobmanager, $(POD_IP)]
          env:
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}` + variable + `
          volumeMounts:
            - {name: flink-config-volume, mountPath: /opt/flink/conf}
      volumes:
        - {name: flink-config-volume, configMap: {name: flink-config}}
---
` + liveExample("kubernetes", "s3://my-bucket/ha", "orders")
}

// variablePlugins is what the entry point of the images takes plugins from. The rule is about it as its option, so that what other
// rules find in the storage directory does not hide it.
const variablePlugins = "ENABLE_BUILT_IN_PLUGINS"

// hadoop stands for what the official images do not have at all.
const hadoop = "Hadoop"

// pluginOf is the plugin that brings the file system of a scheme, "" if none is needed or that is not known. Of two for S3 the name
// is the part that they have in common, and the one that is proposed comes second.
func pluginOf(scheme string) (prefix, proposed string) {
	switch scheme {
	case "s3":
		return "flink-s3-fs-", "flink-s3-fs-hadoop"
	case "s3a":
		return "flink-s3-fs-hadoop", "flink-s3-fs-hadoop"
	case "s3p":
		return "flink-s3-fs-presto", "flink-s3-fs-presto"
	case "gs":
		return "flink-gs-fs-hadoop", "flink-gs-fs-hadoop"
	case "oss":
		return "flink-oss-fs-hadoop", "flink-oss-fs-hadoop"
	case "wasb", "wasbs", "abfs", "abfss":
		return "flink-azure-fs-hadoop", "flink-azure-fs-hadoop"
	case "hdfs":
		return hadoop, hadoop
	}
	return "", ""
}

func checkStoragePlugin(subject *Subject) []Violation {
	if subject.Member == nil || !flink.IsOfficialImage(subject.image()) {
		return nil
	}
	setting, ok := storageDir(subject)
	if !ok || flink.StorageProblem(setting.Value) != "" || flink.IsExpanded(setting.Value) {
		return nil
	}
	scheme := flink.StorageScheme(subject.Configuration, setting.Value)
	prefix, proposed := pluginOf(scheme)
	if prefix == "" || subject.mayBringPlugin(prefix) {
		return nil
	}
	violation := Violation{
		Option:   variablePlugins,
		Setting:  setting.Key,
		Position: setting.Position,
		Found:    found(setting, true),
		Effect:   "the image has no Hadoop, and Flink does not start",
		Remedy:   "an image with Hadoop",
	}
	if subject.Kind == OfWorkload {
		violation.Target.Path = subject.Member.Process.Path + ".env"
	}
	if prefix != hadoop {
		violation.Effect = ""
		violation.Remedy = "env " + variablePlugins + ": " + proposed + "-" + subject.exactVersion() + ".jar"
	}
	return []Violation{violation}
}

// exactVersion is how the files of a release are named.
func (s *Subject) exactVersion() string {
	if patch, exact := s.Version.Patch(); exact {
		return fmt.Sprintf("%d.%d.%d", s.Version.Major, s.Version.Minor, patch)
	}
	return "<version>"
}

// mayBringPlugin tells whether anything that is seen, or that cannot be seen, may bring a plugin into the image.
func (s *Subject) mayBringPlugin(prefix string) bool {
	_, container, known := s.flinkContainer()
	if !known {
		return true
	}
	if s.Member.Resource != nil && s.configurationMayBring(prefix) {
		return true
	}
	if container == nil {
		return false
	}
	native := s.Member.Resource != nil || s.Member.Process.Deployer != workload.DeployerStandalone
	return len(container.EnvFrom) > 0 || !startsEntryPoint(container, native) ||
		slices.ContainsFunc(container.Env, func(v corev1.EnvVar) bool { return variableMayBring(v.Name, v.Value, v.ValueFrom != nil, prefix) }) ||
		slices.ContainsFunc(container.VolumeMounts, func(m corev1.VolumeMount) bool { return coversPlugins(m.MountPath) })
}

// configurationMayBring looks at the variables that a custom resource gives to its JobManager by options. The operator's defaults
// may do so as well.
func (s *Subject) configurationMayBring(prefix string) bool {
	const variables = "containerized.master.env."
	return !s.Configuration.Complete() || slices.ContainsFunc(s.Configuration.Settings, func(setting flink.Setting) bool {
		name, ok := strings.CutPrefix(setting.Key, variables)
		return ok && variableMayBring(name, setting.Value, setting.Unknown != "", prefix)
	})
}

// startsEntryPoint tells whether the image's own entry point is what runs first, and not a command line that may copy files.
func startsEntryPoint(container *corev1.Container, native bool) bool {
	words := slices.Concat(container.Command, container.Args)
	if len(container.Command) > 0 {
		if path.Base(words[0]) != "docker-entrypoint.sh" {
			return false
		}
		words = words[1:]
	}
	return native || len(words) == 0 || !slices.Contains([]string{"bash", "sh"}, path.Base(words[0]))
}

// variableMayBring tells whether a variable names the plugin, or says that plugins or Hadoop are somewhere else.
func variableMayBring(name, value string, unknown bool, prefix string) bool {
	switch name {
	case variablePlugins:
		return unknown || strings.Contains(value, prefix) || strings.Contains(value, "$")
	case "FLINK_PLUGINS_DIR", "FLINK_LIB_DIR", "FLINK_HOME", "HADOOP_CLASSPATH", "HADOOP_HOME":
		return true
	}
	return false
}

// coversPlugins tells whether a mount puts something where Flink looks for plugins and libraries.
func coversPlugins(mountPath string) bool {
	at := path.Clean("/" + mountPath)
	for _, directory := range []string{workload.DefaultHome + "/plugins", workload.DefaultHome + "/lib"} {
		if at == directory || strings.HasPrefix(at, directory+"/") || strings.HasPrefix(directory, strings.TrimSuffix(at, "/")+"/") {
			return true
		}
	}
	return false
}
