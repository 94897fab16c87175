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

bootstrap: ## Install anything missing into .venv
	@"$(PYTHON3)" scripts/bootstrap.py

run: bootstrap ## Train if needed and start everything; Ctrl-C stops it
	@exec $(PY) -m proactive_api.run

web: bootstrap ## Build the widget and the dashboard if they changed
	@$(PY) -m proactive_api.run.web

test: bootstrap ## Run every test that this machine's servers allow
	@$(PY) -m pytest $(WORKERS) -m "not slow"

test-all: bootstrap ## Run all tests, including those that take minutes
	@$(PY) -m pytest $(WORKERS)

check: bootstrap ## Check style, types and the assistant's training data
	.venv/bin/ruff check .
	.venv/bin/mypy
	@$(PY) scripts/assistant_check.py

bench: bootstrap ## Compare performance with stock Rasa and the bare limit
	@$(PY) -m benchmarks

rebuild: bootstrap ## Recompute all figures from the stored events and report differences
	@.venv/bin/proactive rebuild

lock: bootstrap ## Pin requirements.in into requirements.txt
	@$(PY) scripts/bootstrap.py --lock

clean: ## Remove everything installed, trained and cached here; data in .data stays
	rm -rf .venv models build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .rasa results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
