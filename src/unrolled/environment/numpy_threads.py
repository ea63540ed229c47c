"""A number of threads → NumPy, imported so that its matrix products use this many; once it is imported, nothing.

Its library takes a thread for every core otherwise, which costs a process 0.03 s at its start, and several times what a
product takes where other processes want the cores too. Whoever sets one of the variables is obeyed.
"""

from __future__ import annotations

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def import_numpy(threads: int) -> None:
    """Import it; the environment is as before when it is done, for processes that are started from here."""
    if any(name in os.environ for name in VARIABLES):
        return
    os.environ.update(dict.fromkeys(VARIABLES, str(threads)))
    try:
        import numpy  # noqa: F401
    finally:
        for name in VARIABLES:
            del os.environ[name]
