# The two commands to know: `make demo` opens sluice on an emulator of its own; `make test` runs every test.
# Both set up .venv and .venv-ministack first, `make demo` without the test tools. What is set up is made anew when
# pyproject.toml, the lock or the version changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One worker more than there are processors: tests wait for timers and sockets, too.
WORKERS := $(shell expr $$(nproc 2>/dev/null || sysctl -n hw.ncpu) + 1)
PYTEST := $(BIN)/python -m pytest -p tests.support.processor -n $(WORKERS) --dist worksteal
# ministack pins another botocore than ours. connectors/emulator/kinds.py finds its environment by this name.
MINISTACK_VENV := $(VENV)-ministack
DEMO := $(VENV)/.demo-done
SETUP := $(VENV)/.setup-done
MINISTACK_SETUP := $(MINISTACK_VENV)/.setup-done
LOCK := .ci/constraints.txt
MINISTACK_LOCK := .ci/constraints-ministack.txt

.PHONY: demo python test test-quick test-all check setup ministack format bench screenshots clean
# Two goals may install into the same environment.
.NOTPARALLEL:

# The two environments are set up side by side. Where ministack can't be installed the demo runs on moto.
demo: $(if $(wildcard $(DEMO)),,python)
	@$(MAKE) --silent $(MINISTACK_SETUP) & \
	$(MAKE) --silent $(DEMO); made=$$?; \
	wait $$! || echo "ministack could not be installed" >&2; \
	[ $$made = 0 ] && exec $(BIN)/sluice demo

# Before each commit: no terminal, no network that fails, no pictures.
test-quick: $(SETUP) $(MINISTACK_SETUP)
	$(PYTEST) -m "not thorough" tests/widgets tests/connectors tests/tui --ignore tests/tui/pictures

# What a change must pass.
test: $(SETUP) $(MINISTACK_SETUP)
	$(PYTEST) -m "not thorough" --budgets

# At the end of each issue: also the soak, a hundred switches, all seeds, all held keys, both sizes of the pictures.
test-all: $(SETUP) $(MINISTACK_SETUP)
	$(PYTEST)

check: $(SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(SETUP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# All of it takes about ten minutes; `make bench ONLY=startup` measures one part.
bench: $(SETUP) $(MINISTACK_SETUP)
	@$(BIN)/python -m tests.benchmarks $(ONLY)

screenshots: $(SETUP)
	@$(BIN)/python -m screenshots

setup: $(SETUP) $(MINISTACK_SETUP)

ministack: $(MINISTACK_SETUP)

define check_python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "sluice needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python lacks venv; install it with: sudo apt-get install -y python3-venv" >&2; exit 1; }
endef

# Whether an environment can be made.
python:
	$(check_python)

# Makes the environment in whose folder the target, a stamp, lies. $(1): what pip installs; $(2): what for, and how long.
define environment
	$(check_python)
	@echo "Setting up $(@D) ($(2)) ..." >&2
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check $(1)
	@touch $@
endef

$(DEMO): pyproject.toml $(LOCK) connectors/__init__.py
	$(call environment,-c $(LOCK) -e '.[demo]',half a minute once)

DEVELOPMENT := -e '.[demo,dev]'
$(SETUP): pyproject.toml $(LOCK) connectors/__init__.py
	$(call environment,-c $(LOCK) $(DEVELOPMENT),with the test tools: about a minute once)
	@touch $(DEMO)

$(MINISTACK_SETUP): $(MINISTACK_LOCK)
	$(call environment,-c $(MINISTACK_LOCK) ministack cryptography,ministack: about ten seconds once)

clean:
	rm -rf $(VENV) $(MINISTACK_VENV)
