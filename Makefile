# make up: the product on this machine. make test: every test. make check: every linter.
# Any Python from 3.11 on will do: make up PYTHON=python3.12
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: up test check env env-dev

up: env
	@$(PY) manage.py up $(ARGS)

test: env-dev
	$(PY) -m pytest -n 2 --dist loadfile $(ARGS)

check: env-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy cjm workspaces journeys touchpoints customers analytics experiments automations
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(PY) tools/vendor.py check
	$(PY) tools/translations.py check
	CJM_LOG=WARNING $(PY) manage.py makemigrations --check --dry-run
	CJM_LOG=WARNING $(PY) manage.py check --fail-level WARNING

env: .venv/.runtime
env-dev: .venv/.dev

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock requirements-uv.lock | .venv/bin/python
	$(PY) tools/install.py requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock requirements-uv.lock | .venv/bin/python
	$(PY) tools/install.py requirements-dev.lock
	@touch $@ .venv/.runtime
