# `make demo` and `make test` do all their own set-up; `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := .run
APPS := config common releases trackers uploads
CODE := $(APPS) scripts benchmarks tests manage.py
REPORT_SLOWEST := --durations=10
# A shuffled order, and the same one everywhere, so that a failure can be met again.
# `make test ORDER=` shuffles anew each time.
ORDER ?= --randomly-seed=2215046442
# Two processes: each has its own PostgreSQL database, qBittorrent and browser.
WORKERS ?= 2

.PHONY: help demo test setup system lint types imports checks test-sqlite \
	test-postgresql lock bench format clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
		awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

demo: $(VENV)/base.done ## start everything on this machine, ready to try
	@$(BIN)/python -m scripts.demo

test: setup system lint imports types checks test-sqlite test-postgresql ## every check there is
	@echo "All checks passed."

# --- set-up ---------------------------------------------------------------------

setup: $(VENV)/dev.done ## make .venv with the locked requirements

system: $(RUN)/system.done ## install the programs that the tests speak to

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Herald needs Python 3.11 or newer, but $(PYTHON) is %d.%d; name another one: make PYTHON=python3.12 …" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian install python3-venv." >&2; exit 1; }

# An environment for development serves the demo as well.
$(VENV)/base.done: requirements/base.txt | $(VENV)/bin/python
	@if [ ! -e $(VENV)/dev.done ]; then
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	else
		$(MAKE) --no-print-directory $(VENV)/dev.done
	fi
	touch $@

$(VENV)/dev.done: requirements/dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(RUN)/system.done: scripts/system_packages.sh
	@mkdir -p $(RUN)
	scripts/system_packages.sh
	touch $@

# Extras stay in the lock: without them pip also considers newer, unhashed versions.
lock: ## resolve requirements/*.in anew into hashed *.txt
	$(PYTHON) -m venv $(RUN)/lock
	$(RUN)/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	for name in base dev; do
		$(RUN)/lock/bin/uv pip compile --quiet --upgrade --universal \
			--python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url \
			--no-emit-find-links --custom-compile-command "make lock" \
			requirements/$$name.in --output-file requirements/$$name.txt
	done

# --- checks ---------------------------------------------------------------------

lint: setup ## ruff and codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

imports: setup ## who may import whom
	$(BIN)/lint-imports

types: setup ## mypy, strict
	$(BIN)/mypy $(CODE)

# Real settings with made-up secrets.
checks: export DJANGO_SETTINGS_MODULE = config.settings.prod
checks: export HERALD_SECRET_KEY = not-a-secret-but-long-enough-for-the-deployment-checks-0123456789
checks: export HERALD_MASTER_PASSPHRASE = not-a-secret-but-long-enough
checks: setup ## Django's own checks, migrations, static files
	data=$$(mktemp -d)
	trap 'rm -rf "$$data"' EXIT
	export HERALD_DATA_DIR=$$data
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

# --- tests ----------------------------------------------------------------------

test-sqlite: setup system ## the whole suite on SQLite, with coverage
	rm -f .coverage .coverage.*
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ORDER) $(REPORT_SLOWEST) --cov --cov-report=term

test-postgresql: setup system ## what depends on the database, on PostgreSQL and Redis
	$(BIN)/python -m scripts.services run -- \
		$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ORDER) -m "(django_db or redis) and not browser and not qbittorrent and not anywhere"

bench: setup ## the benchmarks, one after the other
	for file in benchmarks/[a-z]*.py; do $(BIN)/python "$$file"; done

format: setup ## put the code into shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean: ## remove the environment and everything made here
	rm -rf $(VENV) $(RUN) staticfiles htmlcov .coverage .coverage.* \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
