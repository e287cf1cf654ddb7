package cluster

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func namespace(name string, labels ...string) *corev1.Namespace {
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for i := 0; i+1 < len(labels); i += 2 {
		metav1.SetMetaDataLabel(&object.ObjectMeta, labels[i], labels[i+1])
	}
	return object
}

func terminating(name string) *corev1.Namespace {
	object := namespace(name)
	object.DeletionTimestamp, object.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"kubernetes"}
	return object
}

func account(namespace, name, managedBy string) *corev1.ServiceAccount {
	object := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	if managedBy != "" {
		metav1.SetMetaDataLabel(&object.ObjectMeta, "app.kubernetes.io/managed-by", managedBy)
	}
	return object
}

// binding is one of the guard's in namespace "team", with accounts of that namespace as subjects.
func binding(role string, accounts ...string) *rbacv1.RoleBinding {
	object := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: role, UID: "b", Labels: map[string]string{"app.kubernetes.io/managed-by": "flink-ha-webhook"}},
		RoleRef:    rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: role},
	}
	for _, name := range accounts {
		object.Subjects = append(object.Subjects, rbacv1.Subject{Kind: "ServiceAccount", Namespace: "team", Name: name})
	}
	return object
}

// The processes below have the high availability of Kubernetes in their own namespace, if nothing else is said.
const haArgument = "-Dhigh-availability.type=kubernetes"

func jobManager(account string, args ...string) *appsv1.Deployment {
	return deployment("team", "jm", account, append([]string{"standalone-job", haArgument, "-Dkubernetes.namespace=team", "-Dkubernetes.cluster-id=demo"}, args...)...)
}

func taskManager(account string) *appsv1.Deployment {
	return deployment("team", "tm", account, "taskmanager", haArgument, "-Dkubernetes.namespace=team", "-Dkubernetes.cluster-id=demo")
}

func nativeJobManager(account string) *appsv1.Deployment {
	object := deployment("team", "native", account, "bash", "-c", "kubernetes-jobmanager.sh kubernetes-session")
	pods := &object.Spec.Template
	pods.Labels = map[string]string{"type": "flink-native-kubernetes"}
	pods.Spec.Volumes = []corev1.Volume{{Name: "flink-config-volume", VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "flink-config-native"}},
	}}}
	pods.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "flink-config-volume", MountPath: "/opt/flink/conf"}}
	return object
}

// provisioning is a provisioner beside a cluster of which it sees everything at once.
type provisioning struct {
	*provisioner
	client client.WithWatch
	// writes are what was written, but for Events, and events those.
	writes []string
	events []*eventsv1.Event
	// answer is the error that writes get, but for Events.
	answer error
	clock  time.Time
}

func provisioningOf(t *testing.T, accounts policy.ServiceAccounts, objects ...client.Object) *provisioning {
	t.Helper()
	o, synced := everything(), true
	o.Policy = accountsPolicy(accounts)
	o.Judge = func(*inventory.Member) []validation.Finding {
		return []validation.Finding{{Rule: validation.JobManagerRightsMissing}, {Rule: "another-rule"}}
	}
	s := surroundings(t, o, &synced, objects...)
	_, others := storesWith(t, objects...)
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	byAccount := func(object client.Object) []string { return []string{object.(*corev1.Pod).Spec.ServiceAccountName} }
	p := &provisioning{clock: time.Unix(1_000_000, 0)}
	p.client = fake.NewClientBuilder().WithScheme(scheme).WithObjects(others...).WithIndex(&corev1.Pod{}, podAccountField, byAccount).WithReturnManagedFields().Build()
	recording := interceptor.NewClient(p.client, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, object client.Object, opts ...client.CreateOption) error {
			if event, ok := object.(*eventsv1.Event); ok {
				p.events = append(p.events, event)
				return c.Create(ctx, object, opts...)
			}
			return p.write("create "+object.GetName(), func() error { return c.Create(ctx, object, opts...) })
		},
		Apply: func(ctx context.Context, c client.WithWatch, object runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
			name := object.(interface{ GetName() *string }).GetName()
			return p.write("apply "+*name, func() error { return c.Apply(ctx, object, opts...) })
		},
		Delete: func(ctx context.Context, c client.WithWatch, object client.Object, _ ...client.DeleteOption) error {
			return p.write("delete "+object.GetName(), func() error { return c.Delete(ctx, object) }) // the fake client takes no preconditions
		},
	})
	now := func() time.Time { return p.clock }
	s.reader = p.client
	p.provisioner = &provisioner{
		client: recording, live: p.client, bindings: p.client, surroundings: s, now: now, grace: time.Hour,
		events: &eventWriter{client: recording, instance: "replica", now: now},
	}
	return p
}

