# The two commands of the README are `make serve` and `make test`; each makes the environment it needs in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: serve test engines w3c lint types lock bench soak licences audit draft

serve: .venv/run.stamp
	$(BIN)/alpine-kg serve

test: .venv/dev.stamp
	$(BIN)/python -m pytest

# The HTTP contract, unchanged, on every engine that can hold a graph beside memory, on which `make test` runs it.
ENGINES ?= disk oxigraph virtuoso
CONTRACT ?= tests/web tests/queries tests/promises tests/conflicts tests/hostile tests/w3c/test_protocol.py \
    tests/w3c/test_service_description.py tests/w3c/test_graph_store.py tests/service/test_head.py tests/service/test_streams.py
engines: .venv/dev.stamp
	@for engine in $(ENGINES); do echo "== $$engine"; $(BIN)/python -m pytest -q --engine $$engine $(CONTRACT) || exit 1; done

# The W3C's suites of SPARQL and SHACL, some 620 cases more for the tests; the source distributions of rdflib and pySHACL carry them.
w3c: .venv/w3c/sparql11 .venv/w3c/sht_tests

.venv/w3c/sparql11: tests/w3c/suites.lock | .venv/dev.stamp
	$(PIP) download --no-deps --no-binary rdflib --require-hashes -r $< --dest .venv/w3c
	tar --extract --file .venv/w3c/rdflib-*.tar.gz --directory .venv/w3c --strip-components 5 --wildcards '*/suites/w3c/sparql11' '*/suites/w3c/dawg-data-r2'
	touch $@

.venv/w3c/sht_tests: tests/w3c/shacl.lock | .venv/dev.stamp
	$(PIP) download --no-deps --no-binary pyshacl --require-hashes -r $< --dest .venv/w3c
	tar --extract --file .venv/w3c/pyshacl-*.tar.gz --directory .venv/w3c --strip-components 3 --wildcards '*/test/resources/sht_tests'
	touch $@

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

# Every comparison beside the peers in one run, about half an hour: make bench OPTIONS=--quick takes some minutes.
OPTIONS ?=
bench: .venv/dev.stamp
	$(BIN)/python bench/compare.py $(OPTIONS)

# The long runs, some hours in all, of which the tests hold short forms.
soak: .venv/dev.stamp
	$(BIN)/python bench/soak.py
	$(BIN)/python bench/durability.py
	$(BIN)/python bench/reload.py
	$(BIN)/python bench/fuzz.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

# --require-hashes: exactly the files that were locked, whichever index serves them.
.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@ .venv/run.stamp

# Adds spaCy and its French pipeline, by which `alpine-kg draft` finds more names; a quarter of a gigabyte.
draft: .venv/run.stamp
	$(PIP) install --require-hashes -r requirements-draft.lock

# Renews the locks after a change of dependencies in pyproject.toml; needs `uv` on the PATH.
lock:
	uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --quiet \
	    --no-emit-index-url --extra build --output-file requirements.lock
	uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --quiet \
	    --no-emit-index-url --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --quiet \
	    --no-emit-index-url --extra build --extra draft --constraint requirements.lock --output-file requirements-draft.lock
	uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --quiet \
	    --no-emit-index-url --extra cluster --constraint requirements.lock --output-file requirements-cluster.lock

# Writes docs/licences.md from the metadata of what the lock installs.
licences: .venv/dev.stamp
	$(BIN)/python bench/licences.py

# Compares the lock with advisories in OSV format, when a folder of them is at hand: make audit ADVISORIES=folder
ADVISORIES ?= ../advisories
audit: .venv/dev.stamp
	@$(BIN)/python bench/audit.py requirements.lock $(ADVISORIES) || [ $$? -eq 77 ]
