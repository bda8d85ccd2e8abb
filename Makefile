.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

VENV ?= .venv
PYTHON := $(VENV)/bin/python

# What is installed is named after the lock file's content, so an unchanged lock installs nothing.
fingerprint = $(shell cat $(1) | sha256sum | cut -c 1-16)
INSTALLED := $(VENV)/.installed-run-$(call fingerprint,requirements.txt)
INSTALLED_DEV := $(VENV)/.installed-dev-$(call fingerprint,requirements-dev.txt)
NODE_MODULES := node_modules/.package-lock.json
ASSETS := static/build/manifest.json
# Folders are named too: a file that was removed changes the folder's date.
ASSET_SOURCES := static/build.mjs $(shell find static/scss static/js static/img 2>/dev/null)

.PHONY: help run test check bench screenshots lock clean environment assets system-packages

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: $(INSTALLED) assets ## Start the portal with a demonstration hospital
	@$(PYTHON) -m portal.demonstration.run

test: environment assets system-packages ## Run every test (options: PYTEST="tests/laws -x")
	@$(PYTHON) -m pytest $(PYTEST)

check: environment ## Lint, format check, types and templates
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/djlint templates --lint --quiet

bench: environment assets system-packages ## Measure the portal on a full MariaDB
	@$(PYTHON) -m tests.bench
	@$(PYTHON) -m tests.bench.documents

screenshots: environment assets system-packages ## Take the README's pictures again
	@$(PYTHON) -m tests.screenshots

lock: $(INSTALLED_DEV) ## Lock the Python and Node.js packages anew
	@for set in requirements requirements-dev; do \
	  $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --python-version 3.11 --custom-compile-command "make lock" \
	    $(UPGRADE) $$set.in -o $$set.txt || exit 1; \
	done
	@npm install --package-lock-only
	@! grep -nE 'https?://' requirements.txt requirements-dev.txt
	@! grep -n '"resolved"' package-lock.json

clean: ## Remove what was built; keeps the demonstration's data
	rm -rf .venv node_modules static/build .pytest_cache .mypy_cache .ruff_cache

environment: $(INSTALLED) $(INSTALLED_DEV)

assets: $(ASSETS)

system-packages:
	@python3 tests/require_system_packages.py

$(PYTHON):
	@python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 with venv is needed: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@python3 -m venv $(VENV)

$(INSTALLED): | $(PYTHON)
	@echo "Installing what the portal runs on"
	@$(PYTHON) -m pip install --disable-pip-version-check --require-hashes -r requirements.txt
	@rm -f $(VENV)/.installed-run-* && touch $@

$(INSTALLED_DEV): | $(INSTALLED)
	@echo "Installing what tests and checks need"
	@$(PYTHON) -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f $(VENV)/.installed-dev-* && touch $@

$(NODE_MODULES): package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "Node.js 20 with npm is needed: https://nodejs.org" >&2; exit 1; }
	@echo "Installing the front-end packages"
	@npm ci
	@touch $@

$(ASSETS): $(NODE_MODULES) $(ASSET_SOURCES)
	@npm run --silent build
