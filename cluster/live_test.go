package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
)

// pagedServer answers lists in pages of two, whatever it is asked for, and refuses everything but reading.
type pagedServer struct {
	*httptest.Server
	mu sync.Mutex
	// objects are those in a list, by its path; single are those that may be read by themselves. forbidden are paths that may not be
	// read, and every other path is unknown.
	objects   map[string][]string
	single    map[string]string
	forbidden map[string]bool
	// expires are the tokens that are answered, once, with the one by which the list goes on.
	expires map[string]string
	// cuts are the tokens whose page ends in the middle.
	cuts  map[string]bool
	asked []string
}

func startPagedServer(t *testing.T) *pagedServer {
	t.Helper()
	p := &pagedServer{
		objects: map[string][]string{}, single: map[string]string{}, forbidden: map[string]bool{}, expires: map[string]string{}, cuts: map[string]bool{},
	}
	for _, path := range []string{
		"/api/v1/namespaces", "/api/v1/configmaps", "/api/v1/serviceaccounts", "/apis/apps/v1/deployments", "/apis/apps/v1/statefulsets", "/apis/batch/v1/jobs",
		"/apis/rbac.authorization.k8s.io/v1/roles", "/apis/rbac.authorization.k8s.io/v1/rolebindings",
		"/apis/rbac.authorization.k8s.io/v1/clusterroles", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
	} {
		p.objects[path] = nil
	}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP answers lists and objects.
func (p *pagedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	token := r.URL.Query().Get("continue")
	p.asked = append(p.asked, r.Method+" "+r.URL.Path+" limit="+r.URL.Query().Get("limit")+" continue="+token)
	objects, listed := p.objects[r.URL.Path]
	single, alone := p.single[r.URL.Path]
	fail := func(code int, reason, then string) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{"continue":%q},"status":"Failure","message":"it is so","reason":%q,"code":%d}`, then, reason, code)
	}
	switch then, expired := p.expires[token]; {
	case r.Method != http.MethodGet:
		fail(http.StatusMethodNotAllowed, "MethodNotAllowed", "")
	case p.forbidden[r.URL.Path]:
		fail(http.StatusForbidden, "Forbidden", "")
	case expired:
		delete(p.expires, token)
		fail(http.StatusGone, "Expired", then)
	case alone:
		_, _ = io.WriteString(w, single)
	case !listed:
		fail(http.StatusNotFound, "NotFound", "")
	default:
		p.page(w, objects, token)
	}
}

// page answers with two objects. A token is the number of the first one, whatever stands behind it.
func (p *pagedServer) page(w io.Writer, objects []string, token string) {
	var from int
	_, _ = fmt.Sscan(token, &from)
	to, next := min(from+2, len(objects)), ""
	if to < len(objects) {
		next = fmt.Sprint(to)
	}
	answer := fmt.Sprintf(`{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":%q},"items":[%s]}`, next, strings.Join(objects[from:to], ","))
	if p.cuts[token] {
		answer = strings.TrimSuffix(answer, "]}")
	}
	_, _ = io.WriteString(w, answer)
}

// item is an object of that name, as lists have it.
func item(name string) string {
	return fmt.Sprintf(`{"metadata":{"name":%q,"namespace":"team"},"data":{"a":"b"}}`, name)
}

// reads returns what is read of the server, as kind and name, and what may not be.
func (p *pagedServer) reads(t *testing.T, namespaces ...string) (objects []string, unread map[string]error, err error) {
	t.Helper()
	live, err := NewLive(&rest.Config{Host: p.URL, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	unread, err = live.Objects(t.Context(), namespaces, func(raw []byte) error {
		var object struct {
			APIVersion, Kind string
			Metadata         struct{ Name string }
		}
		if err := json.Unmarshal(raw, &object); err != nil {
			t.Errorf("got %s: %v", raw, err)
		}
		objects = append(objects, object.APIVersion+" "+object.Kind+" "+object.Metadata.Name)
		return nil
	})
	return objects, unread, err
}

func TestLiveReadsEveryPageWithTypes(t *testing.T) {
	p := startPagedServer(t)
	p.objects["/api/v1/configmaps"] = []string{item("a"), item("b"), item("c"), item("d"), item("e")}
	p.objects["/apis/apps/v1/deployments"] = []string{item("f")}
	p.objects["/apis/flink.apache.org/v1beta1/flinkdeployments"] = []string{`{"apiVersion":"flink.apache.org/v1beta1","kind":"FlinkDeployment","metadata":{"name":"g"}}`}
	p.single["/apis/flink.apache.org/v1beta1"] = `{"kind":"APIResourceList","resources":[{"name":"flinkdeployments"},{"name":"flinkdeployments/status"}]}`
	got, unread, err := p.reads(t)
	want := []string{
		"v1 ConfigMap a", "v1 ConfigMap b", "v1 ConfigMap c", "v1 ConfigMap d", "v1 ConfigMap e", "apps/v1 Deployment f",
		"flink.apache.org/v1beta1 FlinkDeployment g",
	}
	if diff := cmp.Diff(want, got); err != nil || len(unread) > 0 || diff != "" {
		t.Errorf("got %v, unread %v (-want +got):\n%s", err, unread, diff)
	}
	for _, asked := range p.asked {
		if !strings.HasPrefix(asked, "GET ") || strings.Contains(asked, "flinksessionjobs") {
			t.Errorf("asked %s, want only to read what is served", asked)
		}
	}
	if !slices.Contains(p.asked, "GET /api/v1/configmaps limit=500 continue=4") {
		t.Errorf("asked\n%s", strings.Join(p.asked, "\n"))
	}
}

func TestLiveGoesOnWhereTheAPIServerHasForgottenTheList(t *testing.T) {
	p := startPagedServer(t)
	p.objects["/api/v1/configmaps"] = []string{item("a"), item("b"), item("c"), item("d"), item("e")}
	p.expires["2"] = "2 as it is now"
	got, _, err := p.reads(t)
	want := []string{"v1 ConfigMap a", "v1 ConfigMap b", "v1 ConfigMap c", "v1 ConfigMap d", "v1 ConfigMap e"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
	p.expires["2"] = "" // it does not say how to go on
	if _, _, err := p.reads(t); err == nil || !strings.Contains(err.Error(), "listing configmaps: it is so") {
		t.Errorf("got %v, want no shorter list", err)
	}
}

func TestLiveTakesNoListThatEndsEarlyForAShorterOne(t *testing.T) {
	p := startPagedServer(t)
	p.objects["/api/v1/configmaps"] = []string{item("a"), item("b"), item("c")}
	p.cuts["2"] = true
	if _, _, err := p.reads(t); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "configmaps") {
		t.Errorf("got %v, want it to say what was cut", err)
	}
}

func TestLiveReadsTheNamespacesOfWhoMayNotReadAll(t *testing.T) {
	p := startPagedServer(t)
	for _, path := range []string{
		"/api/v1/namespaces", "/api/v1/configmaps", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "/api/v1/namespaces/theirs/configmaps",
		"/apis/flink.apache.org/v1beta1", "/apis/flink.apache.org/v1beta1/flinkdeployments",
	} {
		p.forbidden[path] = true
	}
	p.objects["/api/v1/namespaces/gone/configmaps"] = nil // so API servers answer
	p.objects["/api/v1/namespaces/team/configmaps"] = []string{item("a"), item("b"), item("c")}
	p.single["/api/v1/namespaces/team"] = `{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"team"}}`
	p.objects["/apis/flink.apache.org/v1beta1/flinksessionjobs"] = []string{item("d")} // of flinkbluegreendeployments nothing is known
	p.objects["/apis/flink.apache.org/v1beta1/namespaces/team/flinkdeployments"] = []string{item("e")}
	got, unread, err := p.reads(t, "theirs", "team", "", "team", "gone")
	want := []string{
		"v1 Namespace team", "v1 ConfigMap a", "v1 ConfigMap b", "v1 ConfigMap c", "flink.apache.org/v1beta1 FlinkDeployment e",
		"flink.apache.org/v1beta1 FlinkSessionJob d",
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("got %v (-want +got):\n%s", err, diff)
	}
	if len(unread) != 4 || unread["namespaces"] == nil || unread["configmaps"] == nil || unread["clusterroles"] == nil || unread["flinkdeployments"] == nil {
		t.Errorf("got unread %v", unread)
	}
	if got := fmt.Sprint(unread["configmaps"]); got != "it is so" {
		t.Errorf("got the reason %q, want the API server's", got)
	}
}

func TestLiveStopsWhenTakingFails(t *testing.T) {
	p := startPagedServer(t)
	p.objects["/api/v1/configmaps"] = []string{item("a"), item("b"), item("c")}
	live, err := NewLive(&rest.Config{Host: p.URL, QPS: -1})
	if err != nil {
		t.Fatal(err)
	}
	full, taken := errors.New("full"), 0
	if _, err := live.Objects(t.Context(), nil, func([]byte) error { taken++; return full }); !errors.Is(err, full) || taken != 1 {
		t.Errorf("got %v after %d objects, want it to stop at the first", err, taken)
	}
}

func TestLiveSaysThatThereIsNoCluster(t *testing.T) {
	p := startPagedServer(t)
	p.Close()
	if _, _, err := p.reads(t); err == nil || !strings.HasPrefix(err.Error(), "reading the cluster: ") {
		t.Errorf("got %v", err)
	}
	p = startPagedServer(t)
	delete(p.objects, "/apis/apps/v1/deployments")
	if _, _, err := p.reads(t); err == nil || !strings.Contains(err.Error(), "listing deployments") {
		t.Errorf("got %v of an API server without Deployments", err)
	}
}
