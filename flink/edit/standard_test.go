package edit

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestSetStandardInPlace(t *testing.T) {
	const ha, dir = flink.KeyHighAvailabilityType, flink.KeyStorageDir
	runCases(t, flink.LoaderStandard, map[string]editCase{
		"flat, plain, the comment stays": {
			text: "# top\nhigh-availability.type:   zookeeper  # HA\nrest.port: 8081\n", key: ha, value: "kubernetes",
			want: "# top\nhigh-availability.type:   kubernetes  # HA\nrest.port: 8081\n",
		},
		"nested": {
			text: "high-availability:\n  type: NONE\n  storageDir: x\n", key: ha, value: "kubernetes",
			want: "high-availability:\n  type: kubernetes\n  storageDir: x\n",
		},
		"a mixture":                        {text: "a:\n  b.c:\n    d: 1\n", key: "a.b.c.d", value: "2", want: "a:\n  b.c:\n    d: 2\n"},
		"in braces":                        {text: "high-availability: {type: x, storageDir: y} # c\n", key: ha, value: "kubernetes", want: "high-availability: {type: kubernetes, storageDir: y} # c\n"},
		"JSON":                             {text: `{"a":{"b":1,"c":"x"}}`, key: "a.c", value: "y", want: `{"a":{"b":1,"c":"y"}}`},
		"single quotes stay":               {text: "a: 'x' # c\n", key: "a", value: "it's", want: "a: 'it''s' # c\n"},
		"double quotes stay":               {text: "a: \"x\"\n", key: "a", value: `\"`, want: "a: \"\\\\\\\"\"\n"},
		"single quotes become double ones": {text: "a: 'x'\n", key: "a", value: "b\nc", want: "a: \"b\\nc\"\n"},
		"a plain value gets quotes where it must":  {text: "kubernetes.cluster-id: x\n", key: flink.KeyClusterID, value: "0123", want: "kubernetes.cluster-id: '0123'\n"},
		"a value on the next line":                 {text: "a:\n  x # c\nb: 1\n", key: "a", value: "y", want: "a:\n  y # c\nb: 1\n"},
		"a plain value over two lines":             {text: "a: x\n  y # c\nb: 1\n", key: "a", value: "z", want: "a: z # c\nb: 1\n"},
		"a block scalar becomes one line":          {text: "a: |- # c\n  x\n  y\n\nb: 1\n", key: "a", value: "z", want: "a: z # c\n\nb: 1\n"},
		"a block scalar without a last line break": {text: "b: 1\na: >\n  x", key: "a", value: "z", want: "b: 1\na: z"},
		"a block scalar with CR LF":                {text: "a: |\r\n  x\r\nb: 1\r\n", key: "a", value: "z", want: "a: z\r\nb: 1\r\n"},
		"a list in brackets stays a list":          {text: "a: [x, y] # c\n", key: "a", value: "[z, w]", want: "a: [z, w] # c\n"},
		"a list in brackets becomes a text":        {text: "a: [x,\n  y] # c\n", key: "a", value: "z", want: "a: z # c\n"},
		"a list of lines becomes a text":           {text: "a: # c\n  - x\n  - y # d\nb: 1\n", key: "a", value: "z", want: "a: z # c\nb: 1\n"},
		"a list of lines that is not indented":     {text: "a:\n- x\n- y\nb: 1\n", key: "a", value: "z", want: "a: z\nb: 1\n"},
		"a list of lines stays a list":             {text: "a:\n- x\nb: 1\n", key: "a", value: "[y]", want: "a: [y]\nb: 1\n"},
		"a list with a tag":                        {text: "a: !!seq # c\n- x\nb: 1\n", key: "a", value: "y", want: "a: y\nb: 1\n"},
		"a text that looks like a list is quoted":  {text: "a: x\n", key: "a", value: "[y]", want: "a: '[y]'\n"},
		"an alias is replaced, not its anchor":     {text: "a: &x 1\nb: *x # c\n", key: "b", value: "2", want: "a: &x 1\nb: 2 # c\n"},
		"an anchor that nobody uses stays":         {text: "a: &x 1\nb: 2\n", key: "a", value: "3", want: "a: &x 3\nb: 2\n"},
		"a tag that fits stays":                    {text: "a: !!str 1\n", key: "a", value: "x", want: "a: !!str x\n"},
		"a tag that does not fit goes":             {text: "a: !!int 1\n", key: "a", value: "x", want: "a: x\n"},
		"the last of two spellings is set": {
			text: "a.b: 1\na:\n  b: 2\n", key: "a.b", value: "3", want: "a.b: 1\na:\n  b: 3\n",
		},
		"a quoted key":               {text: "\"a\": 1\n", key: "a", value: "2", want: "\"a\": 2\n"},
		"a key with a question mark": {text: "? a\n: 1\nb: 2\n", key: "a", value: "3", want: "? a\n: 3\nb: 2\n"},
		"CR":                         {text: "a: 1\rb: 2\r", key: "a", value: "3", want: "a: 3\rb: 2\r"},
		"byte order mark":            {text: "\ufeffa: 1\n", key: "a", value: "3", want: "\ufeffa: 3\n"},
		"directive and document":     {text: "%YAML 1.2\n--- # c\na: 1\n...\n", key: "a", value: "3", want: "%YAML 1.2\n--- # c\na: 3\n...\n"},
		"the same value changes nothing, however written": {text: "a: \"\\x31\"\n", key: "a", value: "1", want: "a: \"\\x31\"\n"},
		"a number with another text":                      {text: "a: 007\n", key: "a", value: "007", want: "a: '007'\n"},
		"an empty value is quoted":                        {text: "a: 1\n", key: "a", value: "", want: "a: ''\n"},
		"true stays plain":                                {text: "a: 1\n", key: "a", value: "true", want: "a: true\n"},
		"True needs quotes":                               {text: "a: 1\n", key: "a", value: "True", want: "a: 'True'\n"},
		"null needs quotes":                               {text: "a: 1\n", key: "a", value: "null", want: "a: 'null'\n"},
		"a hash needs quotes":                             {text: "a: 1\n", key: "a", value: "x #y", want: "a: 'x #y'\n"},
		"a colon needs quotes":                            {text: "a: 1\n", key: "a", value: "x: y", want: "a: 'x: y'\n"},
		"a star needs quotes":                             {text: "a: 1\n", key: "a", value: "*x", want: "a: '*x'\n"},
		"a comma needs quotes in braces only":             {text: "a: 1\nb: {c: 1}\n", key: "b.c", value: "x,y", want: "a: 1\nb: {c: 'x,y'}\n"},
		"unicode stays":                                   {text: "a: 1\n", key: "a", value: "é日😀", want: "a: é日😀\n"},
		"what does not show is escaped":                   {text: "a: 1\n", key: "a", value: "x\u2028\ufeff\x00\u0085", want: "a: \"x\\u2028\\ufeff\\x00\\x85\"\n"},
		"a float keeps its text":                          {text: "a: 1\n", key: "a", value: "1e3", want: "a: '1e3'\n"},
		"a float whose text depends on Java is quoted":    {text: "a: 1\n", key: "a", value: "2.0E30", want: "a: '2.0E30'\n"},
		"an alias of the whole map: a later spelling counts": {
			text: "base: &b {type: zookeeper, storageDir: y}\nhigh-availability: *b\nz: 1\n", key: ha, value: "kubernetes",
			want: "base: &b {type: zookeeper, storageDir: y}\nhigh-availability: *b\nhigh-availability.type: kubernetes\nz: 1\n",
		},
		"a map that an alias uses elsewhere: a later spelling counts": {
			text: "high-availability: &b\n  type: zookeeper\nother: *b\n", key: ha, value: "kubernetes",
			want: "high-availability: &b\n  type: zookeeper\nhigh-availability.type: kubernetes\nother: *b\n",
		},
		"a merge key is a key like others": {
			text: "b: &b {type: x}\nhigh-availability:\n  <<: *b\n", key: ha, value: "kubernetes",
			want: "b: &b {type: x}\nhigh-availability:\n  <<: *b\n  type: kubernetes\n",
		},
		"a null is mended":               {text: "a: 1\nhigh-availability.storageDir: # fill in\nb: 2\n", key: dir, value: "s3://b/ha", want: "a: 1\nhigh-availability.storageDir: s3://b/ha # fill in\nb: 2\n"},
		"a nested null is mended":        {text: "a:\n  b:\n  c: 1\n", key: "a.b", value: "2", want: "a:\n  b: 2\n  c: 1\n"},
		"a null at the very end":         {text: "a:", key: "a", value: "2", want: "a: 2"},
		"a written null is mended":       {text: "a: ~ # c\n", key: "a", value: "2", want: "a: 2 # c\n"},
		"a tagged null is mended":        {text: "a: !!null\n", key: "a", value: "2", want: "a: 2\n"},
		"a null in braces is mended":     {text: "a: {b: , c: 1}\n", key: "a.b", value: "2", want: "a: {b: 2 , c: 1}\n"},
		"a lone key in braces is mended": {text: "a: {b, c: 1}\n", key: "a.b", value: "2", want: "a: {b: 2, c: 1}\n"},
		"a null that is a parent gets the key": {
			text: "high-availability: # fill in\nz: 1\n", key: ha, value: "kubernetes",
			want: "high-availability: # fill in\n  type: kubernetes\nz: 1\n",
		},
		"such a parent in a file that indents by four": {
			text: "a:\n    b: 1\nc:", key: "c.d", value: "2", want: "a:\n    b: 1\nc:\n    d: 2",
		},
		"a written null that is a parent": {text: "a: ~ # c\n", key: "a.b", value: "2", want: "a: {b: 2} # c\n"},
		"an empty map gives way":          {text: "a: {} # c\n", key: "a", value: "2", want: "a: 2 # c\n"},

		"an anchor that others use": {text: "x: 1\na: &x long\nb: *x\n", key: "a", value: "other", wantRefused: "anchor", wantLine: 2},
		"an alias, and no room for a later spelling": {
			text: "high-availability.type: x\nb: &b {type: y}\nhigh-availability: *b\n", key: ha, value: "kubernetes",
			wantRefused: "alias stands for", wantLine: 3,
		},
		"a map under the very key":                      {text: "x: 1\nhigh-availability:\n  type: x\n", key: "high-availability", value: "kubernetes", wantRefused: "a map stands under this key", wantLine: 2},
		"another null":                                  {text: "a: 1\nb:\n", key: "a", value: "2", wantRefused: `"b" has no value`, wantLine: 2},
		"another null beside the one that is set":       {text: "a:\nb:\n", key: "a", value: "2", wantRefused: `"b" has no value`, wantLine: 2},
		"another null behind a parent that gets a line": {text: "a:\nb:\n", key: "a.c", value: "2", wantRefused: `"b" has no value`, wantLine: 2},
		"another null before it":                        {text: "b:\na:\n", key: "a.c", value: "2", wantRefused: `"b" has no value`, wantLine: 1},
		"a duplicate key":                               {text: "a: 1\na: 2\n", key: "a", value: "3", wantRefused: "written twice", wantLine: 2},
		"a syntax error":                                {text: "a: 1\nb: [\n", key: "a", value: "3", wantRefused: "mend that first", wantLine: 3},
		"a list as the document":                        {text: "- a\n", key: "a", value: "3", wantRefused: "not a map", wantLine: 1},
		"two documents":                                 {text: "a: 1\n---\nb: 1\n", key: "a", value: "3", wantRefused: "more than one document", wantLine: 2},
		"a key in too many spellings":                   {text: manySpellings(9), key: "a.a.a.a.a.a.a.a.a", value: "3", wantRefused: "too many ways"},
		"a template":                                    {text: "a: {{ x }}\n", key: "a", value: "3", wantRefused: "template"},
		"a file that is too large":                      {text: strings.Repeat("#234567\n", 140_000), key: "a", value: "3", wantRefused: "larger"},
		"a value that is too large":                     {text: "a: 1\n", key: "a", value: strings.Repeat("x", 1<<20), wantRefused: "larger"},
	})
}

