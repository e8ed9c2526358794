# Eastward: build, read, test and re-run the book. `make` lists the commands.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
JB := $(BIN)/jupyter-book build . -W -n --keep-going
TEX := $(shell grep -v '^\#' apt.txt)
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONHASHSEED := 0

.PHONY: help book html pdf test check notebook serve lock accept-data bench clean tex
.DEFAULT_GOAL := help

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | column -t -s "$$(printf '\t')"

book: html tex  ## set everything up, build the HTML book and, where TeX is to be had, the PDF
	@if command -v xelatex >/dev/null && command -v latexmk >/dev/null; then $(MAKE) --no-print-directory pdf; \
	else echo "PDF: skipped, since TeX is missing. Install it with: sudo apt-get install --no-install-recommends $(TEX)"; fi

html: $(BIN)/.installed  ## build the HTML book into _build/html
	@$(BIN)/python -m eastward.data
	@$(BIN)/python -m eastward.build
	@$(JB) --builder html
	@echo "HTML: _build/html/index.html"

pdf: $(BIN)/.installed  ## build the PDF book into _build/eastward.pdf
	@command -v xelatex >/dev/null && command -v latexmk >/dev/null || { \
	  echo "PDF: TeX is missing. Install it with: sudo apt-get install --no-install-recommends $(TEX)" >&2; exit 1; }
	@$(BIN)/python -m eastward.data
	@$(BIN)/python -m eastward.build
	@$(JB) --builder pdflatex --path-output _build/pdf
	@cp _build/pdf/_build/latex/eastward.pdf _build/eastward.pdf
	@echo "PDF: _build/eastward.pdf"

test: book  ## build the book and run every test
	@$(BIN)/pytest -n auto

check: $(BIN)/.installed .venv-citation/.installed  ## lint, types, data package, claims, citation file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m eastward.data
	@$(BIN)/nbstripout --verify notebooks/*.ipynb
	@.venv-citation/bin/cffconvert --validate

notebook: $(BIN)/.installed  ## open JupyterLab on the chapters
	@$(BIN)/jupyter lab notebooks

serve: $(BIN)/.installed  ## serve the built book on http://localhost:8000
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

lock:  ## compile requirements.in into requirements.txt, with hashes
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -q uv
	@for name in requirements requirements-citation; do .venv-lock/bin/uv pip compile -q --upgrade --universal --generate-hashes \
	  --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" $$name.in -o $$name.txt; done
	@rm -rf .venv-lock

accept-data: $(BIN)/.installed  ## accept changed tables: write their checksums into data/datapackage.json
	@$(BIN)/python -m eastward.data --accept

bench: $(BIN)/.installed  ## measure build times against a plain jupyter-book build
	@$(BIN)/python benchmarks/build.py

clean:  ## remove all that was built, keep the environment
	rm -rf _build

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

# Debian packages are installed only where that needs no question: as root on Debian or Ubuntu.
tex:
	@if ! command -v xelatex >/dev/null && [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then \
	  echo "TeX: installing the packages of apt.txt"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(TEX) >/dev/null; fi
