package main

import (
	"io"
	"log/slog"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2" //nolint:depguard // to hand our logger over to client-go, which logs through it
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// Values of --log-format.
const (
	logFormatJSON = "json"
	logFormatText = "text"
)

func newLogger(out io.Writer, format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == logFormatText {
		return slog.New(slog.NewTextHandler(out, options))
	}
	return slog.New(slog.NewJSONHandler(out, options))
}

// adoptLogger makes the libraries that log through something global write to the same log, which a program may do that is a
// server and nothing else: controller-runtime, client-go, and net/http, which tells of failed TLS handshakes there.
func adoptLogger(logger *slog.Logger) {
	log.SetLogger(logr.FromSlogHandler(logger.Handler()))
	klog.SetSlogLogger(logger)
	slog.SetDefault(logger) //nolint:forbidigo // the HTTP server inside controller-runtime takes no logger of ours
}
