# SPDX-License-Identifier: AGPL-3.0-or-later
# The two commands of the README are `make demo` and `make test`; `make help` lists the rest.

SHELL := /bin/bash
UV_VERSION := 0.13.9
PYTHON ?= python3
UV ?= $(shell command -v uv || echo .tools/bin/uv)
export UV_SYSTEM_CERTS ?= 1
export UV_PYTHON_DOWNLOADS ?= never
RUN := $(UV) run --frozen --extra dev --no-sync
JOBS ?= 2
DEMO_ARGS ?=

.PHONY: help demo demo-reset test check lint types unit nightly bench bench-peers preflight i18n golden walk clean

help:           ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

demo: .venv/ready ## the client against an embedded service with a realistic pack
	@$(if $(DISPLAY)$(WAYLAND_DISPLAY),$(PYTHON) resources/linux/preflight.py --windows,true)
	$(RUN) ecabinet demo $(DEMO_ARGS)

demo-reset: .venv/ready ## forget the demo's state
	$(RUN) ecabinet demo --reset-only

test: .venv/ready lint types ## everything CI runs
	$(RUN) pytest -n $(JOBS) --dist loadscope

check: test

lint: .venv/ready
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: .venv/ready
	$(RUN) mypy

unit: .venv/ready ## only the fast unit tests
	$(RUN) pytest tests/unit

nightly: .venv/ready ## the long suites
	$(RUN) pytest -n $(JOBS) --nightly --timeout=3600

bench: .venv/ready ## the short benchmarks, as JSON
	@for file in $(filter-out %/bench_peers.py,$(wildcard tests/benchmarks/bench_*.py)); do name=$$(basename $$file .py); echo "# $$name"; \
	    $(RUN) python -m tests.benchmarks.$$name || exit 1; done

bench-peers: .venv/ready ## Okular, Evince, qpdfview, Xournal++, MuPDF (those installed) against ours, as JSON
	$(RUN) python -m tests.benchmarks.bench_peers

i18n: .venv/ready ## refresh and compile the translations
	$(RUN) python -m tests.helpers.ts_files

golden: .venv/ready ## how every screen looks and reads, drawn anew: look before you commit it
	$(RUN) python -m tests.golden.screens

walk: .venv/ready ## the demonstration from the lock screen to a live vote, recorded for the documents
	$(RUN) python -m tests.helpers.walk docs/screenshots/walk.webp

preflight:
	@$(PYTHON) resources/linux/preflight.py

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/ready: pyproject.toml uv.lock | preflight
	@test -x "$(UV)" || command -v $(UV) >/dev/null || $(MAKE) .tools/bin/uv
	$(UV) sync --frozen --extra dev --python $(PYTHON)
	@touch $@

clean:          ## remove what the build made, not the demo's state
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build demo-output
