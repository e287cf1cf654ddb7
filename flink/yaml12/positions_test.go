package yaml12_test

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink/yaml12"
)

// FuzzParse holds what an editor relies on: every node stands where it says, and children stand within their parents in order.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a: b\nc:\n  - d\n  - 'e'\n", "a: \"b\\n\" # c\nd: |\n  e\n\nf: >-\n  g\n", "{a: [b, &c {d: e}], f: *c}\n", "? a\n: - b\n  - c\n", "a: !!str &x\nb:\n", "é: ü\r\n\ufeffb: c\u0085\n",
		"%TAG !e! tag:e\n--- # x\na: !e!f b\n...\n", "[a: b, ? c, : d]", "a:\n- b\n-\n- - c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if root, err := yaml12.Parse(text); err == nil && root != nil {
			checkNode(t, text, root)
		}
	})
}

func TestPositions(t *testing.T) {
	text := "é: &x 'a'\nb:\n  - c  # d\n  - >\n    e\n\nf: {g: h}\n"
	root, err := yaml12.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	checkNode(t, text, root)
	for i, want := range []string{"é", "'a'", "b", "- c  # d\n  - >\n    e\n", "f", "{g: h}"} {
		node := root.Children[i]
		if got := text[node.Start.Offset:node.End]; got != want {
			t.Errorf("child %d is %q, want %q", i, got, want)
		}
	}
	value := root.Children[1]
	if value.Start.Line != 0 || value.Start.Column != 6 || value.Properties.Column != 3 {
		t.Errorf("the value stands at %+v behind its anchor at %+v, want columns 6 and 3", value.Start, value.Properties)
	}
}

func checkNode(t *testing.T, text string, node *yaml12.Node) {
	t.Helper()
	if node.Properties.Offset > node.Start.Offset || node.Start.Offset > node.End || node.End > len(text) {
		t.Fatalf("%q: a node from %d (%d) to %d", text, node.Properties.Offset, node.Start.Offset, node.End)
	}
	written := text[node.Start.Offset:node.End]
	switch {
	case node.Kind == yaml12.Alias && !strings.HasPrefix(written, "*"),
		node.Kind == yaml12.Scalar && node.Style == yaml12.Plain && !strings.ContainsAny(written, "\r\n\u0085\u2028\u2029") && written != node.Value,
		node.Kind == yaml12.Scalar && node.Style == yaml12.SingleQuoted && (len(written) < 2 || written[0] != '\'' || written[len(written)-1] != '\''),
		node.Kind == yaml12.Scalar && node.Style == yaml12.DoubleQuoted && (len(written) < 2 || written[0] != '"' || written[len(written)-1] != '"'),
		node.Kind == yaml12.Scalar && node.Style == yaml12.Literal && !strings.HasPrefix(written, "|"),
		node.Kind == yaml12.Scalar && node.Style == yaml12.Folded && !strings.HasPrefix(written, ">"):
		t.Fatalf("%q: %q is written as %q", text, node.Value, written)
	}
	end := node.Start.Offset
	for _, child := range node.Children {
		if child.Properties.Offset < end || child.End > node.End {
			t.Fatalf("%q: a child from %d to %d of a node from %d to %d comes after %d", text, child.Properties.Offset, child.End, node.Start.Offset, node.End, end)
		}
		end = child.End
		checkNode(t, text, child)
	}
}
