.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

VENV ?= .venv
PYTHON := $(VENV)/bin/python

# The marker of an installation carries a hash of its lock file: nothing is installed again until that changes.
fingerprint = $(shell cat $(1) | sha256sum | cut -c 1-16)
INSTALLED := $(VENV)/.installed-run-$(call fingerprint,requirements.txt)
INSTALLED_DEV := $(VENV)/.installed-dev-$(call fingerprint,requirements-dev.txt)
# pip reports errors only. Its warnings would fill the screen at the first start.
QUIET := --quiet --quiet --disable-pip-version-check --root-user-action=ignore
# The playbooks have their own environment, because Ansible and moto need other packages than the portal.
ANSIBLE_VENV ?= .venv-ansible
INSTALLED_ANSIBLE := $(ANSIBLE_VENV)/.installed-$(call fingerprint,ansible/requirements.txt)
# Prowler, a scanner for cloud accounts, must be installed elsewhere: its packages clash with all of the above.
PROWLER ?= prowler
# How much of the portal's lines and branches a whole run of the tests goes through, in percent. It only ever rises.
COVERED := 95
NODE_MODULES := node_modules/.package-lock.json
ASSETS := static/build/manifest.json
# Folders are listed too, because removing a file changes only its folder's date.
ASSET_SOURCES := static/build.mjs $(shell find static/scss static/js static/img 2>/dev/null)

# A release holds what instances need: the portal and its built assets. The demonstration, whose
# sign-in asks for no password, is left out so that it never reaches a server.
RELEASE ?= $(shell git describe --always --dirty)
RELEASE_ARCHIVE ?= build/medicare-hub-$(RELEASE).tar.gz
RELEASED := portal ':!portal/development' templates static migrations wsgi.py gunicorn.conf.py requirements.txt
# What the test of the release before runs of it: its code, and its own tests of what people do most.
KEPT_OF_A_RELEASE := pyproject.toml portal templates migrations wsgi.py gunicorn.conf.py static/img static/js 'tests/*.py' \
  tests/plugins tests/appointments tests/patients tests/documents tests/signin
WHEELS := .cache/wheels-$(call fingerprint,requirements.txt)

.PHONY: help run test test-fast fuzz check audit bench drill drill-short drill-mutations mutations restore-drill screenshots previous-release lock clean environment assets system-packages \
  ansible-environment ansible-lint infra-test posture-scan emulated-aws operator-policy oncall-policy release wheels image-test

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-20s %s\n", $$1, $$2 }'

run: ## Start the portal with a demonstration hospital
	@python3 portal/development/demonstration/ports.py
	@$(MAKE) --no-print-directory $(INSTALLED) assets
	@$(PYTHON) -m portal.development.demonstration.run

test: environment assets system-packages ## Run every test (options: PYTEST="tests/laws -x")
	@$(PYTHON) -m pytest $(or $(PYTEST),--cov --cov-fail-under=$(COVERED))

test-fast: environment assets ## Run the tests that need no server and no browser
	@$(PYTHON) -m pytest -m "not slow" -n auto $(or $(PYTEST),--cov)

fuzz: environment assets system-packages ## Try new random inputs for as long as you like (options: EXAMPLES=10000)
	@EXAMPLES=$(or $(EXAMPLES),10000) $(PYTHON) -m pytest -m fuzz --hypothesis-profile=fuzz $(PYTEST)

check: environment ## Lint, format check, types, templates and secrets
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/djlint templates portal/development --lint --quiet
	@git ls-files -z | xargs -0 $(VENV)/bin/detect-secrets-hook --baseline .secrets.baseline

audit: environment ## Get the known advisories about all locked packages (needs a network)
	@$(PYTHON) -m tests.advisories

ansible-environment: $(INSTALLED_ANSIBLE) ## Install what the playbooks need into .venv-ansible

ansible-lint: ansible-environment ## Lint the playbooks, offline
	@cd ansible && $(abspath $(ANSIBLE_VENV))/bin/ansible-lint --offline --profile production

