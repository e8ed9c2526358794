# Eastward: build, read, test and re-run the book. `make` lists the commands.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8888
LAB_SETTINGS := .venv/share/jupyter/lab/settings
BIN := .venv/bin
JB := $(BIN)/jupyter-book build . -W -n --keep-going
VALIDATE := $(BIN)/python -m eastward.data --if-changed && $(BIN)/python -m eastward.claims
LATEXMK := -interaction=nonstopmode -halt-on-error -quiet
HAVE_TEX := command -v xelatex >/dev/null && command -v latexmk >/dev/null
TEX := $(shell grep -v '^\#' apt.txt)
# Node and Chromium do as well from elsewhere; with another Node Debian's packages would conflict.
TEST_TOOLS := $(filter-out $(if $(shell command -v npm;),nodejs npm) $(if $(shell command -v chromium;),chromium),$(shell grep -v '^\#' apt-test.txt))
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONHASHSEED := 0
export TZ := UTC
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1715904000)
export FORCE_SOURCE_DATE := 1

# A copy takes its name once it is whole.
publish = { cp $(1) $(2).part && mv $(2).part $(2) || { rm -f $(2).part; exit 1; }; }

.PHONY: help book html brief pdf chapter-pdfs exports test check notebook serve lock accept-data refresh reproduce audit audit-pip audit-npm mutants growth bench clean tex needs-tex test-tools
.DEFAULT_GOAL := help

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | column -t -s "$$(printf '\t')"

book: $(BIN)/.installed tex  ## set everything up, build the HTML book and, where TeX is to be had, the PDFs
	@$(MAKE) --no-print-directory exports
	@if $(HAVE_TEX); then $(MAKE) --no-print-directory pdf && $(MAKE) --no-print-directory chapter-pdfs; fi
	@$(MAKE) --no-print-directory html
	@$(HAVE_TEX) || echo "PDF: skipped, since TeX is missing. Install it with: sudo apt-get install --no-install-recommends $(TEX)"

html: $(BIN)/.installed  ## build the HTML book into _build/html, with the PDFs and exports there are (DRAFT=1: though words do not hold)
	@$(VALIDATE)
	@$(BIN)/python -m eastward.publish $(if $(DRAFT),--draft) -- $(JB) --builder html
	@echo "HTML: _build/html/index.html"

brief: html  ## build the brief into _build/eastward-brief.pdf, from the page of the HTML book
	@[ -f _build/html/eastward-brief.pdf ] || { \
	  echo "brief: Pango is missing. Install it with: sudo apt-get install --no-install-recommends $(TEX)" >&2; exit 1; }
	@echo "PDF: _build/eastward-brief.pdf"

# A PDF that differs from the one published is of a build that was killed; latexmk would take it for whole.
pdf: needs-tex $(BIN)/.installed  ## build the PDF book into _build/eastward.pdf
	@$(VALIDATE)
	@LATEXMKOPTS="$(LATEXMK)" $(BIN)/python -m eastward.publish -- bash -ec ' \
	  cmp -s _build/pdf/_build/latex/eastward.pdf _build/eastward.pdf || rm -f _build/pdf/_build/latex/eastward.pdf; \
	  $(JB) --builder pdflatex --path-output _build/pdf; \
	  $(call publish,_build/pdf/_build/latex/eastward.pdf,_build/eastward.pdf)'
	@echo "PDF: _build/eastward.pdf"

# All of it within one build's lock: the HTML build copies these files.
chapter-pdfs: needs-tex $(BIN)/.installed  ## build a PDF of each chapter into _build/chapters
	@$(VALIDATE)
	@LATEXMKOPTS="$(LATEXMK)" $(BIN)/python -m eastward.publish -- bash -ec ' \
	  rm -f _build/pdf/_build/chapters/*.tex; \
	  $(JB) --builder custom --custom-builder chapters --path-output _build/pdf; \
	  mkdir -p _build/chapters; cd _build/pdf/_build/chapters; \
	  for tex in *.tex; do cmp -s $${tex%.tex}.pdf ../../../chapters/$${tex%.tex}.pdf || rm -f $${tex%.tex}.pdf; done; \
	  make --no-print-directory -j$$(nproc) all-pdf; \
	  for tex in *.tex; do $(call publish,$${tex%.tex}.pdf,../../../chapters/$${tex%.tex}.pdf); done; \
	  for pdf in ../../../chapters/*.pdf; do [ -e $$(basename $${pdf%.pdf}).tex ] || rm $$pdf; done'
	@echo "PDF: _build/chapters"

exports: $(BIN)/.installed  ## export chapters, figures, data and the supplement into _build/exports
	@$(VALIDATE)
	@$(BIN)/python -m eastward.publish.exports

test: book test-tools node_modules/.package-lock.json  ## build the book and run every test
	@$(BIN)/pytest -n auto --dist loadgroup

