package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/cmd/render"
)

// newRenderer renders kustomizations and charts for check.
func newRenderer() func(context.Context, offline.Folder) (string, error) {
	kustomizer := &render.Kustomizer{}
	// Helm logs warnings with values of charts in them, by the logger of the whole program. A check logs nothing itself.
	quiet := sync.OnceFunc(func() {
		slog.SetDefault(slog.New(slog.DiscardHandler)) //nolint:forbidigo // Helm takes no logger, and it is the only one here that uses this one
	})
	return func(ctx context.Context, folder offline.Folder) (string, error) {
		quiet()
		text, err := renderFolder(ctx, kustomizer, folder)
		if errors.Is(err, render.ErrRunaway) {
			fmt.Fprintf(os.Stderr, "error: %s: %v\n", folder.Path, err)
			os.Exit(offline.ExitUnanswered) //nolint:revive // nothing else frees the memory that the library goes on to take
		}
		return text, err
	}
}

func renderFolder(ctx context.Context, kustomizer *render.Kustomizer, folder offline.Folder) (string, error) {
	if folder.By == manifest.Kustomize {
		return kustomizer.Render(ctx, folder.Path)
	}
	return render.Chart(ctx, folder.Path, render.Release{Namespace: folder.Namespace, ValuesFiles: folder.ValuesFiles})
}
