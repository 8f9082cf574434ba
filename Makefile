# Everything that a developer or CI runs. Needs python3 (3.11 or newer) with pip, node (20.19 or newer) with npm, and
# make; fetches the rest.

export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export UV_LINK_MODE := copy
# Registries that do not answer at once are asked again, and waited for.
export UV_HTTP_TIMEOUT ?= 300
export UV_HTTP_RETRIES ?= 8
export PIP_DEFAULT_TIMEOUT ?= 60
export PIP_RETRIES ?= 8
export NPM_CONFIG_FETCH_RETRIES ?= 5
# Without bytecode every start of Python, and the tests start many, takes two to three times as long.
unexport PYTHONDONTWRITEBYTECODE

UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
BIN := .venv/bin
CODE := $(wildcard src examples benchmarks protocol tests hatch_build.py)
PACKAGES := package.json package-lock.json $(wildcard clients/typescript/package.json web/package.json examples/embed/react/package.json)
PAGES := $(PACKAGES) tsconfig.base.json $(shell find web clients/typescript -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/tests/*')
WORKERS ?= 2
PYTEST := $(BIN)/pytest -q -n $(WORKERS) --dist worksteal

.DEFAULT_GOAL := help
.NOTPARALLEL: # several of them install packages, and the systems behind that take one at a time
.PHONY: help env system test check lint types ui ui-check unit contract faults demo bench-quick bench-web screenshots browser spin format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: .stamps/env ## make .venv with everything that development needs

system: ## install the missing ones of the system packages that the tests call
	@scripts/system-packages

test: lint types system ui-check .stamps/ui ## everything: style, types, all tests on both databases and in a browser
	$(PYTEST) tests

check: .stamps/env ## style, types and import directions, in seconds
	$(BIN)/ruff check --quiet $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/pytest -q tests/unit/test_layers.py

lint: .stamps/env ## ruff: rules and format
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: .stamps/env ## mypy, strict
	$(BIN)/mypy $(CODE)

ui: .stamps/ui ## build the web pages into the package

ui-check: .stamps/env .stamps/npm ## style, types and tests of the web pages and the TypeScript client
	npm run --silent check

unit: .stamps/env .stamps/ui ## the tests of single parts
	$(PYTEST) tests/unit

contract: .stamps/env ## the suite that both databases pass
	$(PYTEST) tests/contract

faults: .stamps/env system ## killed processes, servers and disks
	$(PYTEST) tests/faults

browser: .stamps/env .stamps/ui system ## the pages in a real browser
	$(PYTEST) tests/browser

demo: .stamps/env .stamps/ui ## the web pages with live demo jobs
	@$(BIN)/headway demo

bench-quick: .stamps/bench ## the short benchmark, beside its peers
	.venv-bench/bin/python -m benchmarks.quick

bench-web: .stamps/env .stamps/ui system ## the pages under load, in a browser
	$(BIN)/python -m benchmarks.web

screenshots: .stamps/env .stamps/ui system ## pictures of every page into docs/screenshots
	$(BIN)/python scripts/screenshots

spin: .stamps/env system ## check the model of the protocol
	$(PYTEST) tests/protocol

format: .stamps/env ## let ruff rewrite the style
	$(BIN)/ruff check --fix --quiet $(CODE)
	$(BIN)/ruff format --quiet $(CODE)

lock: | $(UV) ## choose the newest versions anew and pin them in requirements/
	$(call pin,dev,--group dev)
	$(call pin,bench,--group dev --group bench)

clean: ## remove what make has made
	rm -rf .venv .venv-bench .stamps .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis dist \
		node_modules src/headway/server/static clients/typescript/dist examples/embed/react/dist

.tools/bin/uv:
	@echo "Installing uv, which installs the others"
	@python3 -m pip install -qq --root-user-action=ignore --target .tools uv

.stamps/env: requirements/dev.txt pyproject.toml | $(UV)
	$(call install,.venv,requirements/dev.txt)

.stamps/bench: requirements/bench.txt pyproject.toml | $(UV)
	$(call install,.venv-bench,requirements/bench.txt)

.stamps/npm: $(PACKAGES)
	@command -v npm >/dev/null || scripts/system-packages node npm
	@echo "Installing npm packages"
	@npm ci --ignore-scripts --no-progress --no-audit --no-fund --loglevel=error >/dev/null
	@mkdir -p .stamps && touch $@

.stamps/ui: .stamps/npm $(PAGES)
	@echo "Building the pages"
	@npm run --silent build
	@mkdir -p .stamps && touch $@

# install(environment, pinned versions): hatchling is among the pinned, hence no isolated build.
define install
	@echo "Installing Python packages into $(1)"
	@$(UV) venv --quiet --allow-existing $(1)
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(1)/bin/python $(2)
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(1)/bin/python --editable .
	@mkdir -p .stamps && touch $@
endef

# pin(name, groups): --no-emit-index-url, so that the file fits every mirror.
define pin
	$(UV) pip compile pyproject.toml --all-extras $(2) --universal --generate-hashes --upgrade \
		--no-header --no-annotate --no-emit-index-url --quiet --output-file requirements/$(1).txt
endef
