# `make run` and `make test` need only Python 3.11 or newer, make and git; everything else goes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= 2

.PHONY: help run test test-all check bench queries clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "finnet needs Python 3.11 or newer; say make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m compileall -q finnet
	@touch $@

run: $(VENV)/installed  ## the main job: the invented case and its choke points, the real list facts; tables, pages, manifests
	$(BIN)/finnet run --all

check: $(VENV)/installed  ## format, lint, types, layers
	$(BIN)/ruff format --check finnet tests benchmarks tools
	$(BIN)/ruff check finnet tests benchmarks tools
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## set-up, check, then all tests but the long ones
	$(BIN)/pytest -q -n $(JOBS)

test-all: check  ## the long ones too
	$(BIN)/pytest -q -n $(JOBS) -m ''

bench: $(VENV)/installed  ## ratios against named peers
	$(BIN)/python -m benchmarks

queries: $(VENV)/installed  ## run every saved query that ships and compare with its answer
	$(BIN)/finnet run --all

clean:  ## remove what make made
	rm -rf $(VENV) runs .mypy_cache .ruff_cache .pytest_cache
