# Works with GNU make 4.3 and a POSIX shell. `make` alone lists the targets.

# Tools, built from source in the version named here.
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

# Settings that may be given: make image IMAGE=registry.example/flink-ha-webhook VERSION=v1.2.3
VERSION ?= $(or $(shell git describe --tags --always --dirty 2>/dev/null),devel)
REVISION ?= $(or $(shell git rev-parse --verify --quiet HEAD 2>/dev/null),unknown)
IMAGE ?= ghcr.io/flink-ha/flink-ha-webhook
# Further flags for the tests: make test-unit TEST_FLAGS='-run TestStorage -v'
TEST_FLAGS ?=
# The end-to-end tests start programs that Go's test cache knows nothing of, so they always run; the first run builds a
# control plane from source and fetches Flink from Maven Central and PyPI.
E2E_FLAGS ?= -count=1 -timeout=45m
BENCH_FLAGS ?= -bench=. -benchmem
# The comparison with Flink's own code: cases of each kind for each version, and the seed that they are made of. More flags:
# make flink-differential N=20000 DIFFERENTIAL_FLAGS='-only standard -versions 2.3.0'
N ?= 100000
SEED ?= 1
DIFFERENTIAL_FLAGS ?=
# What kubectl's plugin is built for, as .krew.yaml has it, and where to.
PLUGIN_PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64
DIST ?= dist

# Everything is built, vetted and tested as it is shipped, without cgo. That saves a second set of compiled
# dependencies, and a machine needs no C compiler: only the race detector asks for one.
export CGO_ENABLED := 0

LDFLAGS = -s -w -X main.version=$(VERSION)

# Every folder with a go.mod, this one first. Found, not listed, so that none is forgotten.
MODULES = $(patsubst %/,%,$(sort $(dir $(shell find . -name .git -prune -o -name testdata -prune -o -name go.mod -print))))

# The parts of a control plane: a small main over thousands of packages, which vet and the linters take minutes, and
# the linters 9 GB of memory, to look through. The end-to-end tests compile it, and the linters that read nothing but
# its own source check it.
HUGE_MODULES = $(filter %/binaries,$(MODULES))

# $(call in-each,MODULES,COMMAND) runs it in each of them, and fails in the end if it failed in one.
define in-each
	@status=0; \
	for module in $(1); do \
	  echo "== $$module: $(2)"; \
	  ( cd "$$module" && $(2) ) || status=1; \
	done; \
	exit $$status
endef

