package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// aCluster is a standalone Flink cluster as people apply it: ten objects. # is its number, and % that of its namespace.
const aCluster = `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config-#, namespace: team-%, labels: {app: flink}}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jobmanager-#
    high-availability.type: kubernetes
    high-availability.storageDir: s3://bucket/ha-#
    kubernetes.cluster-id: cluster-#
    kubernetes.namespace: team-%
    execution.checkpointing.dir: s3://bucket/checkpoints-#
    taskmanager.numberOfTaskSlots: 2
  log4j-console.properties: |
    rootLogger.level = INFO
    rootLogger.appenderRef.console.ref = ConsoleAppender
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager-#, namespace: team-%}
spec:
  replicas: 2
  selector: {matchLabels: {app: flink-#, component: jobmanager}}
  template:
    metadata: {labels: {app: flink-#, component: jobmanager}}
    spec:
      serviceAccountName: flink-#
      containers:
      - name: jobmanager
        image: flink:1.20.1
        args: [jobmanager, $(POD_IP)]
        env:
        - {name: POD_IP, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}}
        - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-1.20.1.jar}
        ports: [{containerPort: 6123, name: rpc}, {containerPort: 8081, name: webui}]
        volumeMounts: [{name: flink-config, mountPath: /opt/flink/conf}]
      volumes: [{name: flink-config, configMap: {name: flink-config-#}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: taskmanager-#, namespace: team-%}
spec:
  replicas: 2
  selector: {matchLabels: {app: flink-#, component: taskmanager}}
  template:
    metadata: {labels: {app: flink-#, component: taskmanager}}
    spec:
      serviceAccountName: flink-#
      containers:
      - name: taskmanager
        image: flink:1.20.1
        args: [taskmanager]
        env: [{name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-1.20.1.jar}]
        volumeMounts: [{name: flink-config, mountPath: /opt/flink/conf}]
      volumes: [{name: flink-config, configMap: {name: flink-config-#}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: flink-#, namespace: team-%}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: flink-#, namespace: team-%}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get, list, watch, create, update, patch, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: flink-#, namespace: team-%}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: flink-#}
subjects: [{kind: ServiceAccount, name: flink-#, namespace: team-%}]
---
apiVersion: v1
kind: Service
metadata: {name: jobmanager-#, namespace: team-%}
spec:
  type: ClusterIP
  ports: [{name: rpc, port: 6123}, {name: webui, port: 8081}]
  selector: {app: flink-#, component: jobmanager}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: flink-#, namespace: team-%}
spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 10Gi}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: flink-#, namespace: team-%}
spec: {minAvailable: 1, selector: {matchLabels: {app: flink-#}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: flink-#, namespace: team-%}
spec: {podSelector: {matchLabels: {app: flink-#}}, policyTypes: [Ingress]}
`

// otherObjects are ten that have nothing to do with Flink.
const otherObjects = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-#
  namespace: team-%
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/instance: web-#
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web-#
  template:
    metadata:
      labels:
        app: web-#
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - containerPort: 8080
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
        envFrom:
        - configMapRef:
            name: web-#
---
apiVersion: v1
kind: Service
metadata:
  name: web-#
  namespace: team-%
  labels:
    app.kubernetes.io/name: web
spec:
  selector:
    app: web-#
  ports:
  - name: http
    port: 80
    targetPort: 8080
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-#
  namespace: team-%
data:
  LOG_LEVEL: info
  DATABASE: postgres://database:5432/web-#
  nginx.conf: |
    events {}
    http {
      server { listen 8080; location / { return 200; } }
    }
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web-#
  namespace: team-%
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web-#
  namespace: team-%
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  rules:
  - host: web-#.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web-#
            port:
              number: 80
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web-#
  namespace: team-%
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web-#}
  minReplicas: 3
  maxReplicas: 10
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
---
apiVersion: v1
kind: Secret
metadata:
  name: web-#
  namespace: team-%
type: Opaque
stringData:
  token: "not one"
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: web-#
  namespace: team-%
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: backup
            image: postgres:17
            args: ["pg_dump", "web-#"]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web-#
  namespace: team-%
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: web-#
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-#
  namespace: team-%
