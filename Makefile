# Eastward: build, read, test and re-run the book. `make` lists the commands; without make see README.md.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8888
LAB_SETTINGS := .venv/share/jupyter/lab/settings
BIN := .venv/bin
LOCKS := requirements requirements-test requirements-citation
PIP := bin/pip install -q --disable-pip-version-check --no-compile --no-deps
PDF_PACKAGES := $(shell grep -v '^\#' apt.txt)
# Node and Chromium do as well from elsewhere; with another Node Debian's packages would conflict.
TEST_PACKAGES := $(filter-out $(if $(shell command -v npm;),nodejs npm) $(if $(shell command -v chromium;),chromium),$(shell grep -v '^\#' apt-test.txt))
# A copied or renamed checkout has the environment of the other folder, and would read its data.
MOVED := $(shell [ -L .venv ] || [ ! -s $(BIN)/.installed ] || [ "$$(cat $(BIN)/.installed)" = "$(CURDIR)" ] || rm -rf .venv)
export PATH := $(CURDIR)/$(BIN):$(PATH)
export TZ := UTC
export PYTHONDONTWRITEBYTECODE :=  # modules are compiled once, when they are first imported: most never are
unexport MAKEFLAGS  # programs that recipes start run a make of their own
export EASTWARD_URL := $(or $(URL),$(EASTWARD_URL))

# Debian packages are installed only where that needs no question: as root on Debian or Ubuntu. What of: packages: or else.
apt = if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then echo "$(1): installing Debian packages"; flock /var/lib/apt sh -c 'apt-get update -qq && \
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null'; else $(3); fi
tell = echo "$(1): missing. Install with: sudo apt-get install --no-install-recommends $(2)" >&2; exit 1

.PHONY: help book html brief pdf exports test check notebook serve lock accept-data refresh reproduce audit audit-pip audit-npm mutants growth bench clean pdf-tools test-tools

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | column -t -s "$$(printf '\t')"

book html brief pdf exports: $(BIN)/.installed
	@$(BIN)/python -m eastward.publish $(if $(DRAFT),--draft) $@
book: pdf-tools  ## set everything up, build the HTML book, tagged PDFs of chapters and brief and, where TeX is to be had, the PDF book
html:  ## build the HTML book into _build/html (URL=https://... its address; DRAFT=1: though words do not hold)
brief:  ## build the HTML book, the brief into _build/eastward-brief.pdf, and tagged PDFs of the chapters
pdf:  ## build the PDF book into _build/eastward.pdf
exports:  ## export chapters, figures, data and the supplement into _build/exports

test: book test-tools $(BIN)/.tested node_modules/.package-lock.json  ## build the book and run every test
	@$(BIN)/pytest -n auto --dist loadgroup

node_modules/.package-lock.json: package-lock.json | test-tools  # npm writes it at the end of an installation
	@npm ci --no-audit --no-fund --silent && touch $@

