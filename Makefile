.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# processes that run tests side by side
WORKERS ?= 2

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(VENV)/.run ## Set everything up and start the workbench at http://127.0.0.1:8501
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/.test ## Set everything up and run the tests; TEST_FULL=1 tries all kills and examples
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

mutants: $(VENV)/.test ## Put faults into the code and list those that no test notices; with ONLY=verdict one module
	$(BIN)/python -m tests.mutants $(ONLY)

demo: $(VENV)/.run ## Run the main job in the terminal against the sample portal
	$(BIN)/python -m jobs demo

bench: $(VENV)/.bench ## Measure; with CASES=, FEEDS=, COLUMNS= or PRINTED=DIR also over saved data; with ONLY=flow a part
	$(BIN)/python -m tests.benchmarks $(if $(CASES),--cases $(CASES)) $(if $(FEEDS),--feeds $(FEEDS)) $(if $(COLUMNS),--columns $(COLUMNS)) $(if $(PRINTED),--printed $(PRINTED)) $(if $(ONLY),--only $(ONLY)) --out docs/benchmarks.md

lint: $(VENV)/.test ## Check style, types, spelling and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

check: lint test ## Everything that must hold before a commit

$(VENV)/.run: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 run") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.run tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

$(VENV)/.bench: $(VENV)/.test tests/benchmarks/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/benchmarks/requirements.txt
	touch $@

.PHONY: help run test mutants demo bench lint check
