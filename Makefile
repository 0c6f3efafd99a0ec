# LayerLab: every target sets up what it needs.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
# The CUDA build is large: it is taken only where an NVIDIA driver answers.
RUNTIME := $(shell if nvidia-smi -L >/dev/null 2>&1; then echo requirements-gpu.txt; else echo requirements.txt; fi)

# Some sixty processes start in a run of all tests: without written bytecode each would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-quick lint format bench clean

# Each thread of glibc would keep memory of its own: with two such arenas a server of many visits stays small.
run: $(VENV)/runtime
	MALLOC_ARENA_MAX=2 $(BIN)/streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT)

test: $(VENV)/dev browser
	$(BIN)/python -m pytest

# For the hand, in about two minutes: without a browser, an engine, and what takes long.
test-quick: $(VENV)/dev
	$(BIN)/python -m pytest -m "not browser and not engine and not slow"

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev browser
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "LayerLab needs Python 3.11 or newer: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp, so that nothing is installed twice; newer requirements install again.
$(VENV)/runtime: $(VENV)/bin/python requirements-common.txt $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(RUNTIME)
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# A Chromium for the browser tests, best without windows (a quarter less work): Debian's where we may install it, the one
# there is, else Playwright's own.
.PHONY: browser
browser: $(VENV)/dev
	@command -v chromium-headless-shell >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell >/dev/null; } || \
		command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		$(BIN)/python -m playwright install --with-deps chromium
