# Every target makes .venv itself, from the newest python3.x (3.11 or newer) that really runs.
PYTHON ?= $(shell sh .ci/python)
VENV ?= .venv
STAMP := $(VENV)/.installed
TOOLS := $(VENV)/.installed-test
# bytecode of what is really imported is made at the first import: a fifth of the environment is never needed
PIP := -m pip install --quiet --disable-pip-version-check --no-compile
SCENARIO ?= ai-2025
# one process a core, up to four, a file of tests never split between them, in the order of their names; TESTS="-m 'not slow'" for a part, PARALLEL= for one
TESTS ?=
PARALLEL ?= -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: install install-test warm run test check gallery bench validate validate-quick card clean
.DEFAULT_GOAL := run

$(STAMP): setup.cfg pyproject.toml
	@test -n "$(PYTHON)" || { echo "Carousel needs Python 3.11 or newer; none was found that runs. Name one: make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Installing into $(VENV) with $(PYTHON) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment: install its venv package (Debian: python3-venv)" >&2; rm -rf $(VENV); exit 2; }
	@$(VENV)/bin/python $(PIP) --editable .
	@touch $@

# what `make run` needs not: pytest, hypothesis, ruff, mypy, and the market data that stylised facts are compared with
$(TOOLS): $(STAMP)
	@echo "Installing the test tools into $(VENV) (once)"
	@$(VENV)/bin/python $(PIP) --editable ".[test]"
	@touch $@

install: $(STAMP)

install-test: $(TOOLS)

# compiles the market's kernels once, so that processes side by side need not; a few seconds when it is done already
warm: $(STAMP)
	@$(VENV)/bin/python -c "from pathlib import Path; from carousel.engine.kernel_cache import has_kernels as has; exit(not has(Path.cwd()))" || echo "Compiling the market's kernels (once, about a minute)"
	@aside=$$(mktemp -d) && $(VENV)/bin/python run.py simulate ai-2025 --seed 0 --days 3 --holders 500 --no-figures --quiet --out "$$aside/run" > /dev/null; \
	status=$$?; rm -rf "$$aside"; exit $$status

run: $(STAMP)
	$(VENV)/bin/python run.py simulate $(SCENARIO)

test: $(TOOLS) warm
	@$(VENV)/bin/python tests/visual/browser.py
	$(VENV)/bin/python -m pytest $(PARALLEL) $(TESTS)

check: $(TOOLS)
	VENV=$(VENV) sh .ci/check

gallery: $(STAMP)
	sh docs/gallery.sh $(VENV)/bin/python

# fails when a check that is on record as holding no longer does; `run.py validate --accept` changes the record
validate: $(TOOLS)
	OMP_NUM_THREADS=1 $(VENV)/bin/python run.py validate

validate-quick: $(TOOLS)
	OMP_NUM_THREADS=1 $(VENV)/bin/python run.py validate --quick

# how many of a thousand worlds lie inside each band; interrupted, the same command goes on
card: $(TOOLS)
	OMP_NUM_THREADS=1 $(VENV)/bin/python run.py validate --card

clean:
	rm -rf $(VENV) build *.egg-info

bench: $(TOOLS)
	OMP_NUM_THREADS=1 $(VENV)/bin/python benchmarks/speed.py
	OMP_NUM_THREADS=1 $(VENV)/bin/python benchmarks/growth.py --rounds 1 --days 21
