# `make run` and `make test` do everything on a fresh clone, and are quick the second time.
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS ?= ignore::DeprecationWarning

.PHONY: setup run test benchmark evaluate lint audio lock

setup: ## virtual environment, locked requirements, trained model, migrated database
	@tools/setup.sh

run: setup ## the embedded demo on http://127.0.0.1:8080
	@$(PYTHON) -m bot migrate --demo
	@$(PYTHON) -m bot run --role all --demo

test: ## all tests, on SQLite and on PostgreSQL, a file at a time on each core
	@tools/setup.sh --dev
	@$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

benchmark: ## what a turn costs, side by side with stock Rasa
	@tools/setup.sh --dev
	@$(PYTHON) -m benchmarks

evaluate: ## understanding and safety on held-out messages
	@tools/setup.sh --dev
	@$(PYTHON) -m tests.evaluate

lint: ## style and types
	@tools/setup.sh --dev
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy .

audio: ## a machine's voice for what no person has recorded (needs espeak-ng)
	@$(PYTHON) -m bot audio synthesise fr

lock: ## compile the requirements again (needs uv)
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-annotate \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.10 --generate-hashes --no-annotate \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q requirements-dev.in -o requirements-dev.txt