infra-test: environment ansible-environment assets system-packages ## Run all playbooks against an emulated AWS
	@$(PYTHON) -m pytest -n0 -s tests/infrastructure $(PYTEST)

posture-scan: environment ansible-environment ## Let Prowler check what the playbooks build (PROWLER=path)
	@$(PYTHON) -m tests.posture $(PROWLER)

operator-policy: ## Print the permissions that running the playbooks needs
	@$(PYTHON) ansible/operator_policy.py

oncall-policy: ## Print the permissions that the person on call needs
	@$(PYTHON) ansible/oncall_policy.py

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

bench: environment assets system-packages ## Measure the portal on a MariaDB with many patients
	@$(PYTHON) -m tests.bench
	@$(PYTHON) -m tests.bench.documents
	@$(PYTHON) -m tests.proxy

drill: environment assets system-packages ## Break a zone and everything else that can fail (options: REPEAT=5, DRILL="--help")
	@$(PYTHON) -m tests.drill $(if $(REPEAT),--repeat $(REPEAT)) $(DRILL)

drill-short: environment assets system-packages ## Two parts of the drill, in two minutes: a zone cut off, and lost replies
	@$(PYTHON) -m tests.drill --short $(if $(REPEAT),--repeat $(REPEAT)) $(DRILL)

drill-mutations: environment assets system-packages ## Check that the drill notices faults
	@$(PYTHON) -m pytest -n0 tests/drill/mutations_are_caught.py

mutations: environment assets system-packages ## Put small faults into the portal and check that tests notice (MUTATIONS="--help")
	@$(PYTHON) -m tests.mutations $(MUTATIONS)

restore-drill: environment assets system-packages ## Back up a hospital, destroy it, and restore it
	@$(PYTHON) -m tests.restore_drill

screenshots: environment assets system-packages ## Take the README's screenshots again
	@$(PYTHON) -m tests.screenshots

previous-release: ## Choose the release that must still work on the newest tables (RELEASE=commit)
	@git archive $(RELEASE) $(KEPT_OF_A_RELEASE) | xz -9e > tests/previous_release/release.tar.xz
	@ls -l tests/previous_release/release.tar.xz

lock: $(INSTALLED_DEV) ## Lock the Python and Node.js packages again
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
	@echo "Installing the Python packages (a minute or two)"
	@$(PYTHON) -m pip install $(QUIET) --require-hashes -r requirements.txt
	@rm -f $(VENV)/.installed-run-* && touch $@

$(INSTALLED_DEV): | $(INSTALLED)
	@echo "Installing the packages for tests and checks (a minute or two)"
	@$(PYTHON) -m pip install $(QUIET) --require-hashes -r requirements-dev.txt
	@rm -f $(VENV)/.installed-dev-* && touch $@

$(ANSIBLE_VENV)/bin/python:
	@python3 -m venv $(ANSIBLE_VENV)

$(INSTALLED_ANSIBLE): | $(ANSIBLE_VENV)/bin/python
	@echo "Installing the packages for the playbooks (a minute or two)"
	@$(ANSIBLE_VENV)/bin/python -m pip install $(QUIET) --require-hashes -r ansible/requirements.txt
	@rm -f $(ANSIBLE_VENV)/.installed-* && touch $@

$(WHEELS): requirements.txt | $(PYTHON)
	@echo "Downloading the wheels of the Python packages"
	@rm -rf $@.new
	@$(PYTHON) -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
	  --only-binary :all: -r requirements.txt -d $@.new
	@mv $@.new $@

$(NODE_MODULES): package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "Node.js 20 with npm is needed: https://nodejs.org" >&2; exit 1; }
	@echo "Installing the front-end packages (half a minute)"
	@npm ci
	@touch $@

$(ASSETS): $(NODE_MODULES) $(ASSET_SOURCES)
	@npm run --silent build
