# The two commands to know: `make demo` opens sluice on an emulator of its own; `make test` runs every test.
# Both set up .venv first; it is made anew when pyproject.toml, the lock or the version changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One worker more than there are processors: tests wait for timers and sockets, too.
WORKERS := $(shell expr $$(nproc 2>/dev/null || sysctl -n hw.ncpu) + 1)
PYTEST := $(BIN)/python -m pytest -p tests.support.processor -n $(WORKERS) --dist worksteal
SETUP := $(VENV)/.setup-done

.PHONY: demo test test-quick test-all check setup format bench screenshots clean

demo: $(SETUP)
	@$(BIN)/sluice demo

# Before each commit: no terminal, no network that fails, no pictures.
test-quick: $(SETUP)
	$(PYTEST) -m "not thorough" tests/widgets tests/connectors tests/tui --ignore tests/tui/pictures

# What a change must pass.
test: $(SETUP)
	$(PYTEST) -m "not thorough" --budgets

# At the end of each issue: also the soak, a hundred switches, all seeds, all held keys, both sizes of the pictures.
test-all: $(SETUP)
	$(PYTEST)

check: $(SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(SETUP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# All of it takes about ten minutes, and wants MINISTACK=COMMAND for the walk; `make bench ONLY=startup` measures one part.
bench: $(SETUP)
	@$(BIN)/python -m tests.benchmarks $(ONLY)

screenshots: $(SETUP)
	@$(BIN)/python -m screenshots

setup: $(SETUP)

$(SETUP): pyproject.toml .ci/constraints.txt connectors/__init__.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "sluice needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python lacks venv; install it with: sudo apt-get install -y python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (about a minute, once) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[demo,dev]'
	@touch $(SETUP)

clean:
	rm -rf $(VENV)
