.DEFAULT_GOAL := help
.PHONY: help run web test test-all check bench rebuild lock clean bootstrap

PYTHON3 ?= $(shell command -v python3 || command -v python)
PY := .venv/bin/python
# Tests that share running servers go to one worker (tests/conftest.py). Three, for two processors: they often wait.
WORKERS ?= -n 3 --dist loadgroup --no-loadscope-reorder
# Containers like to set it; then every process compiles all of TensorFlow anew, which takes longer than to start.
unexport PYTHONDONTWRITEBYTECODE
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

bootstrap: ## Install whatever is missing into .venv
	@"$(PYTHON3)" scripts/bootstrap.py

run: bootstrap ## Train if needed, start everything, stop on Ctrl-C
	@exec $(PY) -m proactive_api.run

web: bootstrap ## Build the pages that changed: the widget and the dashboard
	@$(PY) -m proactive_api.run.web

test: bootstrap ## Run every test that the servers on this machine allow
	@$(PY) -m pytest $(WORKERS) -m "not slow"

test-all: bootstrap ## Run every test, those that take minutes too
	@$(PY) -m pytest $(WORKERS)

check: bootstrap ## Check style, types and the assistant's training data
	.venv/bin/ruff check .
	.venv/bin/mypy
	@$(PY) scripts/assistant_check.py

bench: bootstrap ## Measure against stock Rasa and the bare limit
	@$(PY) -m benchmarks

rebuild: bootstrap ## Compute all figures again from the stored events, report differences
	@.venv/bin/proactive rebuild

lock: bootstrap ## Pin requirements.in into requirements.txt
	@$(PY) scripts/bootstrap.py --lock

clean: ## Remove what was installed, trained and cached here; data stays in .data
	rm -rf .venv models build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .rasa results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
