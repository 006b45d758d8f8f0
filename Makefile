# One command for each thing a contributor does; each installs what it needs first.
PYTHON ?= python3
BIN := .venv/bin
DATA ?=

.PHONY: demo dagster setup test test-e2e test-long lint format bench lock clean

demo: setup ## simulated bills, or DATA=path, to a running dashboard
	$(BIN)/cloudprune demo $(if $(DATA),--data "$(DATA)")

dagster: setup ## the orchestrator's page on port 3000, until Ctrl-C
	$(BIN)/python -m orchestration

setup: .venv/.setup ## .venv with the command .venv/bin/cloudprune

.venv/.setup: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.setup requirements-dev.lock package.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	sh tests/install-tools
	@touch $@

# One worker runs a file's tests, so that its costly fixtures are made once.
TESTS := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: lint ## linters, types, unit and integration tests
	$(TESTS) -m "not e2e and not long"

test-e2e: .venv/.dev ## from exports and clouds to pages in a browser
	$(TESTS) -m "e2e and not long"

test-long: .venv/.dev ## crash and volume tests
	$(BIN)/python -m pytest -m long

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --quiet dbt_project/models dbt_project/tests
	$(BIN)/python -m pipeline.lint_sql

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev ## measured workloads; ROWS=10000000 for full size
	$(BIN)/python -m benchmarks $(if $(ROWS),--rows $(ROWS))

lock: ## new lock files from pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf var .venv
