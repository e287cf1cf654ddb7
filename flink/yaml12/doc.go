// Package yaml12 reads YAML as Flink does: its parser since 1.19 is snakeyaml-engine 2.6 with the core schema of YAML 1.2
// (org.apache.flink.configuration.YamlParserUtils).
//
// A general YAML library would not do. Flink refuses files that others read (a null, a key written twice, a tab after a
// colon), reads files that others refuse (%YAML 1.2, a comment without a space before it), and gives some scalars another
// value (007, 1_000, <<). The scanner here therefore follows the rules of snakeyaml-engine's ScannerImpl, ParserImpl, Composer
// and StandardConstructor one by one, odd ones included, and a differential test holds it to Flink's own code. It also keeps
// where everything stands, byte for byte, which an editor needs.
//
// Whether a text is taken and what it means is settled here; which words the refusal has is not.
package yaml12
