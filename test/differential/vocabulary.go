package differential

// optionKeys are keys as people write them, those that decide about high availability first.
func optionKeys() []string {
	return []string{
		"high-availability.type", "high-availability", "recovery.mode", "high-availability.storageDir",
		"high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir", "high-availability.cluster-id",
		"high-availability.zookeeper.path.namespace", "recovery.zookeeper.path.namespace", "high-availability.zookeeper.quorum",
		"high-availability.jobmanager.port", "kubernetes.cluster-id", "kubernetes.namespace",
		"kubernetes.jobmanager.service-account", "kubernetes.container.image.ref", "state.checkpoints.dir",
		"execution.checkpointing.interval", "jobmanager.rpc.address", "jobmanager.memory.process.size",
		"taskmanager.numberOfTaskSlots", "env.java.opts.all", "s3.secret-key", "pipeline.jars", "metrics.reporters",
		"parallelism.default", "rest.port", "classloader.parent-first-patterns.additional",
	}
}

// segments are what nested keys are made of; flat keys made of them meet the nested ones.
func segments() []string {
	return []string{"high-availability", "type", "storageDir", "kubernetes", "cluster-id", "a", "b", "a.b", "b.c", "c", "x", "jobmanager", "rpc"}
}

// optionValues are values as people write them, all of them plain YAML.
func optionValues() []string {
	return []string{
		"kubernetes", "KUBERNETES", "zookeeper", "NONE", "none", "standalone", "s3://bucket/ha", "s3a://b/ha#x", "file:///flink/ha",
		"hdfs:///flink/ha", "/opt/ha", "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory", "demo", "10 s",
		"1600m", "flink-cluster", "a b c", "-Dx=y -Dz", "zk-0:2181,zk-1:2181", "http://x:8081/y", "${NAME}", "$(POD_NAMESPACE)",
		"${A:-b}", "${A?}", "${A.B}", "a, b", "k1:v1,k2:v2", "'a;b'", "yes", "no", "on", "off", "y", "n", "org.apache;com.x", "jar:file:/x!y",
	}
}

// scalarForms are plain scalars that a reader may take for something else than text, or something else than it should.
func scalarForms() []string {
	return []string{
		"0", "1", "-1", "+1", "-0", "+0", "007", "-007", "0o17", "0o8", "-0o7", "0x1F", "0xg", "0X1F", "-0x1", "0b101", "1_000", "1,000", "1e3", "1E3", "1e+3",
		"1e-3", "1.e3", "123456789.0", "1234567.0", "12345678.9", "0.001",
		"0.00099", "1e7", "1.0", "1.", ".5", "-.5", "+.5", "5.", "-5.", ".", "-", "+", "-.", ".e1", "e1", "1e", "1e+", "1.2.3", "1:2", "1:30:00", "0.1", "0.30000000000000004", "3.14", "100.0",
		"1.10", "1.20", "2.0", "2e0", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
		"-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "00000000000000000000000000001", "0o777777777777777777777777", "0xFFFFFFFF", "0x7fffffff",
		"0xFFFFFFFFFFFFFFFFF", ".inf", "-.inf", "+.inf", ".Inf", ".INF", ".iNF", "inf", "Infinity", ".nan", ".NaN", ".NAN", ".Nan", "nan", "NaN", "true", "True", "TRUE", "tRUE", "false", "False",
		"FALSE", "yes", "No", "on", "Off", "y", "null", "Null", "NULL", "nULL", "~", "2020-01-01", "2001-12-14t21:59:43.10-05:00", "12:30:45", "<<", "=", "!", "&", "*",
	}
}

// hardFloats are those that are too large, too small or too close to another for a plain reading.
func hardFloats() []string {
	return []string{
		"1.5e300", "1e400", "-1e400", "1e-400", "4.9e-324", "2.2250738585072014E-308", "1e21", "1.7976931348623157e308", "9007199254740993.0", "2.0E-3", "8.41e21", "1e23", "9.5e-5",
	}
}

