"""A function → a forked process that runs it, limited in time; its parent has imported what costs seconds."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# The same numbers of threads for all runs, and none in this process: it is forked.
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
HEAVY = ("numpy", "torch", "sklearn.linear_model", "scipy.stats", "hypothesis", "pytest", "_pytest.pytester", "typer",
         "typer.testing", "rich.console", "rich.table", "safetensors.numpy", "array_api_compat.numpy")  # fmt: skip
POLL = 0.02
FAILED = 70  # the exit code of a job that raised


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (negative: a signal), the seconds it took, and if it had to be ended."""

    code: int
    seconds: float
    cpu: float
    overtime: bool


@dataclass
class _Running:
    job: int
    pid: int
    worker: int
    begun: float
    limit: float


def warm() -> None:
    """Import what all runs need, before they are forked."""
    os.environ.update(QUIET)
    sys.dont_write_bytecode = True
    for name in HEAVY:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def forked(jobs: Iterable[tuple[Callable[[int], int], float]], workers: int, log: Path) -> Iterator[tuple[int, Ended]]:
    """Run each job, given the number of its worker, in a process of its own; yield its number and how it ended."""
    waiting = enumerate(jobs)
    free = list(range(workers))
    running: list[_Running] = []
    while True:
        while free and (item := next(waiting, None)) is not None:
            number, (job, limit) = item
            worker = free.pop()
            running.append(_Running(number, _start(job, worker, log), worker, time.monotonic(), limit))
        if not running:
            return
        time.sleep(POLL)
        for process in list(running):
            if ended := _ended(process):
                running.remove(process)
                free.append(process.worker)
                yield process.job, ended


def _start(job: Callable[[int], int], worker: int, log: Path) -> int:
    sys.stdout.flush()
    with warnings.catch_warnings():  # of threads, of which this process has none of its own
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    code = FAILED
    try:
        os.setsid()
        out = os.open(log / f"worker-{worker}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        code = job(worker)
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(process: _Running) -> Ended | None:
    pid, status, used = os.wait4(process.pid, os.WNOHANG)
    took = time.monotonic() - process.begun
    overtime = not pid and took > process.limit
    if not pid and not overtime:
        return None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # and what it has started
    if overtime:
        _, status, used = os.wait4(process.pid, 0)
    return Ended(os.waitstatus_to_exitcode(status), took, used.ru_utime + used.ru_stime, overtime)
