#!/bin/sh
# What a Kustomization of Flux would apply, checked in a pull request, without a cluster. Variables that Flux substitutes from Secrets
# and ConfigMaps stay as they are then: their values are unknown, and nothing is said of them.
#
#   sh flux.sh NAME FILE FOLDER
#
# NAME is that of the Kustomization, FILE has it, and FOLDER is what its spec.path names.
set -eu
name=$1 file=$2 folder=$3

rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
flux build kustomization "$name" --kustomization-file "$file" --path "$folder" --dry-run > "$rendered"
flink-ha-check check - < "$rendered"