check: $(BIN)/.tested .venv-citation/bin/.installed  ## lint, types, rooms, data package, claims, citation file
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@for tool in "lint-imports --no-cache" "deptry src"; do told=$$($(BIN)/$$tool 2>&1) || { echo "$$told"; exit 1; }; done
	@$(BIN)/python -m eastward.data && $(BIN)/python -m eastward.claims --sources
	@$(BIN)/nbstripout --verify notebooks/*.ipynb && .venv-citation/bin/cffconvert --validate

# JupyterLab fills in numbers of the prose only in cells that it draws, so it is to draw all of them.
notebook: $(BIN)/.installed  ## open JupyterLab on the chapters and the data (PORT=8888)
	@mkdir -p $(LAB_SETTINGS) && echo '{"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}' > $(LAB_SETTINGS)/overrides.json
	@$(BIN)/jupyter lab --port=$(PORT) --ServerApp.root_dir=. $(if $(filter 0,$(shell id -u)),--allow-root)

serve:  ## serve the built book on http://localhost:8000 (PORT=8001)
	@cd _build/html && $(PYTHON) -m http.server --bind localhost $(if $(filter command% environment,$(origin PORT)),$(PORT)) || { echo "serve: run make html first, or choose another port: make serve PORT=8001" >&2; exit 1; }

lock:  ## compile the requirements*.in into requirements*.txt, with hashes
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -q uv
	@for name in $(LOCKS); do .venv-lock/bin/uv pip compile -q --upgrade --universal --generate-hashes --no-strip-extras \
	  --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" $$name.in -o $$name.txt; done && rm -rf .venv-lock

accept-data: $(BIN)/.installed  ## accept changed tables: write their checksums into data/datapackage.json
	@$(BIN)/python -m eastward.data --accept

refresh: $(BIN)/.installed  ## compare data/ with the agencies' open APIs (ACCEPT=1 writes the revisions)
	@$(BIN)/python -m eastward.upkeep.refresh $(if $(ACCEPT),--accept)

reproduce: $(BIN)/.installed  ## build twice under other circumstances and compare byte for byte
	@$(BIN)/python -m eastward.upkeep.reproduce

audit: audit-pip audit-npm  ## look for known vulnerabilities in the pinned packages (needs the network)

# Strict: behind a mirror without advisories pip-audit would skip all packages and call that a success.
audit-pip: $(BIN)/.tested
	@$(BIN)/python -c 'import requests; requests.head("https://pypi.org", timeout=10)' 2>/dev/null || { \
	  echo "audit: offline: pypi.org cannot be reached, no Python package was checked" >&2; exit 1; }
	@for name in $(LOCKS); do $(BIN)/pip-audit --strict --require-hashes --disable-pip -r $$name.txt || exit 1; done

# npm's failures but those of its advisory service are many lines long.
audit-npm:
	@npm audit --json 2>/dev/null | grep -q auditReportVersion || { \
	  echo "audit: offline: npm's advisories cannot be reached, no npm package was checked" >&2; exit 1; }
	@npm audit

mutants: $(BIN)/.tested  ## mutate rules, evidence and indicators; write into tests/faults.md what tests notice
	@$(BIN)/python benchmarks/mutants.py && $(BIN)/python benchmarks/mutants.py --sample

growth: $(BIN)/.tested  ## measure growth with chapters and rows; write it into book/rerun.md
	@$(BIN)/python benchmarks/growth.py --page

bench: $(BIN)/.tested  ## measure build times against a plain jupyter-book build
	@$(BIN)/python benchmarks/build.py && $(BIN)/python benchmarks/pages.py

clean:  ## remove all that was built, keep the environment
	rm -rf _build mutants

%/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Python 3.11 to 3.13 is needed: set PYTHON" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(call apt,environment,python3-venv,$(call tell,venv,python3-venv)); }
	@$(PYTHON) -m venv $*

$(BIN)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "environment: installing the pinned packages into .venv"
	@set -o pipefail; .venv/bin/pip install --progress-bar off --disable-pip-version-check --no-compile --require-hashes --no-deps -r requirements.txt | \
	  awk '/^Collecting/ && ++n % 25 == 0 { print "environment: " n " packages fetched"; fflush() } /^Installing/ { print "environment: unpacking them"; fflush() }'
	@.venv/$(PIP) --no-build-isolation -e . && echo "$(CURDIR)" > $@

$(BIN)/.tested: requirements-test.txt $(BIN)/.installed
	@echo "environment: installing what tests and checks need into .venv"
	@.venv/$(PIP) --require-hashes -r requirements-test.txt && touch $@

.venv-citation/bin/.installed: requirements-citation.txt | .venv-citation/bin/python
	@.venv-citation/$(PIP) --require-hashes -r requirements-citation.txt && touch $@

pdf-tools:
	@command -v xelatex >/dev/null && ldconfig -p | grep -q libpangoft2 || { $(call apt,PDF,$(PDF_PACKAGES),true); }

test-tools:
	@command -v chromium >/dev/null && command -v npm >/dev/null && command -v pdftotext >/dev/null || { $(call apt,tests,$(TEST_PACKAGES),$(call tell,tools of tests,$(TEST_PACKAGES))); }
