"""NumPy imported in a process of its own → the threads of its products, as threadpoolctl counts them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from unrolled.environment.numpy_threads import VARIABLES

TOLD = "from threadpoolctl import threadpool_info; print([p['num_threads'] for p in threadpool_info()])"
IMPORT = "import os, sys; from unrolled.environment.numpy_threads import import_numpy; before = dict(os.environ); "
PREDICT = (
    "import sys; sys.argv[1:] = ['predict', 'no model', 'no file', *{words!r}]\n"
    "from unrolled.cli.app import main\n"
    "try: main()\n"
    "except SystemExit: pass\n"
)


def run(code: str, **variables: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept | variables, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


needs_pools = pytest.mark.skipif(run(f"import numpy; {TOLD}") == "[]", reason="NumPy's products have no such threads")


@needs_pools
@pytest.mark.parametrize("threads", [1, 2])
def test_products_use_as_many_threads_as_are_asked_for_and_the_environment_stays(threads: int) -> None:
    told = run(f"{IMPORT} import_numpy({threads}); assert dict(os.environ) == before; {TOLD}")
    assert told == str([min(threads, os.cpu_count() or 1)])


@pytest.mark.parametrize("name", VARIABLES)
def test_whoever_has_chosen_is_obeyed(name: str) -> None:
    told = run(
        f"{IMPORT} import_numpy(2); assert dict(os.environ) == before; assert 'numpy' not in sys.modules", **{name: "1"}
    )
    assert told == ""


@needs_pools
def test_where_numpy_is_imported_already_nothing_changes() -> None:
    two = min(2, os.cpu_count() or 1)
    assert run(f"{IMPORT} import_numpy({two}); import_numpy(1); {TOLD}") == str([two])


@needs_pools
@pytest.mark.parametrize(("words", "threads"), [([], 1), (["--threads", "2"], 2)])
def test_predict_has_as_many_as_its_option_says(words: list[str], threads: int) -> None:
    assert run(PREDICT.format(words=words) + TOLD) == str([min(threads, os.cpu_count() or 1)])
