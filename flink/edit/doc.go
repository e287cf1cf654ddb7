// Package edit sets or removes one key in the text of a Flink configuration file and leaves every other byte as it is:
// comments, order, quotes, line ends and indentation.
//
// Every edit is proven before it is returned: the text is loaded before and after as Flink would load it, and only where Flink
// then reads exactly the map that was meant is the text handed out. So the code that places an edit may propose several ways,
// the nicest first, and none of them can do harm.
package edit
