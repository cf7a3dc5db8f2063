# Everything a person or a machine needs; each target builds what it stands on.
.DEFAULT_GOAL := help
.PHONY: help env demo test check bench soak wheel cover pictures lock

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s%s\n", $$1, $$2}' Makefile

env: ## .venv with .venv/bin/holdfast and all that tests need, from the locks
	@bin/env dev

demo: ## the sample company with a live recall, in the browser
	@bin/env run
	@exec .venv/bin/holdfast demo $(DEMO)

test: ## everything: checks, then the whole suite on SQLite and on PostgreSQL, with a real browser
	@bin/test

check: ## what is fast: lint, format, types, floors, house rules
	@bin/check

bench: ## the figures, each with the machine it ran on
	@bin/env dev
	@.venv/bin/python -m bench $(BENCH)

soak: ## hours of random kills, clocks and inputs: more of what `make test` samples
	@bin/soak

wheel: ## dist/holdfast-*.whl
	@bin/wheel dist

cover: ## which lines the suite on SQLite runs
	@bin/env dev
	@.venv/bin/python -m pytest -q -n 2 --cov --cov-report=term-missing:skip-covered

pictures: ## the screenshots of the README, taken from the demo
	@bin/env dev
	@bin/need-chromium
	@.venv/bin/python -m tests.browser.pictures $(PICTURES)

lock: ## new locks from pyproject.toml, with hashes and without hosts
	@bin/lock
