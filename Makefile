# What one can do here. `make help` lists it; every command of the README is a target of this file.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Three configurations, each in a scratch folder of its own: switching flags in one recompiles all.
# Colours are flags too, and on by themselves where the output is a terminal.
ARROWS  := --explicit-target-dependency-import-check error --no-color-diagnostics
DEBUG   := --scratch-path .build/debug-all $(ARROWS)
RELEASE := -c release --static-swift-stdlib --scratch-path .build/release-static $(ARROWS)
CORE    := --scratch-path .build/core $(ARROWS)

# The station that `make run` plays.
STATION ?= kaiyuan-warm-key
LISTEN  ?= 127.0.0.1:8480
# How long `make fuzz` feeds each decoder.
SECONDS_EACH ?= 60

.PHONY: help
help: ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | \
	    awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: run
run: ## play a station here: build, start the simulator and the gateway, show a line per event
	@scripts/install run
	@$(MAKE) --no-print-directory release
	@scripts/run "$(STATION)" "$(LISTEN)"

.PHONY: build
build: ## build everything, for debugging
	swift build $(DEBUG)

.PHONY: release
release: ## build everything, optimised, with Swift's library inside
	swift build $(RELEASE)

.PHONY: core
core: ## build without the network side: quicker
	STATION_CORE_ONLY=1 swift build $(CORE)

.PHONY: test
test: ## everything that CI runs, with one summary at the end
	@scripts/suite lint unit simulation integration hardware

.PHONY: lint
lint: ## formatting, shell scripts, units, the C shim against libgpiod 2
	@scripts/lint

.PHONY: unit
unit: ## the Swift tests, the repository's own rules among them; the benchmarks are built too
	@BENCH=1 SWIFT_BUILD="$(DEBUG)" scripts/swift-tests unit --skip '^SimulationTests'

.PHONY: simulation
simulation: release ## whole stations in virtual time, and each seed twice
	@SWIFT_BUILD="$(DEBUG)" scripts/simulation

.PHONY: integration
integration: release ## the real programs together, seen by clients that are not ours
	@Tests/Integration/run

.PHONY: hardware
hardware: release probes ## the real programs on a kernel's devices, in a QEMU guest
	@Tests/Hardware/run

.PHONY: probes
probes: ## the programs that open one device alone, for the guest and for trying a reader
	HARDWARE=1 swift build $(RELEASE) --product usb-probe
	HARDWARE=1 swift build $(RELEASE) --product channel-probe

.PHONY: bench
bench: ## the tap path against its twin in C; writes .build/bench.json
	@scripts/install test
	@Tests/Benchmarks/run

.PHONY: soak
soak: release ## many seeds and many days in virtual time: SEEDS=50 DAYS=7
	@scripts/simulation soak

.PHONY: fuzz
fuzz: ## random bytes into every decoder: SECONDS_EACH=60
	@SECONDS_EACH="$(SECONDS_EACH)" scripts/fuzz

.PHONY: clean
clean: ## remove everything that was built
	rm -rf .build
