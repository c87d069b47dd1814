# Two commands are enough to begin with: «make run» and «make test». «make help» lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Arguments of «make run» and «make bench»:  make run ARGS='--http-port 9090'
ARGS ?=
# Where SwiftPM builds; may be outside the clone, to be used by several.
SCRATCH ?= .build

SWIFT_BUILD := swift build --scratch-path '$(SCRATCH)'
# One file that runs without a Swift toolchain: the Swift libraries are in it, Debian's libyaml, libnats and zlib are not.
RELEASE := -c release --static-swift-stdlib --disable-local-rpath

##@ Use

.PHONY: run
run: build ## Build, then start the demo (a simulated exchange and the collector); ARGS='…' passes arguments
	@exec '$(SCRATCH)/release/marketprism-collector' demo $(ARGS)

.PHONY: build
build: require-swift packages-build ## Build the optimised programs: .build/release/marketprism-collector and marketprismctl
	$(SWIFT_BUILD) $(RELEASE) --product marketprism-collector
	$(SWIFT_BUILD) $(RELEASE) --product marketprismctl

##@ Check

# One test at a time: many of them start programs and hold deadlines against a clock, which two cores cannot do all at once.
.PHONY: test
test: build-tests ## Install what tests need, build, and run all tests
	@swift test --scratch-path '$(SCRATCH)' --skip-build --disable-xctest --no-parallel

.PHONY: build-tests
build-tests: require-swift packages-build packages-test
	$(SWIFT_BUILD) --build-tests

.PHONY: lint
lint: require-swift packages-lint ## Check format and house rules of the sources, and the scripts with shellcheck
	@scripts/lint

.PHONY: format
format: require-swift ## Format the Swift sources
	@swift format --in-place --recursive --parallel $(wildcard Sources Tests Benchmarks) Package.swift

.PHONY: man
man: packages-test ## Render the manual pages to .build/man: man -l .build/man/marketprismctl.1
	@mkdir -p '$(SCRATCH)/man'
	@for page in packaging/man/*.scd; do scdoc < "$$page" > '$(SCRATCH)/man/'"$$(basename "$$page" .scd)"; done

.PHONY: manual
manual: build-tests ## Fill the generated sections of the manual pages anew from the program's tables
	@RECORD_GOLDEN=1 swift test --scratch-path '$(SCRATCH)' --skip-build --disable-xctest --filter ManualTests

.PHONY: bench
bench: build packages-test packages-bench ## Build everything optimised and measure; ARGS='…' passes arguments
	$(SWIFT_BUILD) $(RELEASE) --product marketprism-bench
	@'$(SCRATCH)/release/marketprism-bench' $(ARGS)
	@MARKETPRISM_BINARY='$(SCRATCH)/release/marketprism-collector' Benchmarks/daemon.sh

##@ Generate

.PHONY: completions
completions: require-swift packages-build ## Write packaging/completions from the tables of commands and options
	$(SWIFT_BUILD) --product marketprismctl
	'$(SCRATCH)/debug/marketprismctl' --completion bash >packaging/completions/marketprismctl
	'$(SCRATCH)/debug/marketprismctl' --completion zsh >packaging/completions/_marketprismctl
	'$(SCRATCH)/debug/marketprismctl' --completion fish >packaging/completions/marketprismctl.fish

.PHONY: fuzz
fuzz: require-swift packages-build ## Feed mutated input to the readers; ARGS='parser --seconds 600' passes arguments
	$(SWIFT_BUILD) -c release --product marketprism-fuzz
	@'$(SCRATCH)/release/marketprism-fuzz' $(ARGS)

##@ Housekeeping

.PHONY: packages
packages: packages-build packages-test packages-lint ## Install the missing Debian packages (asks sudo when not root)

.PHONY: packages-build packages-test packages-lint packages-bench
packages-build packages-test packages-lint packages-bench: packages-%:
	@scripts/install-packages $*

.PHONY: require-swift
require-swift:
	@scripts/require-swift

.PHONY: clean
clean: ## Remove what was built
	@swift package --scratch-path '$(SCRATCH)' clean

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { sub(/:.*/, "", $$1); printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
