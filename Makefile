# `make run` starts Daftari and `make test` proves it. Both first set up what they need; make knows what is there already.
# Python 3.11 or newer and make are all that must be installed.

BIN := .venv/bin
HOME_FOLDER := $(if $(DAFTARI_HOME),$(DAFTARI_HOME),.daftari)
PYTEST_ARGS ?= -n 2
MINUTES ?= 30

# Each step of the set-up leaves a file named .ready that is newer than what it was made from.
PYTHON_READY := $(BIN)/.ready
GRAPHIQL := frontend-contract/graphiql
GRAPHIQL_READY := $(GRAPHIQL)/dist/.ready
GRAPHIQL_SOURCES := $(shell find $(GRAPHIQL) frontend-contract/operations -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' -not -name '*.tsbuildinfo' 2>/dev/null)
# All else of the contract is one npm workspace. What is generated from the sources is none of them.
CONTRACT := frontend-contract
APP_READY := $(CONTRACT)/app/dist/.ready
APP_SOURCES := $(shell find $(CONTRACT)/app $(CONTRACT)/client $(CONTRACT)/operations $(CONTRACT)/schema.graphql $(CONTRACT)/compress.ts -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/app/src/graphql/*' \
	-not -path '*/client/tests/*' -not -path '*/client/recipes/*' \
	-not -name '*.test.ts' -not -name '*.test.tsx' -not -name '*.md' -not -name '*.tsbuildinfo' 2>/dev/null)
# The browser tests, which are among pytest's, bring a Chromium of their own only where the machine has none.
BROWSER := $(CONTRACT)/e2e/browser
BROWSER_READY := $(if $(or $(CHROMIUM),$(wildcard /usr/bin/chromium)),,$(BROWSER)/node_modules/.ready)
TEST_NODE_READY := tests/protocol/node/node_modules/.ready
# Only the benchmarks need the servers that Daftari is compared with.
BENCH_NODE_READY := tests/performance/node/node_modules/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint check-types check-style test-graphiql test-contract format bench soak audit sbom secrets clean reset

help: ## this list
	@echo "make run     set up and start everything on 127.0.0.1:8000 (PORT=... changes it)"
	@echo "make test    set up, lint and run the whole suite (PYTEST_ARGS='-k wallet' for a part of it)"
	@echo "make lint    ruff, mypy, import contracts, spelling"
	@echo "make format  let ruff lay out the Python code"
	@echo "make bench   the benchmarks of tests/performance (BENCH_ARGS=queries for a part of them)"
	@echo "make soak    run everything under a small load for half an hour, and see that it stays as it was (MINUTES=...)"
	@echo "make audit   ask for known vulnerabilities of the locked packages (says so where nobody can be asked)"
	@echo "make sbom    write what is shipped as CycloneDX into sbom/"
	@echo "make secrets look for passwords and keys in what is committed"
	@echo "make clean   delete what set-up made; the development data stay"
	@echo "make reset   delete the development data in $(HOME_FOLDER)"

run: $(PYTHON_READY) $(APP_READY) $(GRAPHIQL_READY)
	@echo "Starting Daftari"
	@exec $(BIN)/daftari dev

test: $(PYTHON_READY) $(APP_READY) $(GRAPHIQL_READY) $(TEST_NODE_READY) $(BROWSER_READY)
	@$(MAKE) --no-print-directory -j2 check-types check-style test-graphiql test-contract
	@echo "Running the tests"
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest $(PYTEST_ARGS)

lint: $(PYTHON_READY)
	@$(MAKE) --no-print-directory -j2 check-types check-style

# mypy is one process that takes longer than all else here, so the rest is done beside it.
check-types:
	@echo "Checking types (mypy)"
	@$(BIN)/mypy --no-error-summary

check-style:
	@echo "Checking style (ruff)"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@echo "Checking import contracts (import-linter)"
	@report=$$($(BIN)/lint-imports 2>&1) || { echo "$$report"; exit 1; }
	@echo "Checking spelling (codespell)"
	@$(BIN)/codespell

test-graphiql:
	@echo "Running GraphiQL's own tests"
	@scripts/npm $(GRAPHIQL) test

test-contract: $(CONTRACT)/node_modules/.ready
	@echo "Checking the client, the mocks, the app and the consumers"
	@scripts/npm $(CONTRACT) run check
	@scripts/npm $(CONTRACT) test

format: $(PYTHON_READY)
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

bench: $(PYTHON_READY) $(BENCH_NODE_READY)
	@echo "Running the benchmarks"
	@$(BIN)/python -m tests.performance $(BENCH_ARGS)

soak: $(PYTHON_READY)
	@echo "Soaking for $(MINUTES) minutes"
	@$(BIN)/python -m tests.soak --minutes $(MINUTES)

audit secrets: $(PYTHON_READY)
	@scripts/supply-chain $@

sbom: $(PYTHON_READY)
	@scripts/supply-chain sbom sbom

clean:
	@echo "Deleting what set-up made (.venv, node_modules, builds, caches)"
	@find frontend-contract tests -name node_modules -type d -prune -exec rm -rf {} +
	@find api schema domain subscriptions tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -rf .venv .uv sbom frontend-contract/*/dist frontend-contract/app/src/graphql frontend-contract/consumers/*/src/generated .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

reset: $(PYTHON_READY)
	@echo "Deleting the development data in $(HOME_FOLDER)"
	@$(BIN)/python -c "import pathlib, sys, api.embedded as e; e.remove_data(pathlib.Path(sys.argv[1]))" "$(HOME_FOLDER)"

$(PYTHON_READY): pyproject.toml uv.lock scripts/python-packages
	@echo "Installing the Python packages of uv.lock into .venv (a minute or two on the first run)"
	@scripts/python-packages
	@touch $@

$(GRAPHIQL_READY): $(GRAPHIQL)/node_modules/.ready $(GRAPHIQL_SOURCES)
	@echo "Building GraphiQL"
	@scripts/npm $(GRAPHIQL) run build
	@touch $@

$(APP_READY): $(CONTRACT)/node_modules/.ready $(APP_SOURCES)
	@echo "Building the app"
	@scripts/npm $(CONTRACT) run build
	@touch $@

%/node_modules/.ready: %/package.json %/package-lock.json | $(PYTHON_READY)
	@echo "Installing the npm packages of $*"
	@scripts/npm $* ci --include=dev
	@touch $@
