# Nothing is needed but Python 3.11+ and make. `make help` lists what there is.
# A Python that was compiled without its optimisations, as pyenv compiles it unless told otherwise, takes a tenth longer and
# more. So where python3 is such a one, and nobody chose it for this folder or this shell, the system's own makes the .venv, if
# it can (docs/adr/0012-which-python.md).
VENV := .venv
SYSTEM_PYTHON := /usr/bin/python3
CHOSEN := $(filter-out $(CURDIR)/$(VENV),$(VIRTUAL_ENV))$(PYENV_VERSION)$(wildcard .python-version)
FAST := import ensurepip, sqlite3, ssl, sys, sysconfig, venv, zlib; \
  told = str(sysconfig.get_config_var("CONFIG_ARGS")); \
  sys.exit(sys.version_info < (3, 11) or not ("--enable-optimizations" in told or sys.base_prefix == "/usr"))
PYTHON ?= $(if $(CHOSEN),python3,$(shell for one in python3 $(SYSTEM_PYTHON); do \
  $$one -I -c '$(FAST)' </dev/null >/dev/null 2>&1 && echo $$one && exit; done; echo python3))
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check install --require-hashes

.PHONY: help site serve deploy test emulators check format bench screenshots clean

help:
	@echo "make site     build content/ into output/"
	@echo "make serve    show the site as it is written, on http://127.0.0.1:8000/ (SERVE=\"-O -N\" passes options)"
	@echo "make deploy   build, and put the site where config.yaml says (DEPLOY=\"--dry-run\" shows what would be done)"
	@echo "make test     run the whole test-suite"
	@echo "make emulators   the servers that tests of deploys talk to (needs npm)"
	@echo "make check    format, lint, types"
	@echo "make screenshots   photograph the demonstration section (needs Chromium)"
	@echo "make bench    time builds and the preview beside Hugo (BENCH=\"--sizes 1000\" passes options)"

site: $(VENV)/run
	$(PY) build.py

serve: $(VENV)/run
	$(PY) build.py serve $(SERVE)

# TARGET names one of deploy.targets; DEPLOY="--dry-run" passes options.
deploy: site
	$(PY) build.py deploy $(TARGET) $(DEPLOY)

# A worker more than there are processors: many tests wait for a server or a browser.
test: $(VENV)/dev
	$(PY) -m pytest -q -n $$($(PY) -c "import os; print(os.cpu_count() + 1)") --dist worksteal $(TEST)

check: $(VENV)/dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

format: $(VENV)/dev
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

# The servers that deploys are tested with: S3 (SeaweedFS), Google Cloud (fake-gcs-server), Azure (Azurite), Cloudflare
# Pages (wrangler); the last two need npm. Without them the tests that need them are skipped.
NPM := azurite wrangler
emulators: $(VENV)/emulators

bench: $(VENV)/dev
	$(PY) benchmarks/run.py $(BENCH)

screenshots: $(VENV)/dev
	$(PY) docs/screenshots/take.py

clean:
	rm -rf $(VENV) .venv-bench .broadsheet .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Broadsheet needs Python 3.11 or later; name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: requirements/run.txt | $(VENV)/python
	$(PIP) -r requirements/run.txt
	@touch $@

$(VENV)/dev: requirements/dev.txt | $(VENV)/python
	$(PIP) -r requirements/dev.txt
	@touch $@ $(VENV)/run

$(VENV)/emulators: requirements/emulators.txt $(NPM:%=requirements/%/package-lock.json) | $(VENV)/python
	$(PIP) -r requirements/emulators.txt
	for name in $(NPM); do \
	  mkdir -p $(VENV)/$$name && cp requirements/$$name/*.json $(VENV)/$$name/ && \
	  (cd $(VENV)/$$name && npm ci --silent --ignore-scripts --no-audit --no-fund) || exit 1; \
	done
	@touch $@
