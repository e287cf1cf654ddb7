package cluster

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// fakeAPIServer lists and watches objects, by the paths of their resources, as far as informers need it, and remembers what
// is posted.
type fakeAPIServer struct {
	*httptest.Server
	mu      sync.Mutex
	version int
	// resources are the kinds by group version and name of the resource.
	resources map[string]map[string]string
	objects   map[string][]map[string]any
	watchers  map[string][]chan map[string]any
	posted    map[string][]map[string]any
	// forbidden are paths that may not be read.
	forbidden map[string]bool
}

func startAPIServer(t testing.TB) *fakeAPIServer {
	t.Helper()
	f := &fakeAPIServer{
		version: 1, objects: map[string][]map[string]any{}, watchers: map[string][]chan map[string]any{}, posted: map[string][]map[string]any{},
		resources: map[string]map[string]string{
			"v1":               {"configmaps": "ConfigMap", "namespaces": "Namespace", "serviceaccounts": "ServiceAccount"},
			"apps/v1":          {"deployments": "Deployment", "statefulsets": "StatefulSet"},
			"batch/v1":         {"jobs": "Job"},
			"events.k8s.io/v1": {"events": "Event"},
			"rbac.authorization.k8s.io/v1": {
				"roles": "Role", "rolebindings": "RoleBinding", "clusterroles": "ClusterRole", "clusterrolebindings": "ClusterRoleBinding",
			},
		},
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// ServeHTTP answers discovery, lists, watches and posts.
func (f *fakeAPIServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/apis/"), "/api/")
	w.Header().Set("Content-Type", "application/json")
	answer := func(object map[string]any) { _ = json.NewEncoder(w).Encode(object) }
	switch {
	case r.URL.Path == "/api":
		answer(map[string]any{"kind": "APIVersions", "versions": []string{"v1"}})
	case r.URL.Path == "/apis":
		answer(f.groups())
	case r.Method == http.MethodPost:
		f.post(w, r, path)
	case f.forbids(path):
		w.WriteHeader(http.StatusForbidden)
		answer(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403})
	case r.URL.Query().Get("watch") != "":
		f.watch(w, r, path)
	default:
		object := f.listOrResources(path, isMetadata(r))
		if object == nil {
			w.WriteHeader(http.StatusNotFound)
			object = map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
		}
		answer(object)
	}
}

func (f *fakeAPIServer) forbids(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.forbidden[path]
}

// forbid takes back the right to read resources, or gives it.
func (f *fakeAPIServer) forbid(forbidden bool, paths ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.forbidden == nil {
		f.forbidden = map[string]bool{}
	}
	for _, path := range paths {
		f.forbidden[path] = forbidden
	}
}

func isMetadata(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "as=PartialObject")
}

func (f *fakeAPIServer) groups() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	groups := []any{}
	for groupVersion := range f.resources {
		group, version, ok := strings.Cut(groupVersion, "/")
		if !ok {
			continue
		}
		versions := map[string]any{"groupVersion": groupVersion, "version": version}
		groups = append(groups, map[string]any{"name": group, "versions": []any{versions}, "preferredVersion": versions})
	}
	return map[string]any{"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
}

// listOrResources answers for a resource, such as apps/v1/deployments, or for a group version.
func (f *fakeAPIServer) listOrResources(path string, metadata bool) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	if resources, ok := f.resources[path]; ok {
		list := []any{}
		for name, kind := range resources {
			list = append(list, map[string]any{"name": name, "kind": kind, "namespaced": kind != "Namespace" && !strings.HasPrefix(kind, "Cluster"), "verbs": []string{"list", "watch"}})
		}
		return map[string]any{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": path, "resources": list}
	}
	end := strings.LastIndex(path, "/")
	kind, ok := f.resources[path[:max(end, 0)]][path[end+1:]]
	if !ok {
		return nil
	}
	items := []any{}
	for _, object := range f.objects[path] {
		items = append(items, as(object, metadata))
	}
	list := map[string]any{"kind": kind + "List", "apiVersion": path[:end], "metadata": map[string]any{"resourceVersion": strconv.Itoa(f.version)}, "items": items}
	if metadata {
		list["kind"], list["apiVersion"] = "PartialObjectMetadataList", "meta.k8s.io/v1"
	}
	return list
}

// as is an object, or its metadata.
func as(object map[string]any, metadata bool) map[string]any {
	if !metadata {
		return object
	}
	return map[string]any{"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]}
}

// watch streams what happens from now on, and first what there is, if the client asks for it.
func (f *fakeAPIServer) watch(w http.ResponseWriter, r *http.Request, path string) {
	send := func(event map[string]any) {
		if object, ok := event["object"].(map[string]any); ok && event["type"] != "BOOKMARK" {
			event = map[string]any{"type": event["type"], "object": as(object, isMetadata(r))}
		}
		_ = json.NewEncoder(w).Encode(event)
		w.(http.Flusher).Flush()
	}
	f.mu.Lock()
	events := make(chan map[string]any, 100+len(f.objects[path]))
	if r.URL.Query().Get("sendInitialEvents") == "true" {
		for _, object := range f.objects[path] {
			events <- map[string]any{"type": "ADDED", "object": object}
		}
		end := strings.LastIndex(path, "/")
		mark := map[string]any{"kind": f.resources[path[:end]][path[end+1:]], "apiVersion": path[:end], "metadata": map[string]any{
			"resourceVersion": strconv.Itoa(f.version), "annotations": map[string]any{"k8s.io/initial-events-end": "true"},
		}}
		if isMetadata(r) {
			mark["kind"], mark["apiVersion"] = "PartialObjectMetadata", "meta.k8s.io/v1"
		}
		events <- map[string]any{"type": "BOOKMARK", "object": mark}
	}
	f.watchers[path] = append(f.watchers[path], events)
	f.mu.Unlock()
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case event := <-events:
			send(event)
		}
	}
}

func (f *fakeAPIServer) post(w http.ResponseWriter, r *http.Request, path string) {
	object := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&object); err != nil {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.posted[path] = append(f.posted[path], object)
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(object)
}

// postedTo are the objects that were posted to a path.
func (f *fakeAPIServer) postedTo(path string) []*unstructured.Unstructured {
	f.mu.Lock()
	defer f.mu.Unlock()
	var posted []*unstructured.Unstructured
	for _, object := range f.posted[path] {
		posted = append(posted, &unstructured.Unstructured{Object: object})
	}
	return posted
}

// happen lets something happen to an object: ADDED, MODIFIED or DELETED.
func (f *fakeAPIServer) happen(t testing.TB, what, path string, object any) {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]any{}
	if err := json.Unmarshal(text, &content); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	written := &unstructured.Unstructured{Object: content}
	written.SetResourceVersion(strconv.Itoa(f.version))
	end := strings.LastIndex(path, "/")
	written.SetAPIVersion(path[:end])
	written.SetKind(f.resources[path[:end]][path[end+1:]])
	if what == "ADDED" {
		f.objects[path] = append(f.objects[path], content)
	}
	for _, watcher := range f.watchers[path] {
		watcher <- map[string]any{"type": what, "object": content}
	}
}

// serve adds a resource to a group version, or takes the group version away.
func (f *fakeAPIServer) serve(groupVersion string, resources map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if resources == nil {
		delete(f.resources, groupVersion)
		return
	}
	f.resources[groupVersion] = resources
}
