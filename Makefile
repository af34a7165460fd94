# Understudy's tasks. `make help` lists them; each sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup serve test check contract format fuzz bench

help: ## List the tasks
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' \
		| while IFS='|' read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

setup: $(READY) ## Make .venv with everything in it (PYTHON=python3.12 chooses the interpreter)

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Understudy needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
		"Name another: make setup PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

serve: $(READY) ## Serve the bundled document on http://127.0.0.1:4010 (ARGS="--profile observed")
	@exec $(BIN)/mockserver serve $(ARGS)

test: $(READY) ## Run the tests (ARGS="-k links")
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

check: $(READY) ## Everything that CI asks for: format, lint, types, rooms, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

contract: $(READY) ## Check the mock against its document; reports in reports/ (ARGS="--quick")
	@mkdir -p reports
	$(BIN)/contracts check --html reports/contract.html --junit reports/contract.xml \
		--json reports/contract.json $(ARGS)

format: $(READY) ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(READY) ## Run schemathesis over HTTP against a fresh stub, with two seeds (minutes)
	FUZZ_EXAMPLES=100 $(BIN)/python -m pytest -s tests/end_to_end/test_schemathesis.py $(ARGS)

bench: $(READY) ## Measure the stub beside other mocks; needs Node.js (an hour; ARGS="--quick")
	$(BIN)/python -m benchmarks.bench $(ARGS)
