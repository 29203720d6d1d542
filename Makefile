# The two commands: `make demo` and `make test`. Both need python3 (3.11 to 3.13) and nothing else; PYTHON names another.

PYTHON ?= python3
VENV ?= .venv
export PYTHON VENV

.DEFAULT_GOAL := help
.PHONY: help demo test fast bench chaos lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-6s %s\n", $$1, $$2}'

demo:  ## set everything up and show evwatch at work, without internet
	@scripts/venv runtime
	@$(VENV)/bin/evwatch demo

test:  ## set everything up and run every check
	@scripts/venv dev
	@scripts/check

fast:  ## the quick half of the checks: format, lint, types, import contracts
	@scripts/venv dev
	@scripts/check --fast

bench:  ## measure speed against others (docs/speed.md), in an environment of its own
	@VENV=.cache/bench scripts/venv bench
	@.cache/bench/bin/python benchmarks/matching.py
	@.cache/bench/bin/python benchmarks/telling.py

chaos:  ## kill it KILLS times (1000, 2 s each) over ENTRIES entries (5000): nothing is lost or told twice; CHAT=slack, matrix
	@scripts/venv dev
	@$(VENV)/bin/python scripts/chaos.py --kills $(or $(KILLS),1000) --entries $(or $(ENTRIES),5000) --chat $(or $(CHAT),wire)

lock:  ## write the hashed locks anew (UPGRADE=1: with the newest versions)
	@scripts/lock

clean:  ## remove caches, builds and the demo's data; the environment and data/ stay
	rm -rf build dist demo-data .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find bot tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
