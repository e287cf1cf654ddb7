package survey

import (
	"net/http"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
)

// serverClock tells the time as the API server's answers do. Whether a leader leads goes by the clocks in the cluster, and that of
// somebody's own machine may be wrong.
type serverClock struct {
	// ahead is how far the API server's clock is ahead of ours, to the second.
	ahead atomic.Int64
}

// Clocked returns a copy of a configuration, and the time by the answers that its clients get. Before the first answer that is our own.
func Clocked(apiServer *rest.Config) (listening *rest.Config, now func() time.Time) {
	clock := &serverClock{}
	listening = rest.CopyConfig(apiServer)
	listening.Wrap(clock.listen)
	return listening, clock.now
}

func (c *serverClock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())).UTC() }

// listen has a transport set the clock by what it receives.
func (c *serverClock) listen(to http.RoundTripper) http.RoundTripper {
	return roundTripper(func(request *http.Request) (*http.Response, error) {
		response, err := to.RoundTrip(request)
		if err != nil {
			return nil, err
		}
		if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
			c.ahead.Store(int64(date.Sub(time.Now().Truncate(time.Second))))
		}
		return response, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }
