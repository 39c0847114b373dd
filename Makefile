# Two commands do everything on a machine that has only Python 3.11 and make:
#   make demo    forty simulated days of a shop, from an empty database
#   make test    every check, exactly as CI runs them
# Nothing is installed outside .venv; each package is checked against its hash.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install
DEMO   ?= demo-shop

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types imports unit laws fuzz pages full bench format lock clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime  ## sixty orders, five kinds of cases, forty days
	$(BIN)/aftersales demo $(DEMO)

test: lint types imports unit  ## all that CI runs

lint: $(VENV)/.dev  ## style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy --strict
	$(BIN)/mypy

imports: $(VENV)/.dev  ## the floors: imports go down only
	$(BIN)/lint-imports --no-logo --config .importlinter

unit: $(VENV)/.dev  ## the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

laws: $(VENV)/.dev  ## the laws of business time in full, over 100,000 cases
	HYPOTHESIS_PROFILE=full $(BIN)/python -m pytest -n 2 --durations=3 \
	  tests/properties/test_business_time_*.py tests/properties/test_zone_clocks.py tests/definitions/test_countries.py tests/definitions/test_threads.py

full: $(VENV)/.dev  ## the tests that draw their examples, with many more of them
	TESTS_IN_FULL=1 $(BIN)/python -m pytest -n 2 --durations=5 tests/definitions/test_formatting.py \
	  tests/domain/test_space_proofs.py tests/domain/test_prove_policies.py tests/domain/test_compare_policies.py \
	  tests/domain/test_prove_laws.py tests/domain/test_prove_roundings.py

fuzz: $(VENV)/.dev  ## the fuzzer in full: half an hour of files, cells and templates made up
	$(BIN)/python tests/fuzz/run.py --seed $${AFTERSALES_FUZZ_SEED:-1} --seconds $${AFTERSALES_FUZZ_SECONDS:-1800}

pages: $(VENV)/.dev  ## print anew what the pages of problems print
	$(BIN)/python tests/definitions/problem_examples.py

bench: $(VENV)/.bench  ## the figures of the README, in one run
	$(BIN)/python benchmarks/business_time.py
	$(BIN)/python benchmarks/policy.py
	$(BIN)/python benchmarks/proofs.py
	$(BIN)/python benchmarks/simulate.py

format: $(VENV)/.dev  ## rewrite the code in our style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Stamps: a changed requirement installs again, nothing else does.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed and was not found" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $(PYTHON) is older. Try: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml hatch_build.py | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

lock: | $(VENV)/bin/python  ## resolve the requirements again, with hashes
	$(PIP) pip-tools
	for part in runtime:pyproject.toml build:requirements/build.in dev:requirements/dev.in bench:requirements/bench.in; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	    --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	    --output-file=requirements/$${part%%:*}.txt $${part#*:}; \
	done

clean:  ## forget what was made, the environment too
	rm -rf $(VENV) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