// oddTexts are plain scalars, or what looks like one, with characters that mean something elsewhere.
func oddTexts() []string {
	return []string{
		"a:b", "a: b", "a :b", "a#b", "a #b", "#b", "a: #b", "-a", "- a", "?a", "? a", ":a", ": a", "a:", "a,b", "a]b", "a}b", "[a", "{a", "]", "}", ",", "%a", "@a", "`a", "|a", ">a", "!a", "&a", "*a",
		"a'b", "a\"b", "'", "\"", "\\", "\\n", "a\\tb", "a\tb", "\ta", "a\t", "a  b", "a\u00a0b", "\u00a0", "a\u0085b", "a\u2028b", "a\u2029b", "a\ufeffb", "\ufeffa",
		"é", "日本", "😀", "a😀b", "\u200b", "\ud7ff", "\ue000", "\ufffd", "\U0010ffff", "--- a", "---", "...", "... a", "--", "....", "<<: a",
		"a\rb", "a\r\nb", "{% x %}", "key=value", "a/b", "//", "~a", "=", "a=b", "(a)", "a;b", "<a>", "x: y: z",
	}
}

// fatalTexts have characters that no YAML file may have, or bytes that are no UTF-8.
func fatalTexts() []string {
	return []string{
		"a\x7fb", "a\x01b", "a\x00b", "a\x0cb", "a\x0bb", "a\u0080b", "a\u009fb", "\ufffe", "\uffff", "\xff", "\xc3", "\xe2\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98", "\x1b[0m", "\U0001fffe",
	}
}

// quotedTexts are scalars in quotes, with escapes right and wrong.
func quotedTexts() []string {
	return []string{
		`"kubernetes"`, `'kubernetes'`, `""`, `''`, `" "`, `"a b"`, `"s3://b/x#y"`, `'it''s'`, `'a"b'`, `"a'b"`, `"a\"b"`, `"a\\b"`, `"a\nb"`, `"a\tb"`, `"\x41"`, `"\u00e9"`, `"\U0001F600"`, `"\ud83d\ude00"`,
		`"\0"`, `"\a\b\e\f\v"`, `"\N\_\L\P"`, `"\/"`, `"\ "`, `"\q"`, `"\x4"`, `"\u00g0"`, `"\U00110000"`, `"\UFFFFFFFF"`, `"a\` + "\n" + `  b"`, "\"a\n  b\"", "\"a\n\n  b\"", "\"a\n b\n\n\n c \n\"",
		"'a\n  b'", "'a\n\n  b'", "' a\n  b '", `"007"`, `'true'`, `"null"`, `"~"`, `"1.5"`, `'- a'`, `'[a]'`, `"#"`, `'${X}'`, `"a`, `'a`, `"a"b`, `'a'b`, `"a" b`, `"a" #c`, `"a"#c`, `"a": b`, "\"a\n---\nb\"", "\"a\n...\nb\"",
		"\"\ta\"", "\"a\t\n\tb\"", `"\	"`, "'\u2028'", "\"a\u2028b\"", "\"a\u0085 b\"", "\"\ufeff\"", "\"a\rb\"", `"\` + "\r\n" + `a"`, `"\r\n"`, `"\x00"`, `"\uFEFF"`, `"\uD7FF"`,
	}
}

// tags come before a value.
func tags() []string {
	return []string{
		"!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!set", "!!omap", "!!pairs", "!!binary", "!!timestamp", "!!merge", "!!value", "!foo", "!", "!<tag:yaml.org,2002:str>", "!<!foo>", "!<tag:yaml.org,2002:int>",
		"!e!x", "!!foo", "!!str,", "!!str%41", "!%", "!<", "!!", "!!java.lang.String", "!ENV_VARIABLE", "!!comment",
	}
}

// blockHeaders begin a block scalar, right ones and wrong ones.
func blockHeaders() []string {
	return []string{
		"|", ">", "|-", ">-", "|+", ">+", "|2", ">2", "|2-", ">-2", "|+2", "|1", "|9", "|0", "|10", "|--", "|-+", "| #c", "|#c", "| x", ">\t", "|-2 # c", ">1-", "|3+",
	}
}