func TestAddToStandard(t *testing.T) {
	const ha, dir = flink.KeyHighAvailabilityType, flink.KeyStorageDir
	runCases(t, flink.LoaderStandard, map[string]editCase{
		"into the block that is there": {
			text: "high-availability:\n    type: kubernetes # c\n    # about nothing\n\nz: 1\n", key: dir, value: "s3://b/ha",
			want: "high-availability:\n    type: kubernetes # c\n    storageDir: s3://b/ha\n    # about nothing\n\nz: 1\n",
		},
		"into the deepest block": {
			text: "a:\n  b:\n    c: 1\n  d: 2\n", key: "a.b.x.y", value: "3", want: "a:\n  b:\n    c: 1\n    x.y: 3\n  d: 2\n",
		},
		"behind its relatives in the block": {
			text: "a:\n  b.c: 1\n  d: 2\n", key: "a.b.e", value: "3", want: "a:\n  b.c: 1\n  b.e: 3\n  d: 2\n",
		},
		"flat beside its relatives": {
			text: "high-availability.type: kubernetes\nz: 1\n", key: dir, value: "s3://b/ha",
			want: "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://b/ha\nz: 1\n",
		},
		"behind a nested relative that ends deep": {
			text: "a.b:\n  c:\n    d: 1 # c\nz: 1\n", key: "a.x", value: "3", want: "a.b:\n  c:\n    d: 1 # c\na.x: 3\nz: 1\n",
		},
		"at the end of the map":          {text: "a: 1\n\n# end\n", key: "b", value: "2", want: "a: 1\nb: 2\n\n# end\n"},
		"no line break at the end":       {text: "a: 1", key: "b", value: "2", want: "a: 1\nb: 2"},
		"CR LF":                          {text: "a: 1\r\n", key: "b", value: "2", want: "a: 1\r\nb: 2\r\n"},
		"CR":                             {text: "a: 1\r", key: "b", value: "2", want: "a: 1\rb: 2\r"},
		"before the end of the document": {text: "---\na: 1\n...\n", key: "b", value: "2", want: "---\na: 1\nb: 2\n...\n"},
		"an empty file":                  {text: "", key: "b", value: "2", want: "b: 2\n"},
		"a byte order mark only":         {text: "\ufeff", key: "b", value: "2", want: "\ufeffb: 2\n"},
		"comments only":                  {text: "# a\r\n# b", key: "b", value: "2", want: "# a\r\n# b\r\nb: 2"},
		"an empty document":              {text: "---\n", key: "b", value: "2", want: "---\nb: 2\n"},
		"an empty document with an end":  {text: "--- # c\n...\n# d\n", key: "b", value: "2", want: "--- # c\nb: 2\n...\n# d\n"},
		"braces only":                    {text: "{}\n", key: "b", value: "2", want: "b: 2\n"},
		"braces behind a document start": {text: "--- {} # c\n", key: "b", value: "2", want: "--- {b: 2} # c\n"},
		"a null document":                {text: "# a\n~\n", key: "b", value: "2", want: "# a\nb: 2\n"},
		"the document in braces":         {text: "{a: 1}\n", key: "b", value: "2", want: "{a: 1, b: 2}\n"},
		"a map in braces":                {text: "a: {b: 1 } # c\n", key: "a.c", value: "x}", want: "a: {b: 1, c: 'x}' } # c\n"},
		"an empty map in braces":         {text: "a: { }\n", key: "a.c", value: "2", want: "a: {c: 2}\n"},
		"a map in braces over lines":     {text: "a: {\n  b: 1, # x\n  c: 2 # y\n}\n", key: "a.d", value: "3", want: "a: {\n  b: 1, # x\n  c: 2,\n  d: 3 # y\n}\n"},
		"JSON":                           {text: `{"a":{"b":"1"}}`, key: "a.c", value: "2", want: `{"a":{"b":"1", "c": "2"}}`},
		"quotes as the other values have": {
			text: "a: \"x\"\nb: \"y\"\nc: z\n", key: "d", value: "1", want: "a: \"x\"\nb: \"y\"\nc: z\nd: \"1\"\n",
		},
		"beside a text with the key's beginning": {text: "high-availability: kubernetes\n", key: dir, value: "s3://b/ha", want: "high-availability: kubernetes\nhigh-availability.storageDir: s3://b/ha\n"},
		"beside a map with the key's name": {
			text: "a:\n  b:\n    c: 1\n", key: "a.b", value: "2", want: "a:\n  b:\n    c: 1\na.b: 2\n",
		},
		"not into a map that an alias uses elsewhere": {
			text: "a: &a\n  b: 1\nc: *a\n", key: "a.d", value: "2", want: "a: &a\n  b: 1\na.d: 2\nc: *a\n",
		},
		"not into an alias": {
			text: "a: &a\n  b: 1\nc: *a\nd: 1\n", key: "c.d", value: "2", want: "a: &a\n  b: 1\nc: *a\nc.d: 2\nd: 1\n",
		},
		"behind a block scalar": {text: "a: |\n  x\n\nb: 1\n", key: "a.c", value: "2", want: "a: |\n  x\na.c: 2\n\nb: 1\n"},
		"behind a block scalar that keeps blank lines": {
			text: "b:\n  a: |+\n    x\n\n\nc: 1\n", key: "b.d", value: "2", want: "b:\n  a: |+\n    x\n\n\n  d: 2\nc: 1\n",
		},
		"a block scalar that a line break would change": {
			text: "b: 1\na: |\n  x", key: "c", value: "2", want: "b: 1\nc: 2\na: |\n  x",
		},
		"behind a list":              {text: "a.b:\n- x\n- y # c\nc: 1\n", key: "a.c", value: "2", want: "a.b:\n- x\n- y # c\na.c: 2\nc: 1\n"},
		"a key that needs quotes":    {text: "a: 1\n", key: "1.5", value: "x", want: "a: 1\n'1.5': x\n"},
		"a key called null":          {text: "a: 1\n", key: "null", value: "x", want: "a: 1\n'null': x\n"},
		"a key that is an indicator": {text: "a: 1\n", key: "- b: c #d", value: "x", want: "a: 1\n'- b: c #d': x\n"},
		"a value of several lines":   {text: "a: 1\n", key: "b", value: "x\n y\n", want: "a: 1\nb: \"x\\n y\\n\"\n"},
		"a map behind a tag":         {text: "a: !!map\n  b: 1\n", key: "a.c", value: "2", want: "a: !!map\n  b: 1\n  c: 2\n"},
		"ha on a typical file": {
			text: "jobmanager:\n  rpc:\n    address: x\nparallelism:\n  default: 1\n", key: ha, value: "kubernetes",
			want: "jobmanager:\n  rpc:\n    address: x\nparallelism:\n  default: 1\nhigh-availability.type: kubernetes\n",
		},
		"a key that is too long": {text: "a: 1\n", key: strings.Repeat("k", 2000), value: "x", wantRefused: "no place"},
	})
}