# $(call need,PROGRAM,COMMAND) stops with the command that installs a program that is not there.
need = @command -v $(1) >/dev/null 2>&1 || { echo "error: this target needs $(1), which is not installed; to install it: $(2)" >&2; exit 1; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Targets run one after another; the Go commands in them use all cores.
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

##@ Build

.PHONY: build
build: ## Build the commands into bin/, and kubectl's name for the plugin.
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...
	ln -sf flink-ha-webhook bin/kubectl-flink_ha

.PHONY: image
image: ## Build the container image, tagged with the version.
	$(call need,docker,https://docs.docker.com/engine/install/ (on Debian: apt-get install docker.io docker-buildx))
	docker build --build-arg VERSION='$(VERSION)' --build-arg REVISION='$(REVISION)' --tag '$(IMAGE):$(VERSION)' .

.PHONY: plugin
plugin: ## Build kubectl's plugin for every platform into dist/: the archives that .krew.yaml names.
	@set -e; for platform in $(PLUGIN_PLATFORMS); do \
	  os=$${platform%/*} arch=$${platform#*/} program=kubectl-flink_ha; \
	  if [ "$$os" = windows ]; then program=$$program.exe; fi; \
	  folder='$(DIST)'/$$os-$$arch; mkdir -p "$$folder"; cp LICENSE "$$folder/"; \
	  GOOS=$$os GOARCH=$$arch go build -trimpath -ldflags '$(LDFLAGS)' -o "$$folder/$$program" ./cmd/flink-ha-webhook; \
	  tar -C "$$folder" -czf '$(DIST)'/kubectl-flink_ha_$${os}_$$arch.tar.gz LICENSE "$$program"; \
	done

.PHONY: clean
clean: ## Remove what was built here; caches of Go and of the test bench stay.
	rm -rf bin dist

##@ Test

.PHONY: test
test: test-unit e2e ## Run all tests: those of test-unit, then those of e2e.

.PHONY: test-unit
test-unit: ## Run the tests that need nothing but Go, in seconds.
	go test $(TEST_FLAGS) ./...

.PHONY: test-race
test-race: ## Run the tests of test-unit under the race detector, which needs a C compiler.
	$(call need,gcc,apt-get install gcc libc6-dev)
	CGO_ENABLED=1 go test -race $(TEST_FLAGS) ./...

.PHONY: e2e
e2e: ## Run the tests on a real control plane and Flink's own code; the first run builds and fetches them, which takes minutes.
	cd test && go test $(E2E_FLAGS) $(TEST_FLAGS) ./...

.PHONY: flink-differential
flink-differential: ## Compare N cases (make flink-differential N=1000000) with what Flink's own code reads.
	$(call need,java,apt-get install openjdk-17-jdk-headless)
	$(call need,mvn,apt-get install maven)
	@cd test && go run ./cmd/flink-differential -n $(N) -seed $(SEED) $(DIFFERENTIAL_FLAGS)

.PHONY: bench
bench: ## Run the Go benchmarks.
	go test -run='^$$' $(BENCH_FLAGS) ./...

##@ Prove

# The tests of the package test/hastate, in their long form. They print the figures that docs/ha-state.md names.
PROVE = cd test && go test ./hastate -count=1 -timeout=2h -v -long -run

.PHONY: proof-survival
proof-survival: ## Delete the Deployment that owns the HA state of running jobs, with and without the guard.
	$(PROVE) 'TestJobsSurviveTheirDeployment|TestJobsSurviveWhatTheGuardMissed'

.PHONY: proof-outage
proof-outage: ## Kill the guard, have it hang and have it answer garbage, under live leaders, for two minutes each.
	$(PROVE) 'TestLeadersOutliveTheGuard'

.PHONY: proof-quiet
proof-quiet: ## Count the webhook calls of ten minutes with leaders and jobs that take a checkpoint every second.
	$(PROVE) 'TestLeadersAreNeverAskedAbout'

.PHONY: proof-undelete
proof-undelete: ## Delete the HA state of a running job by hand, and have it brought back, by both policies.
	$(PROVE) 'TestDeletedStateIsBroughtBack|TestALapsedLockIsTakenOver'

.PHONY: proof-disaster
proof-disaster: ## Restore HA state from a backup into another control plane, with owners that are not there.
	$(PROVE) 'TestJobsSurviveTheLossOfTheirControlPlane'

.PHONY: proof-many
proof-many: ## Start the guard where 5,000 HA ConfigMaps have an owner, and count what it takes until all are free.
	cd test && go run ./cmd/owned-states

.PHONY: proof-owners
proof-owners: ## Have an operator add the same owner to HA state ten times a second, for a minute, and look for writes.
	cd test && go test ./e2e -count=1 -v -run 'TestAControllerThatAddsOwnersAgainAndAgain' -owners-added-for=1m

.PHONY: proof-watch
proof-watch: ## Count what the watch for deleted HA state costs, with 500 clusters that take checkpoints.
	cd test && go run ./cmd/watch-cost

##@ Try

.PHONY: demo
demo: ## Show on a real control plane what the webhook refuses, injects and strips.
	@cd test && go run ./cmd/demo

.PHONY: lab
lab: ## Start a real control plane with the webhook in it, and leave it to you.
	@cd test && go run ./cmd/lab

##@ Check

# The configuration is verified first, as a misspelt setting would be passed over.
.PHONY: lint
lint: ## Run golangci-lint over every module.
	$(GOLANGCI_LINT) config verify
	$(call in-each,$(filter-out $(HUGE_MODULES),$(MODULES)),$(GOLANGCI_LINT) run ./...)
	$(call in-each,$(HUGE_MODULES),$(GOLANGCI_LINT) run --fast-only ./...)

.PHONY: vet
vet: ## Run go vet over every module but the parts of a control plane.
	$(call in-each,$(filter-out $(HUGE_MODULES),$(MODULES)),go vet ./...)

.PHONY: fmt-check
fmt-check: ## Fail where a file is not formatted as fmt would, and show how.
	$(GOLANGCI_LINT) fmt --diff

.PHONY: tidy-check
tidy-check: ## Fail where a go.mod or go.sum is not what tidy would write, and show how.
	$(call in-each,$(MODULES),go mod tidy -diff)

# The tree is compared with itself, before and after, so it does not matter what else is being changed, and no list of
# generated files has to be kept. git does it with an index and an object folder of their own: it sees files that were
# never added, and leaves nothing behind. A file that generation wrote and git does not know is missing for all others.
.PHONY: generate-check
generate-check: ## Fail where a generated file is stale or was never added to git, and show how.
	$(call need,git,apt-get install git)
	@set -e; \
	scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; mkdir "$$scratch/objects"; \
	GIT_ALTERNATE_OBJECT_DIRECTORIES=$$(git rev-parse --path-format=absolute --git-path objects); \
	GIT_OBJECT_DIRECTORY=$$scratch/objects; \
	export GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_OBJECT_DIRECTORY; \
	tree() { GIT_INDEX_FILE="$$scratch/index" git add --all . && GIT_INDEX_FILE="$$scratch/index" git write-tree; }; \
	before=$$(tree); touch "$$scratch/started"; \
	$(MAKE) generate; \
	after=$$(tree); \
	if ! git --no-pager diff --exit-code "$$before" "$$after"; then \
	  echo "error: these files were stale; generation has just brought them up to date: commit them" >&2; exit 1; \
	fi; \
	git ls-files --others --exclude-standard | while IFS= read -r file; do \
	  find "$$file" -newer "$$scratch/started"; \
	done >"$$scratch/unknown"; \
	if [ -s "$$scratch/unknown" ]; then \
	  cat "$$scratch/unknown"; echo "error: these files are generated, and git does not know them: add them" >&2; exit 1; \
	fi

##@ Change

.PHONY: fmt
fmt: ## Format all Go files of every module.
	$(GOLANGCI_LINT) fmt

.PHONY: generate
generate: ## Write the generated files again.
	go generate ./...

.PHONY: tidy
tidy: ## Bring go.mod and go.sum of every module in line with the imports.
	$(call in-each,$(MODULES),go mod tidy)

##@ Help

.PHONY: help
help: ## List the targets; this is what make alone does.
	@if [ -t 1 ] && [ -z "$${NO_COLOR-}" ]; then bold=$$(printf '\033[1m') blue=$$(printf '\033[36m') plain=$$(printf '\033[0m'); fi; \
	awk -v bold="$$bold" -v blue="$$blue" -v plain="$$plain" 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s%s%s\n", bold, substr($$0, 5), plain } \
	  /^[a-z0-9-]+:.*## / { printf "  %s%-18s%s %s\n", blue, $$1, plain, $$2 }' $(firstword $(MAKEFILE_LIST))
