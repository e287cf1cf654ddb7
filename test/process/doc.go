// Package process runs programs that a test or a bench needs beside it, and sees to it that none of them outlives it.
package process
