# make up: the product on this machine. make test: every test. make check: every linter.
PY := .venv/bin/python
UV := $(shell command -v uv 2>/dev/null)

.PHONY: up test check messages env env-dev

up: env
	$(PY) manage.py up $(ARGS)

test: env-dev
	$(PY) -m pytest -n 2 $(ARGS)

env: .venv/.runtime
env-dev: .venv/.dev

.venv/bin/python:
ifdef UV
	$(UV) venv -q .venv
else
	python3 -m venv .venv
endif

.venv/.runtime: requirements.lock | .venv/bin/python
ifdef UV
	$(UV) pip install -q --python $(PY) --require-hashes -r requirements.lock
else
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
endif
	touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/python
ifdef UV
	$(UV) pip install -q --python $(PY) --require-hashes -r requirements-dev.lock
else
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
endif
	touch $@ .venv/.runtime

check: env-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy cjm workspaces journeys touchpoints customers analytics experiments automations
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) tools/translations.py check
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