func TestRemoveFromStandard(t *testing.T) {
	runCases(t, flink.LoaderStandard, map[string]editCase{
		"blank lines that would become text go":        {text: "z: |+\n  x\n\na: 1\n\nb: 2\n", key: "a", value: removed, want: "z: |+\n  x\n\nb: 2\n"},
		"the whole document, with an end but no start": {text: "a: 1\n...\n", key: "a", value: removed, want: "{}\n...\n"},
		"the whole document behind a tag":              {text: "--- !!map\na: 1\n", key: "a", value: removed, want: "--- !!map\n{}\n"},
		"a flat key":                                   {text: "a: 1\n# c\nb: 2 # d\nc: 3\n", key: "b", value: removed, want: "a: 1\n# c\nc: 3\n"},
		"a nested key":                                 {text: "a:\n  b: 1\n  c: 2\n", key: "a.b", value: removed, want: "a:\n  c: 2\n"},
		"the last key of a block":                      {text: "a:\n  b:\n    c: 1\nd: 1\n", key: "a.b.c", value: removed, want: "d: 1\n"},
		"comments in the block stay":                   {text: "a: # x\n  # about c\n  c: 1 # y\n  # more\nd: 1\n", key: "a.c", value: removed, want: "  # about c\n  # more\nd: 1\n"},
		"comments that would become text go": {
			text: "z: |\n  text\na:\n  # about c\n  c: 1\n", key: "a.c", value: removed, want: "z: |\n  text\n",
		},
		"every spelling":                                {text: "a.b: 1\nc: 2\na: {b: 3}\n", key: "a.b", value: removed, want: "c: 2\n"},
		"first in braces":                               {text: "a: {b: 1, c: 2}\n", key: "a.b", value: removed, want: "a: {c: 2}\n"},
		"last in braces":                                {text: "a: {b: 1, c: 2 } # x\n", key: "a.c", value: removed, want: "a: {b: 1 } # x\n"},
		"the only one in braces":                        {text: "a: {b: 1}\nc: 1\n", key: "a.b", value: removed, want: "c: 1\n"},
		"several in braces":                             {text: "{a: {b: 1}, c: 2, a.b: 3}\n", key: "a.b", value: removed, want: "{c: 2}\n"},
		"the last two in braces":                        {text: "{c: 2, a: {b: 1}, a.b: 3}\n", key: "a.b", value: removed, want: "{c: 2}\n"},
		"the document in braces":                        {text: "{a: {b: 1}, }\n", key: "a.b", value: removed, want: "{}\n"},
		"braces over lines":                             {text: "a: {\n  b: 1, # x\n  c: 2, # y\n  d: 3 # z\n}\n", key: "a.c", value: removed, want: "a: {\n  b: 1, # x\n  d: 3 # z\n}\n"},
		"the last of braces over lines":                 {text: "a: {\n  b: 1, # x\n  d: 3 # z\n}\n", key: "a.d", value: removed, want: "a: {\n  b: 1, # x\n}\n"},
		"the whole file":                                {text: "# top\na: 1\n", key: "a", value: removed, want: "# top\n"},
		"the whole document":                            {text: "%YAML 1.2\n---\na: 1\n...\n", key: "a", value: removed, want: "%YAML 1.2\n---\n...\n"},
		"no line break at the end":                      {text: "b: 1\na:\n  c: 2", key: "a.c", value: removed, want: "b: 1"},
		"a block scalar before it keeps its line break": {text: "b: |\n  x\na: 2", key: "a", value: removed, want: "b: |\n  x\n"},
		"CR LF":                                {text: "b: 1\r\na: 2\r\n", key: "a", value: removed, want: "b: 1\r\n"},
		"byte order mark":                      {text: "\ufeffa: 2\nb: 1\n", key: "a", value: removed, want: "\ufeffb: 1\n"},
		"a list":                               {text: "a:\n- x # c\n# d\n- y\nb: 1\n", key: "a", value: removed, want: "b: 1\n"},
		"a block scalar with what it keeps":    {text: "a: |+\n  x\n\nb: 1\n", key: "a", value: removed, want: "b: 1\n"},
		"an alias":                             {text: "a: &x 1\nb: *x\n", key: "b", value: removed, want: "a: &x 1\n"},
		"an alias whose map has nothing else":  {text: "a: &x {c: 1}\nb: *x\n", key: "b.c", value: removed, want: "a: &x {c: 1}\n"},
		"a null is mended":                     {text: "a: 1\nb:\n", key: "b", value: removed, want: "a: 1\n"},
		"a null in a block is mended":          {text: "a: 1\nb:\n  c:\n", key: "b.c", value: removed, want: "a: 1\n"},
		"an empty map stays":                   {text: "a:\n  b: {}\n  c: 1\n", key: "a.c", value: removed, want: "a:\n  b: {}\n"},
		"nothing to remove":                    {text: "a: 1\n", key: "b", value: removed, want: "a: 1\n"},
		"maps of the name are no spelling":     {text: "a: {b: 1}\n", key: "a", value: removed, want: "a: {b: 1}\n"},
		"an alias whose map has more":          {text: "a: &x {c: 1, d: 2}\nb: *x\n", key: "b.c", value: removed, wantRefused: "alias stands for", wantLine: 2},
		"an anchor that others use":            {text: "a: &x 1\nb: *x\n", key: "a", value: removed, wantRefused: "anchor", wantLine: 1},
		"a map that an alias uses":             {text: "a: &x\n  c: 1\n  d: 2\nb: *x\n", key: "a.c", value: removed, wantRefused: "anchor", wantLine: 1},
		"another null":                         {text: "a: 1\nb:\n", key: "a", value: removed, wantRefused: `"b" has no value`, wantLine: 2},
		"nothing to remove from a broken file": {text: "a: 1\nb:\n", key: "c", value: removed, wantRefused: `"b" has no value`, wantLine: 2},
	})
}

// manySpellings writes a key of so many equal parts in every way.
func manySpellings(parts int) string {
	if parts == 0 {
		return ""
	}
	var entries []string
	for first := 1; first < parts; first++ {
		entries = append(entries, "a"+strings.Repeat(".a", first-1)+": "+manySpellings(parts-first))
	}
	return "{" + strings.Join(append(entries, "a"+strings.Repeat(".a", parts-1)+": x"), ", ") + "}"
}