func anchorNames() []string { return []string{"a", "b", "x", "id001", "A1", "é", "a-b", "1"} }

func nulls() []string { return []string{"", "~", "null", "Null", "NULL"} }

// directives come before a document, right ones and wrong ones.
func directives() []string {
	return []string{
		"%YAML 1.2\n", "%YAML 1.1\n", "%YAML 1.3\n", "%YAML 2.0\n", "%YAML 1\n", "%YAML 1.2 # c\n", "%YAML  1.2\n", "%YAML 1.2\n%YAML 1.2\n", "%TAG ! tag:x,2000:\n", "%TAG !e! tag:yaml.org,2002:\n",
		"%TAG !! tag:x:\n", "%FOO bar\n", "%\n", "%TAG\n", "%YAML 1.2x\n", "%TAG !e! !\n", " %YAML 1.2\n", "%YAML 1.2\r\n", "%YAML 1.2\t\n", "%TAG !e! a\n%TAG !e! b\n", "%FOO\n", "%FOO # c\n", "%YAML 1.2\n# c\n\n",
	}
}

// epilogues come after a document.
func epilogues() []string {
	return []string{
		"...\n", "---\n", "...", "---", "--- a\n", "...\n...\n", "...\n# c\n", "... # c\n", "...\n%YAML 1.2\n---\n", "... a\n", "---\n...\n", "%YAML 1.2\n", "\x00", "\ufeff", "\t\n", "@", "---\na: b\n", "...\n---\n", "...\na: b\n",
		"...\t\n", "--- # c\n", " ...\n", " ---\n", "# c", "#", "\t", " ", "\n\n\n", "\t# c\n", "...\n\n", "\r", "]", "}", "- a\n", "  a: b\n", "a\n", ",\n",
	}
}

// oddComments are comments, and blank lines, that are not what they seem.
func oddComments() []string {
	return []string{
		"\t# c\n", "   # c\n", "#c", "#\n", "# c\r\n", "# c\r", "# \u2028x\n", "# \u0085\n", "# \x01\n", "# \xff\n", "#\t\n", "\t\n", " \t \n", "\u00a0\n", "# \u0085a: b\n", "# \ufeff\n", "\ufeff# c\n", "\r", "\r\n", "# \x00\n", "\u2028", "\x0c\n",
	}
}

// oddItems are items of a flow sequence, right ones and wrong ones.
func oddItems() []string {
	return []string{
		"a: b", "? a : b", "? a", ": b", ":", "?", "- a", "-", `"a":b`, `"a": b`, "a:b", "a :b", "a: ", "*a : b", "[a]: b", "{a: b}: c", "", ",", "!!str", "!!str a", "&a", "&a b", "a:", "? ", "{a}", "{a, b: c}", "- - a", "| a", "%a", "@a",
		"a#b", "a #b", "a: b: c", "[a]:b", "'a':b", "a\n b: c", "\"a\n b\": c", "? a\n : b", "-a", "?a", ":a", "a?", "a-", "--- a", "...", "a\n...\n", "&a", "*a", "{a: b, a: c}", "1: 1", "~: ~", "!!null", "!foo", "a: [b", "<<: *a", "null: a",
	}
}

// oddPairs are pairs of a flow mapping, right ones and wrong ones.
func oddPairs() []string {
	return []string{
		"a", "a:", "a: ", ": b", ":", "? a", "? a : b", "?", `"a":b`, `"a": b`, `'a':`, `"a"`, "a:b", "a :b", "[a]: b", "{}: b", "*a : b", "1: a", "~: a", "<<: {x: y}", "", ",", "? [a] : b", "a : b", "&x a: b", "!!str a: b", "a: &x", "a: !!str",
		"a: b: c", "a: b\n c: d", "- a", "a: - b", "a: | b", "a: #c\n b", "a #c\n : b", "a\n : b", "a\n b: c", "\"a\"\n: b", "a::b", "a: :b", "a: ::", "-: a", "-a: b", "?a: b", "a: ?b", "a: -", "a: ?", "null: a", "\"a\":", "a, b", "a: *a", "*a: b", "!!map a: b",
	}
}