func (p *provisioning) write(what string, do func() error) error {
	p.writes = append(p.writes, what)
	if p.answer != nil {
		return p.answer
	}
	return do()
}

// look lets the provisioner look once, and returns what it wrote.
func (p *provisioning) look(t *testing.T, namespace string) (writes []string, err error) {
	t.Helper()
	p.writes = nil
	_, err = p.Reconcile(t.Context(), requestFor(namespace))
	return p.writes, err
}

// lookLater does so once nobody relies on what was written lately.
func (p *provisioning) lookLater(t *testing.T, after time.Duration) []string {
	t.Helper()
	p.clock = p.clock.Add(after)
	writes, err := p.look(t, "team")
	if err != nil {
		t.Fatal(err)
	}
	return writes
}

// subjects are the accounts that the bindings have.
func (p *provisioning) subjects(t *testing.T) map[string][]string {
	t.Helper()
	var bindings rbacv1.RoleBindingList
	if err := p.client.List(t.Context(), &bindings); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, binding := range bindings.Items {
		for _, subject := range binding.Subjects {
			found[binding.Name] = append(found[binding.Name], subject.Name)
		}
	}
	return found
}

func makesAccounts() policy.ServiceAccounts {
	return policy.ServiceAccounts{Inject: true, Name: "flink", Provision: true}
}

const us = "flink-ha-webhook"