spec:
  podSelector:
    matchLabels:
      app: web-#
  policyTypes:
  - Ingress
  ingress:
  - from:
    - podSelector: {}
`

// dashboard is a ConfigMap with one of Grafana's, of some twenty kilobytes, in place of the one of a program.
func dashboard() string {
	var text strings.Builder
	text.WriteString("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dashboard-#\n  namespace: team-%\n  labels: {grafana_dashboard: \"1\"}\ndata:\n  dashboard.json: |\n    {\"panels\": [\n")
	for panel := range 100 {
		fmt.Fprintf(&text, "      {\"id\": %d, \"type\": \"timeseries\", \"title\": \"Requests\",\n       \"targets\": [{\"expr\": \"sum(rate(http_requests_total{job=\\\"web-#\\\", code=~\\\"5..\\\"}[5m])) by (pod)\", \"refId\": \"A\"}]},\n", panel)
	}
	text.WriteString("    {}]}\n")
	return text.String()
}

// objectsInTen are how many objects the folders have that belong together: those of a cluster, or of another program.
const objectsInTen = 10

// flinkShare and dashboardShare are of how many tens of objects one is a cluster, and one has a dashboard, where most are irrelevant.
const flinkShare, dashboardShare = 50, 25

// generator makes objects, in the notation in which it was given them.
type generator struct{ cluster, other, withDashboard []string }

func yamlGenerator() *generator {
	other := strings.Split(otherObjects, "---\n")
	with := append([]string{other[0], other[1], dashboard()}, other[3:]...)
	return &generator{strings.Split(aCluster, "---\n"), other, with}
}

// jsonGenerator makes the same objects in JSON, each on one line.
func jsonGenerator(b *testing.B) *generator {
	b.Helper()
	g := yamlGenerator()
	for _, objects := range [][]string{g.cluster, g.other, g.withDashboard} {
		for i, object := range objects {
			var content any
			if err := yaml.Unmarshal([]byte(object), &content); err != nil {
				b.Fatal(err)
			}
			raw, err := json.Marshal(content)
			if err != nil {
				b.Fatal(err)
			}
			objects[i] = string(raw)
		}
	}
	return g
}

// ten are objects that belong together: only clusters, or one of fifty.
func (g *generator) ten(i int, onlyClusters bool) []string {
	objects := g.other
	switch {
	case onlyClusters || i%flinkShare == 0:
		objects = g.cluster
	case i%dashboardShare == 1:
		objects = g.withDashboard
	}
	number := strings.NewReplacer("#", strconv.Itoa(i), "%", strconv.Itoa(i%flinkShare))
	written := make([]string, len(objects))
	for k, object := range objects {
		written[k] = number.Replace(object)
	}
	return written
}

// folder writes tens of objects, each into a file of its own.
func folder(b *testing.B, tens int, onlyClusters bool) string {
	b.Helper()
	path, g := b.TempDir(), yamlGenerator()
	for i := range tens {
		write(b, filepath.Join(path, strconv.Itoa(i)+".yaml"), strings.Join(g.ten(i, onlyClusters), "---\n"))
	}
	return path
}

// stream writes the same into one file of many documents.
func stream(b *testing.B, tens int) string {
	b.Helper()
	g := yamlGenerator()
	var text strings.Builder
	for i := range tens {
		text.WriteString("---\n" + strings.Join(g.ten(i, false), "---\n"))
	}
	return write(b, filepath.Join(b.TempDir(), "stream.yaml"), text.String())
}

// list writes the same as kubectl get -o json does, with less blanks.
func list(b *testing.B, tens int) string {
	b.Helper()
	g := jsonGenerator(b)
	var text strings.Builder
	text.WriteString(`{"apiVersion": "v1", "items": [`)
	for i := range tens {
		if i > 0 {
			text.WriteString(",")
		}
		text.WriteString("\n" + strings.Join(g.ten(i, false), ",\n"))
	}
	text.WriteString("\n], \"kind\": \"List\"}\n")
	return write(b, filepath.Join(b.TempDir(), "list.json"), text.String())
}

func write(b *testing.B, path, text string) string {
	b.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}
