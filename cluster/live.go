package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
)

const (
	// livePage is how many objects the API server is asked for at once, as kubectl does.
	livePage = 500
	// livePatience is how long one request may take where the configuration does not say: the API server's own default.
	livePatience = time.Minute
)

// Live reads the objects of a cluster that may matter to a verdict, with the rights of whoever asks. It never writes, and keeps nothing.
// It is safe for concurrent use.
type Live struct{ client rest.Interface }

// NewLive returns what reads the cluster of an API server. Nothing is asked yet; the error is about the configuration.
func NewLive(config *rest.Config) (*Live, error) {
	scheme, err := Scheme()
	if err != nil {
		return nil, err
	}
	config = rest.CopyConfig(config)
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion() // for the API server's errors
	if config.Timeout == 0 {
		config.Timeout = livePatience
	}
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the API server: %w", err)
	}
	return &Live{client}, nil
}

// Objects hands over, each once and as JSON, all objects of the kinds that the guard judges or that it asks about, in no order that
// means something. Who may not read the objects of all namespaces gets those of the ones that are named.
//
// What may not be read is no error: unread has the API server's reason by resource, such as "roles", also where the objects of the
// named namespaces were read. The error is that of the context, of the API server or of take.
func (l *Live) Objects(ctx context.Context, namespaces []string, take func(object []byte) error) (unread map[string]error, err error) {
	resources, err := l.resources(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the cluster: %w", err)
	}
	namespaces = slices.DeleteFunc(slices.Clone(namespaces), func(name string) bool { return name == "" })
	slices.Sort(namespaces)
	namespaces = slices.Compact(namespaces)
	unread = map[string]error{}
	for _, resource := range resources {
		denied, err := l.list(ctx, resource, resource.path(""), take)
		if denied != nil {
			unread[resource.name] = denied
			err = l.some(ctx, resource, namespaces, take)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the cluster: listing %s: %w", resource.name, err)
		}
	}
	return unread, nil
}

// some hands over the objects of some namespaces, as far as they may be read.
func (l *Live) some(ctx context.Context, resource liveResource, namespaces []string, take func([]byte) error) error {
	for _, namespace := range namespaces {
		var err error
		switch {
		case resource.isNamespaces():
			err = l.get(ctx, resource, namespace, take)
		case resource.namespaced:
			_, err = l.list(ctx, resource, resource.path(namespace), take)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// list hands over the objects at a path, page by page. denied is the API server's answer to who may not list them.
func (l *Live) list(ctx context.Context, resource liveResource, path string, take func([]byte) error) (denied, err error) {
	for next, first := "", true; first || next != ""; first = false {
		after := next
		next, err = l.page(ctx, resource, path, after, take)
		switch {
		case first && apierrors.IsForbidden(err):
			return err, nil
		case first && resource.optional && apierrors.IsNotFound(err): // the cluster has no such kind
			return nil, nil
		case !first && apierrors.IsResourceExpired(err) && goOn(err) != "":
			next = goOn(err)
		case err != nil:
			return nil, err
		}
	}
	return nil, nil
}

// goOn is where a list goes on that took so long that the API server has forgotten how things were at its beginning: behind the last
// object that it gave, as things are now. Other resources are listed at another time anyway.
func goOn(expired error) string {
	if status, ok := errors.AsType[*apierrors.StatusError](expired); ok {
		return status.Status().Continue
	}
	return ""
}

// page hands over one page of a list, and says where the next begins: "" behind the last.
func (l *Live) page(ctx context.Context, resource liveResource, path, after string, take func([]byte) error) (next string, err error) {
	request := l.client.Get().AbsPath(path).Param("limit", strconv.Itoa(livePage))
	if after != "" {
		request.Param("continue", after)
	}
	// A page of ConfigMaps may be hundreds of MiB long: it is read object by object.
	body, err := request.Stream(ctx)
	if err != nil {
		return "", err
	}
	defer body.Close()
	return resource.read(body, take)
}

// get hands over one object, unless it is not there or may not be read.
func (l *Live) get(ctx context.Context, resource liveResource, name string, take func([]byte) error) error {
	object, err := l.client.Get().AbsPath(resource.path(""), name).Do(ctx).Raw()
	switch {
	case apierrors.IsForbidden(err) || apierrors.IsNotFound(err):
		return nil
	case err != nil:
		return err
	}
	return resource.take(object, take)
}
