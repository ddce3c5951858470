# The commands of hldtracker; `make` alone lists them.
PYTHON ?= python3
PART ?=
URL ?= http://127.0.0.1:8000
FOLDER ?= var/pictures
PY := .venv/bin/python
# What a production start looks like, for the checks of settings.
PRODUCTION := ENV_FILE=/dev/null BASE_URL=https://tracker.example.org ALLOWED_HOSTS=tracker.example.org \
  DATABASE_URL=postgres://hldtracker@127.0.0.1:5432/hldtracker TRUSTED_PROXY_COUNT=1 \
  SECRET_KEY=a-key-for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz
TESTING := DJANGO_SETTINGS_MODULE=tests.settings

.DEFAULT_GOAL := help
.PHONY: help up setup test drill bench check fix schema lock migrations pictures translations

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## set everything up and run the site; prints its address and the demo sign-ins
	@$(PYTHON) -I hldtracker/bootstrap.py base && exec $(PY) -m hldtracker.up

setup: ## make .venv with everything that building and testing needs
	@$(PYTHON) -I hldtracker/bootstrap.py dev

test: setup ## pass the tests: SQLite, and PostgreSQL, Redis and Chromium where they are found
	@exec $(PY) -m tests.run

drill: setup ## the promises at full figures; PART=words selects some
	@HLDT_DRILL=1 exec $(PY) -m tests.run drill "$(PART)"

bench: setup ## what notifications cost and how fast they are, as ratios of runs that take turns
	@exec $(PY) -m bench

check: setup ## format, lint, types, imports, migrations, templates, settings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(TESTING) $(PY) manage.py makemigrations --check --dry-run
	@find templates -name '*.html' -print0 2>/dev/null | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

fix: setup ## put format and imports in order
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	@find templates -name '*.html' -print0 2>/dev/null | xargs -0 -r .venv/bin/djade --target-version 5.2

migrations: setup ## write the migrations that the models ask for
	$(TESTING) $(PY) manage.py makemigrations

pictures: setup ## take the pictures of README and, into FOLDER, of every page from the demo at URL
	$(PY) docs/pictures.py $(URL) $(FOLDER)

translations: setup ## bring the catalogues of reports to the words of today and compile them
	$(TESTING) $(PY) -m tests.project.catalogues

schema: setup ## write docs/openapi.json, the description of the API
	$(PY) docs/schema.py

lock: ## resolve requirements/*.in anew; needs uv
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/base.in -o requirements/base.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -c requirements/base.txt requirements/dev.in -o requirements/dev.txt
