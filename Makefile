# make book   build the book into _build/html
# make test   everything needed to believe it
# make drill  kill, starve and damage trainings, and see them recover
# make lab    open the chapters in JupyterLab
# make figure draw the README's figure again
# make lock   resolve the dependencies again (needs uv)

# the first interpreter that runs and is one the lock was made for
PYTHON ?= $(shell for python in python3.11 python3.12 python3; do \
  $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
  && echo $$python && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
TORCH := $(shell sed -n 's/.*"\(torch==[0-9.]*\)".*/\1/p' pyproject.toml)

.PHONY: book test drill lab lock figure clean

book: .venv/.installed
	TRAINSTUDY_RUNS="$(RUNS)" TRAINSTUDY_TASK_RUNS="$(TASK_RUNS)" $(BIN)/jupyter-book build . --warningiserror --nitpick --keep-going

test: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -W error --numprocesses=logical --maxprocesses=4 \
	  --dist=loadgroup --no-loadscope-reorder

drill: .venv/.installed
	$(BIN)/python tests/drill

lab: .venv/.installed
	$(BIN)/jupyter lab notebooks

# torch first and by itself: its build (CPU, CUDA, ...) is the machine's choice, its version is ours
.venv/.installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install -q $(TORCH)
	$(PIP) install -q --require-hashes --no-deps -r requirements.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	touch $@

lock:
	uv lock
	uv export --frozen --all-groups --no-emit-project --no-annotate --no-header --prune torch \
	  --output-file requirements.lock --quiet
	$(BIN)/python tools/environment.py

figure: .venv/.installed
	$(BIN)/python tools/readme_figure.py

clean:
	rm -rf _build
