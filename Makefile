# Two words suffice: `make demo` and `make test`. Each makes the environment that it needs.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
FUZZ_SECONDS ?= 60

.PHONY: help demo test lint format docs notebook bench fuzz sanitize emulate torture clean

help: ## List the targets.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/train.installed ## Train a cnn on real news and compare it, in about two minutes after the downloads.
	$(BIN)/unrolled demo --force

test: lint ## Lint, check formats and types, and run all tests but the long laws.
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest  # threads that wait for work would take half the processor

lint: $(VENV)/dev.installed ## Lint, check formats and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.installed ## Mend formats.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/docs.installed ## Build the documentation as a site, build/site/index.html.
	$(BIN)/python -m docs.errors_page
	$(BIN)/python -m docs.architecture_drawing
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -c docs . build/site

notebook: $(VENV)/dev.installed ## Run docs/lecture.md into docs/lecture.ipynb; two minutes.
	OMP_NUM_THREADS=1 $(BIN)/python docs/notebook.py

bench: $(VENV)/bench.installed ## Measure accuracy and speed, anew or what is missing, into benchmarks/results.md; takes long.
	$(BIN)/python -m benchmarks.bench_accuracy --write

fuzz: $(VENV)/fuzz.installed ## Feed the readers with what atheris thinks of, a minute each.
	for harness in tests/fuzz/fuzz_*.py; do \
		$(BIN)/python -m tests.fuzz.$$(basename $$harness .py) -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=4096 -artifact_prefix=tests/fuzz/ || exit 1; \
	done

sanitize: $(VENV)/dev.installed ## Run the kernels' tests with sanitizers of addresses, undefined behaviour and races.
	$(BIN)/python hatch_build.py --sanitize memory -o build/sanitized/memory.so
	LD_PRELOAD="$$(cc -print-file-name=libasan.so) $$(cc -print-file-name=libubsan.so)" ASAN_OPTIONS=detect_leaks=0 \
		UBSAN_OPTIONS=print_stacktrace=1 $(BIN)/python -m pytest tests/kernels --library build/sanitized/memory.so
	$(BIN)/python hatch_build.py --sanitize threads -o build/sanitized/threads.so
	LD_PRELOAD="$$(cc -print-file-name=libtsan.so)" $(BIN)/python -m pytest tests/kernels -k any_number_of_threads \
		--library build/sanitized/threads.so

emulate: $(VENV)/dev.installed ## Run the kernels' tests on an emulated ARM processor; needs Debian, qemu-user, a cross compiler.
	$(BIN)/python tests/kernels/on_arm.py

torture: $(VENV)/dev.installed docs ## Build the site; run the long laws: kills, mutations, all documents, each extra installed; ten minutes.
	$(BIN)/python -m pytest -m torture --torture --kills 200
	$(BIN)/python -m pytest tests/laws/installations --installations

clean: ## Remove the environment and what tools left behind.
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/%.installed: pyproject.toml constraints.txt hatch_build.py $(wildcard src/unrolled/kernels/native/*.[ch])
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[$*]'
	touch $@