# npm writes .package-lock.json at the end of an installation.
node_modules/.package-lock.json: package-lock.json | test-tools
	@npm ci --no-audit --no-fund --silent && touch $@

test-tools:
	@if ! { command -v chromium && command -v npm && command -v pdftotext; } >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then echo "tests: installing the packages of apt-test.txt"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(TEST_TOOLS) >/dev/null; \
	  else echo "Tests of the built book need: sudo apt-get install --no-install-recommends $(TEST_TOOLS)" >&2; exit 1; fi; fi

check: $(BIN)/.installed .venv-citation/.installed  ## lint, types, rooms, data package, claims, citation file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@told=$$($(BIN)/lint-imports --no-cache) || { echo "$$told"; exit 1; }
	@told=$$($(BIN)/deptry src 2>&1) || { echo "$$told"; exit 1; }
	@$(BIN)/python -m eastward.data
	@$(BIN)/python -m eastward.claims --sources
	@$(BIN)/nbstripout --verify notebooks/*.ipynb
	@.venv-citation/bin/cffconvert --validate

# JupyterLab fills in numbers of the prose only in cells that it draws, so it is to draw all of them.
notebook: $(BIN)/.installed  ## open JupyterLab on the chapters and the data (PORT=8888)
	@mkdir -p $(LAB_SETTINGS) && echo '{"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}' > $(LAB_SETTINGS)/overrides.json
	@$(BIN)/jupyter lab --port=$(PORT) --ServerApp.root_dir=. $(if $(filter 0,$(shell id -u)),--allow-root)

serve: $(BIN)/.installed  ## serve the built book on http://localhost:8000
	@$(BIN)/python -m eastward.upkeep.serve

lock:  ## compile requirements.in into requirements.txt, with hashes
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -q uv
	@for name in requirements requirements-citation; do .venv-lock/bin/uv pip compile -q --upgrade --universal --generate-hashes \
	  --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" $$name.in -o $$name.txt; done
	@rm -rf .venv-lock

accept-data: $(BIN)/.installed  ## accept changed tables: write their checksums into data/datapackage.json
	@$(BIN)/python -m eastward.data --accept

refresh: $(BIN)/.installed  ## compare data/ with the agencies' open APIs (ACCEPT=1 writes the revisions)
	@$(BIN)/python -m eastward.upkeep.refresh $(if $(ACCEPT),--accept)

reproduce: $(BIN)/.installed  ## build twice under other circumstances and compare byte for byte
	@$(BIN)/python -m eastward.upkeep.reproduce

audit: audit-pip audit-npm  ## look for known vulnerabilities in the pinned packages (needs the network)

# Strict: behind a mirror without advisories pip-audit would skip all packages and call that a success.
audit-pip: $(BIN)/.installed
	@$(BIN)/python -c 'import socket; socket.create_connection(("pypi.org", 443), 5)' 2>/dev/null || { \
	  echo "audit: offline: pypi.org cannot be reached, no Python package was checked" >&2; exit 1; }
	@for name in requirements requirements-citation; do \
	  $(BIN)/pip-audit --strict --require-hashes --disable-pip -r $$name.txt || exit 1; done

# Only an answer of the advisory service is a report; npm's other failures are many lines long.
audit-npm:
	@npm audit --json 2>/dev/null | grep -q auditReportVersion || { \
	  echo "audit: offline: npm's advisories cannot be reached, no npm package was checked" >&2; exit 1; }
	@npm audit

mutants: $(BIN)/.installed  ## mutate verdicts and indicators; write into book/faults.md what tests notice
	@$(BIN)/python benchmarks/mutants.py

growth: $(BIN)/.installed  ## measure growth with chapters and rows; write it into book/rerun.md
	@$(BIN)/python benchmarks/growth.py --page

bench: $(BIN)/.installed  ## measure build times against a plain jupyter-book build
	@$(BIN)/python benchmarks/build.py
	@$(BIN)/python benchmarks/pages.py

clean:  ## remove all that was built, keep the environment
	rm -rf _build mutants

$(BIN)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "Python has no venv. Install it with: sudo apt-get install python3-venv" >&2; exit 1; fi; }
	@echo "environment: installing the pinned packages into .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv-citation/.installed: requirements-citation.txt
	@$(PYTHON) -m venv .venv-citation
	@.venv-citation/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-citation.txt
	@touch $@

needs-tex:
	@$(HAVE_TEX) || { \
	  echo "PDF: TeX is missing. Install it with: sudo apt-get install --no-install-recommends $(TEX)" >&2; exit 1; }

# Debian packages are installed only where that needs no question: as root on Debian or Ubuntu.
tex:
	@if ! { command -v xelatex && ldconfig -p | grep libpangoft2; } >/dev/null && [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then \
	  echo "PDF: installing the packages of apt.txt"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(TEX) >/dev/null; fi
