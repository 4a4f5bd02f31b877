# Two commands on a fresh machine: `make demo` and `make test`. Both install what they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test shops test-shops lint bench faults jitter orders loads million docs site clean

demo: .stamp-install
	$(BIN)/syncagent demo $(ARGS)

test: .stamp-test lint
	packaging/test-packages.sh
	-$(BIN)/python -m tests.real_shops.install oscar
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

# Real shops and ERPs, installed once below ~/.cache: django-oscar, Tryton, Medusa (needs npm).
# Where one is not installed its tests are skipped, and say so.
shops: .stamp-test
	packaging/test-packages.sh
	$(BIN)/python -m tests.real_shops.install

test-shops: shops
	$(BIN)/python -m pytest -n auto --dist loadgroup tests/real_shops $(ARGS)

lint: .stamp-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .stamp-test
	packaging/test-packages.sh
	$(BIN)/python -m tests.bench $(ARGS)

# Many more seeded crashes than `make test` tries: make faults SEEDS=500
SEEDS ?= 100
faults: .stamp-test
	$(BIN)/python -m pytest -n auto tests/faults/test_crashes.py --fault-seeds $(SEEDS) $(ARGS)

# The whole suite with random delays where threads start, wake up and commit: make jitter SEED=7
SEED ?= 1
jitter: .stamp-test
	packaging/test-packages.sh
	$(BIN)/python -m pytest -p tests.jitter --jitter-seed $(SEED) -n 4 --dist loadgroup $(ARGS)

# The rush of orders at full size: each offered three times, with kills in between.
orders: .stamp-test
	$(BIN)/python -m pytest -n 0 tests/orders --orders 100000 --timeout 3600 $(ARGS)

# First loads of 100,000 products into the stand-ins of Shopify and WooCommerce, every call counted.
loads: .stamp-test
	$(BIN)/python -m pytest -n 0 -s tests/loads --products 100000 --timeout 3600 $(ARGS)

# A million records of a shop compared with less than a megabyte; loading them takes minutes.
million: .stamp-test
	$(BIN)/python -m pytest -n 0 --timeout 3600 tests/verify -k million --compared 1000000 $(ARGS)

docs: .stamp-install
	$(BIN)/python packaging/generate_docs.py

# The documents as a site, in both languages: open build/site/index.html.
site: .stamp-install
	$(BIN)/python -m pip install --quiet --editable '.[site]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --config-file packaging/site/mkdocs.yml

.venv/bin/python:
	packaging/require-python.sh $(PYTHON)
	$(PYTHON) -m venv .venv

.stamp-install: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.stamp-test: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ .stamp-install

clean:
	rm -rf .venv .stamp-* .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