func TestProvisionerMakesWhatIsMissing(t *testing.T) {
	made, jm, native, tm := "create flink", "apply "+policy.JobManagerRole, "apply "+policy.NativeRole, "apply "+policy.TaskManagerRole
	binds := makesAccounts()
	binds.BindExisting = true
	bindsDefault := makesAccounts()
	bindsDefault.DefaultCredentials = policy.DefaultCredentialsBind
	pulling := account("team", "default", "")
	pulling.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "registry"}}
	off := makesAccounts()
	off.Provision = false
	labelled := makesAccounts()
	labelled.LabelledNamespacesOnly = true
	cases := map[string]struct {
		accounts policy.ServiceAccounts
		objects  []client.Object
		want     []string
	}{
		"a JobManager names it, and it is not there": {makesAccounts(), []client.Object{namespace("team"), jobManager("flink")}, []string{made, jm}},
		"a TaskManager does":                         {makesAccounts(), []client.Object{namespace("team"), taskManager("flink")}, []string{made, tm}},
		"both do: a JobManager has the rights of both": {
			makesAccounts(), []client.Object{namespace("team"), jobManager("flink"), taskManager("flink")}, []string{made, jm},
		},
		"a native JobManager, whose mode is not known":   {makesAccounts(), []client.Object{namespace("team"), nativeJobManager("flink")}, []string{made, jm, native}},
		"one without high availability":                  {makesAccounts(), []client.Object{namespace("team"), jobManager("flink", "-Dhigh-availability.type=none")}, []string{made}},
		"its HA ConfigMaps are in another namespace":     {makesAccounts(), []client.Object{namespace("team"), jobManager("flink", "-Dkubernetes.namespace=other")}, []string{made}},
		"nobody names it":                                {makesAccounts(), []client.Object{namespace("team"), jobManager("own"), account("team", "own", "")}, nil},
		"nobody runs Flink":                              {makesAccounts(), []client.Object{namespace("team"), deployment("team", "web", "flink", "serve")}, nil},
		"a client of Flink's names it":                   {makesAccounts(), []client.Object{namespace("team"), deployment("team", "c", "flink", "/opt/flink/bin/flink", "list")}, nil},
		"all is there":                                   {makesAccounts(), []client.Object{namespace("team"), jobManager("flink"), account("team", "flink", us), binding(policy.JobManagerRole, "flink")}, nil},
		"our account has lost its binding":               {makesAccounts(), []client.Object{namespace("team"), jobManager("flink"), account("team", "flink", us)}, []string{jm}},
		"one that we made for a name before":             {makesAccounts(), []client.Object{namespace("team"), jobManager("former"), account("team", "former", us)}, []string{jm}},
		"the account is somebody else's":                 {makesAccounts(), []client.Object{namespace("team"), jobManager("flink"), account("team", "flink", "")}, nil},
		"the account is Helm's":                          {makesAccounts(), []client.Object{namespace("team"), jobManager("flink"), account("team", "flink", "Helm")}, nil},
		"it is somebody's, and the policy has it bound":  {binds, []client.Object{namespace("team"), jobManager("flink"), account("team", "flink", "")}, []string{jm}},
		"another one is never bound":                     {binds, []client.Object{namespace("team"), jobManager("own"), account("team", "own", "")}, nil},
		"default is not bound":                           {bindsDefault, []client.Object{namespace("team"), jobManager(""), account("team", "default", "")}, nil},
		"default with credentials is, where policy says": {bindsDefault, []client.Object{namespace("team"), jobManager(""), pulling}, []string{jm}},
		"the policy has none made":                       {off, []client.Object{namespace("team"), jobManager("flink")}, nil},
		"the namespace names another": {
			makesAccounts(), []client.Object{namespace("team", "flink-ha.dev/service-account", "own"), jobManager("own")}, []string{"create own", jm},
		},
		"a labelled namespace has it before anybody comes": {labelled, []client.Object{namespace("team", "flink-ha.dev/service-account", "own")}, []string{"create own", jm}},
		"others have none then":                            {labelled, []client.Object{namespace("team"), jobManager("flink")}, nil},
		"a namespace cannot have default made":             {makesAccounts(), []client.Object{namespace("team", "flink-ha.dev/service-account", "default"), jobManager("")}, nil},
		"the namespace is going":                           {makesAccounts(), []client.Object{terminating("team"), jobManager("flink")}, nil},
		"the namespace is not known yet":                   {makesAccounts(), []client.Object{jobManager("flink")}, nil},
		"the namespace is free of the guard":               {makesAccounts(), []client.Object{namespace("team", "flink-ha.dev/guard", "disabled"), jobManager("flink")}, nil},
		"nothing is enforced in the namespace":             {makesAccounts(), []client.Object{namespace("team", "flink-ha.dev/enforce", "off"), jobManager("flink")}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := provisioningOf(t, tc.accounts, tc.objects...)
			writes, err := p.look(t, "team")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, writes); diff != "" {
				t.Errorf("written (-want,+got):\n%s", diff)
			}
			for range 2 { // at once, and when the caches have it all
				if again := p.lookLater(t, ownWriteLag); again != nil {
					t.Errorf("written again: %v", again)
				}
			}
		})
	}
}

func TestProvisionerNeedsToBeInformed(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"))
	p.surroundings.rbac.synced.Store(false)
	result, err := p.Reconcile(t.Context(), requestFor("team"))
	if err != nil || len(p.writes) > 0 || result.RequeueAfter == 0 {
		t.Errorf("got %+v, %v, written %v", result, err, p.writes)
	}
}

func TestProvisionerLeavesTheGuardsNamespaceAlone(t *testing.T) {
	for _, name := range []string{"guard", "kube-system"} {
		p := provisioningOf(t, makesAccounts(), namespace(name), deployment(name, "jm", "flink", "standalone-job", haArgument, "-Dkubernetes.namespace="+name))
		if writes, err := p.look(t, name); err != nil || writes != nil {
			t.Errorf("%s: %v, %v", name, writes, err)
		}
	}
}

func TestProvisionerRemembersWhatTheCachesHaveYetToSee(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"))
	empty := provisioningOf(t, makesAccounts(), namespace("team"))
	p.bindings, p.surroundings.reader = empty.client, empty.client // they lag behind what is written
	first, err := p.look(t, "team")
	if err != nil || len(first) != 2 {
		t.Fatalf("written %v, %v", first, err)
	}
	result, err := p.Reconcile(t.Context(), requestFor("team"))
	if err != nil || len(p.writes) != 2 || result.RequeueAfter <= 0 || result.RequeueAfter > ownWriteLag {
		t.Errorf("written %v, %v; looks again after %s", p.writes, err, result.RequeueAfter)
	}
}
