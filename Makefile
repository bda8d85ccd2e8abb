.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

VENV ?= .venv
PYTHON := $(VENV)/bin/python

# What is installed is named after the lock file's content, so an unchanged lock installs nothing.
fingerprint = $(shell cat $(1) | sha256sum | cut -c 1-16)
INSTALLED := $(VENV)/.installed-run-$(call fingerprint,requirements.txt)
INSTALLED_DEV := $(VENV)/.installed-dev-$(call fingerprint,requirements-dev.txt)
# The playbooks' environment is their own: Ansible and moto want other packages than the portal.
ANSIBLE_VENV ?= .venv-ansible
INSTALLED_ANSIBLE := $(ANSIBLE_VENV)/.installed-$(call fingerprint,ansible/requirements.txt)
# An auditor from outside, in an environment of its own: its packages clash with all of the above.
PROWLER ?= prowler
NODE_MODULES := node_modules/.package-lock.json
ASSETS := static/build/manifest.json
# Folders are named too: a file that was removed changes the folder's date.
ASSET_SOURCES := static/build.mjs $(shell find static/scss static/js static/img 2>/dev/null)

# A release is what instances get: the portal itself, and what was built for it.
RELEASE ?= $(shell git describe --always --dirty)
RELEASE_ARCHIVE ?= build/medicare-hub-$(RELEASE).tar.gz
RELEASED := portal templates static migrations wsgi.py gunicorn.conf.py requirements.txt
WHEELS := .cache/wheels-$(call fingerprint,requirements.txt)

.PHONY: help run test check bench drill drill-short drill-mutations restore-drill screenshots lock clean environment assets system-packages \
  ansible-environment ansible-lint infra-test posture-scan emulated-aws operator-policy release wheels image-test

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-20s %s\n", $$1, $$2 }'

run: $(INSTALLED) assets ## Start the portal with a demonstration hospital
	@$(PYTHON) -m portal.demonstration.run

test: environment assets system-packages ## Run every test (options: PYTEST="tests/laws -x")
	@$(PYTHON) -m pytest $(PYTEST)

check: environment ## Lint, format check, types and templates
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/djlint templates --lint --quiet

ansible-environment: $(INSTALLED_ANSIBLE) ## Install what the playbooks need into .venv-ansible

ansible-lint: ansible-environment ## Lint the playbooks, offline
	@cd ansible && $(abspath $(ANSIBLE_VENV))/bin/ansible-lint --offline --profile production

infra-test: environment ansible-environment assets system-packages ## Play all playbooks against an emulated AWS
	@$(PYTHON) -m pytest -n0 -s tests/infrastructure $(PYTEST)

posture-scan: environment ansible-environment ## Let Prowler look at all that is built (PROWLER=path)
	@$(PYTHON) -m tests.posture $(PROWLER)

operator-policy: ## Print what the operator who runs the playbooks must be allowed
	@$(PYTHON) ansible/operator_policy.py

emulated-aws: ansible-environment ## Serve an emulated AWS on loopback, to try playbooks by hand
	@$(ANSIBLE_VENV)/bin/python -m tests.infrastructure.emulated_aws $(PORT)

release: assets ## Pack a release for the image (RELEASE=name)
	@mkdir -p $(dir $(RELEASE_ARCHIVE))
	@{ git ls-files -z -- $(RELEASED); find static/build -type f -print0; } | \
	  tar --create --file=$(RELEASE_ARCHIVE) --null --files-from=- --use-compress-program='gzip -n' \
	    --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX
	@echo "$(RELEASE_ARCHIVE)"

wheels: $(WHEELS)

image-test: environment ansible-environment assets system-packages wheels ## Build the image in a Debian root, and boot it (as root)
	@$(PYTHON) -m pytest -n0 -s tests/image $(PYTEST)

bench: environment assets system-packages ## Measure the portal on a full MariaDB
	@$(PYTHON) -m tests.bench
	@$(PYTHON) -m tests.bench.documents

drill: environment assets system-packages ## Let a zone die, and everything else (options: REPEAT=5, DRILL="--help")
	@$(PYTHON) -m tests.drill $(if $(REPEAT),--repeat $(REPEAT)) $(DRILL)

drill-short: environment assets system-packages ## A cut zone and lost replies, in two minutes
	@$(PYTHON) -m tests.drill --short $(if $(REPEAT),--repeat $(REPEAT)) $(DRILL)

drill-mutations: environment assets system-packages ## See that the drill's checker can fail
	@$(PYTHON) -m pytest -n0 tests/drill/mutations_are_caught.py

restore-drill: environment assets system-packages ## Back a hospital up, destroy it, bring it back
	@$(PYTHON) -m tests.restore_drill

screenshots: environment assets system-packages ## Take the README's pictures again
	@$(PYTHON) -m tests.screenshots

lock: $(INSTALLED_DEV) ## Lock the Python and Node.js packages anew
	@for set in requirements requirements-dev ansible/requirements; do \
	  $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --python-version 3.11 --custom-compile-command "make lock" \
	    $(UPGRADE) $$set.in -o $$set.txt || exit 1; \
	done
	@npm install --package-lock-only
	@! grep -nE 'https?://' requirements.txt requirements-dev.txt ansible/requirements.txt
	@! grep -n '"resolved"' package-lock.json

clean: ## Remove what was built; keeps the demonstration's data
	rm -rf .venv .venv-ansible .cache build node_modules static/build .pytest_cache .mypy_cache .ruff_cache

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

$(ANSIBLE_VENV)/bin/python:
	@python3 -m venv $(ANSIBLE_VENV)

$(INSTALLED_ANSIBLE): | $(ANSIBLE_VENV)/bin/python
	@echo "Installing what the playbooks need"
	@$(ANSIBLE_VENV)/bin/python -m pip install --disable-pip-version-check --require-hashes -r ansible/requirements.txt
	@rm -f $(ANSIBLE_VENV)/.installed-* && touch $@

$(WHEELS): requirements.txt | $(PYTHON)
	@echo "Fetching the wheels of what the portal runs on"
	@rm -rf $@.new
	@$(PYTHON) -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
	  --only-binary :all: -r requirements.txt -d $@.new
	@mv $@.new $@

$(NODE_MODULES): package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "Node.js 20 with npm is needed: https://nodejs.org" >&2; exit 1; }
	@echo "Installing the front-end packages"
	@npm ci
	@touch $@

$(ASSETS): $(NODE_MODULES) $(ASSET_SOURCES)
	@npm run --silent build
