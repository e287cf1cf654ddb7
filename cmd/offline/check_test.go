package offline

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	authenticationv1 "k8s.io/api/authentication/v1"
)

// runCheck runs the command with what a program has for it.
func runCheck(ctx context.Context, sources CheckSources, in io.Reader, arguments ...string) (code int, stdout, stderr string) {
	root := &cobra.Command{Use: "program"}
	root.AddCommand(NewCheckCommand(sources))
	root.SetIn(in)
	var out, errs bytes.Buffer
	code = Execute(ctx, root, append([]string{"check"}, arguments...), &out, &errs)
	return code, out.String(), errs.String()
}

// emptyCluster has nothing in it, and remembers that it was asked.
type emptyCluster struct{ asked int }

func (c *emptyCluster) Objects(context.Context, []string, func([]byte) error) (map[string]error, error) {
	c.asked++
	return nil, nil
}

func (c *emptyCluster) Policy(context.Context) (text []byte, place string, unread, err error) {
	return nil, "", nil, nil
}

func TestClusterIsAskedOnRequest(t *testing.T) {
	var live emptyCluster
	var opened []ClusterAddress
	sources := CheckSources{Cluster: func(_ context.Context, at ClusterAddress) (Cluster, string, error) {
		opened = append(opened, at)
		if at.Context == "missing" {
			return nil, "", errors.New("there is no context missing")
		}
		return &live, "default", nil
	}}
	file := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		arguments  []string
		wantCode   int
		wantStderr string
		wantOpened []ClusterAddress
		wantAsked  int
	}{
		{arguments: []string{file}},
		{arguments: []string{"--cluster", file}, wantOpened: []ClusterAddress{{}}, wantAsked: 1},
		{arguments: []string{"--cluster", "--kubeconfig=k", "--context=c"}, wantOpened: []ClusterAddress{{Kubeconfig: "k", Context: "c"}}, wantAsked: 1},
		{
			arguments: []string{"--cluster", "--context=missing", file}, wantCode: ExitUnanswered,
			wantStderr: "error: there is no context missing\n", wantOpened: []ClusterAddress{{Context: "missing"}},
		},
		{
			arguments: []string{"--context=c", file}, wantCode: ExitUnanswered,
			wantStderr: "error: --kubeconfig and --context say which cluster --cluster means, and there is no --cluster\n",
		},
		{
			arguments: []string{"--cluster", "--fix"}, wantCode: ExitUnanswered,
			wantStderr: "error: --cluster without files and --fix or --diff do not go together: there is no file to change\n",
		},
	} {
		live.asked, opened = 0, nil
		code, _, stderr := runCheck(t.Context(), sources, nil, step.arguments...)
		if code != step.wantCode || stderr != step.wantStderr || live.asked != step.wantAsked || !slices.Equal(opened, step.wantOpened) {
			t.Errorf("%q: got %d, asked %d times, opened %v: %s", step.arguments, code, live.asked, opened, stderr)
		}
	}
}

func TestUserHasTheGroupsThatTheAPIServerAdds(t *testing.T) {
	for sentence, tc := range map[string]struct {
		options checkOptions
		want    authenticationv1.UserInfo
	}{
		"nobody":             {},
		"a user":             {checkOptions{asUser: "ann"}, authenticationv1.UserInfo{Username: "ann", Groups: []string{"system:authenticated"}}},
		"a user with groups": {checkOptions{asUser: "ann", asGroups: []string{"a", "b"}}, authenticationv1.UserInfo{Username: "ann", Groups: []string{"a", "b", "system:authenticated"}}},
		"a service account": {
			checkOptions{asUser: "system:serviceaccount:argocd:controller"},
			authenticationv1.UserInfo{Username: "system:serviceaccount:argocd:controller", Groups: []string{"system:serviceaccounts", "system:serviceaccounts:argocd", "system:authenticated"}},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.options.user()); diff != "" {
				t.Errorf("(-want,+got):\n%s", diff)
			}
		})
	}
}

// silence is a stream that nobody ever writes to. It tells when somebody has begun to read it.
type silence struct {
	begun sync.Once
	reads chan struct{}
	end   chan struct{}
}

func (s *silence) Read([]byte) (int, error) {
	s.begun.Do(func() { close(s.reads) })
	<-s.end
	return 0, io.EOF
}

func TestInterruptEndsTheWaitForStandardInput(t *testing.T) {
	for _, arguments := range [][]string{{"-"}, {"--diff", "-"}} {
		in := &silence{reads: make(chan struct{}), end: make(chan struct{})}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan string, 1)
		go func() {
			code, stdout, stderr := runCheck(ctx, CheckSources{}, in, arguments...)
			if code != ExitUnanswered || stdout != "" {
				t.Errorf("%q: got exit code %d and %q, want %d and nothing", arguments, code, stdout, ExitUnanswered)
			}
			ended <- stderr
		}()
		<-in.reads
		cancel()
		select {
		case stderr := <-ended:
			if stderr != "error: interrupted\n" {
				t.Errorf("%q: got %q, want that it was interrupted", arguments, stderr)
			}
		case <-time.After(time.Minute):
			t.Errorf("%q: it goes on waiting", arguments)
		}
		close(in.end)
	}
}

// TestSpeakAsRenamesTheProgramInExamples looks at a command below another too.
func TestSpeakAsRenamesTheProgramInExamples(t *testing.T) {
	root := &cobra.Command{Use: "program"}
	root.AddCommand(NewCheckCommand(CheckSources{}), NewConfigCommand(), NewRulesCommand())
	SpeakAs(root, "program")
	for _, command := range root.Commands() {
		if !strings.Contains(command.Example, "  program "+command.Name()) || strings.Contains(command.Example, writtenFor) {
			t.Errorf("the examples of %s are\n%s", command.Name(), command.Example)
		}
		if strings.Contains(command.Long, writtenFor) {
			t.Errorf("the text of %s names one of the programs:\n%s", command.Name(), command.Long)
		}
	}
}
