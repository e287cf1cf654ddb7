package flink

import (
	"slices"
	"testing"
)

func TestChooseFile(t *testing.T) {
	both, legacy, standard, none := []string{LegacyFile, StandardFile}, []string{LegacyFile}, []string{StandardFile}, []string(nil)
	cases := map[string]struct {
		version    Version
		has        []string
		want       string
		candidates []string
	}{
		"1.18 with both":                 {version: Release(1, 18, 1), has: both, want: LegacyFile},
		"1.18 with config.yaml alone":    {version: Release(1, 18, 1), has: standard},
		"1.19 prefers flink-conf.yaml":   {version: Release(1, 19, 3), has: both, want: LegacyFile},
		"1.20 with config.yaml alone":    {version: Release(1, 20, 5), has: standard, want: StandardFile},
		"2.0 with both":                  {version: Release(2, 0, 1), has: both, want: StandardFile},
		"2.0 with flink-conf.yaml alone": {version: Release(2, 0, 1), has: legacy},
		"nothing there":                  {version: Release(2, 0, 1), has: none},
		"unknown with both":              {has: both, candidates: both},
		"unknown with one":               {has: standard, candidates: standard},
		"before 2.0 with both":           {version: VersionBefore(2, 0), has: both, want: LegacyFile},
		"before 2.0 with one":            {version: VersionBefore(2, 0), has: standard, candidates: standard},
		"from 1.19 with both":            {version: VersionFrom(1, 19), has: both, candidates: both},
		"from 1.19 with config.yaml":     {version: VersionFrom(1, 19), has: standard, want: StandardFile},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := ChooseFile(tc.version, func(name string) bool { return slices.Contains(tc.has, name) })
			if got.Name != tc.want || !slices.Equal(got.Candidates, tc.candidates) {
				t.Errorf("got %+v, want %q or one of %q", got, tc.want, tc.candidates)
			}
		})
	}
}
