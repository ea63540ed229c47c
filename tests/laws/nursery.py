"""Orders on standard input, a line each → a run of `train`, left alone or killed in a certain phase, and how it ended.

Runs are forked from a process that has imported everything, so that they begin at once. A run shows what it is doing in
shared memory: byte 0 is the number of its phase, the bytes behind it count how often each was entered.
"""

from __future__ import annotations

import functools
import json
import mmap
import os
import sys
import time
from collections.abc import Callable
from typing import Any

PHASES = ("reading", "step", "saving", "evaluating")


def marked(seen: mmap.mmap, phase: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function show that it runs; within another phase it is that phase afterwards again."""

    @functools.wraps(function)
    def run(*given: Any, **named: Any) -> Any:
        before, seen[0] = seen[0], phase
        seen[phase] = (seen[phase] + 1) % 256
        try:
            return function(*given, **named)
        finally:
            seen[0] = before

    return run


def mark(seen: mmap.mmap) -> None:
    """Show the phases of every learner."""
    from unrolled.cli import train_run
    from unrolled.cli.sources import Sources
    from unrolled.prediction import saved_model
    from unrolled.storage import atomic_folder, checkpoint_folder
    from unrolled.training.learners import hogwild
    from unrolled.training.learners.logistic import LogisticLearner
    from unrolled.training.learners.network import NetworkLearner
    from unrolled.training.state import StepState

    places: dict[str, list[tuple[Any, str]]] = {
        "reading": [(Sources, "gather")],
        "step": [(StepState, "step"), (hogwild, "sgd_epoch"), (LogisticLearner, "step")],
        "saving": [
            (checkpoint_folder, "write_folder"),
            (saved_model, "write_folder"),
            (atomic_folder, "remove_folder"),
        ],
        "evaluating": [
            (NetworkLearner, "evaluate"),
            (hogwild, "logits"),
            (LogisticLearner, "evaluate"),
            (train_run, "_evaluate"),
        ],
    }
    for number, phase in enumerate(PHASES, start=1):
        for owner, name in places[phase]:
            setattr(owner, name, marked(seen, number, getattr(owner, name)))


def run(order: dict[str, Any], seen: mmap.mmap) -> None:
    from unrolled.cli.app import main

    mark(seen)
    for number, path in ((1, os.devnull), (2, order["log"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    sys.argv = ["unrolled", *order["words"]]
    try:
        main()
    except SystemExit as done:
        os._exit(done.code if isinstance(done.code, int) else int(done.code is not None))
    os._exit(0)


def watch(pid: int, order: dict[str, Any], seen: mmap.mmap) -> int:
    """Wait for the end of a run, or send it the signal at or soon after the n-th entry into a phase."""
    while "phase" in order:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        if seen[1 + PHASES.index(order["phase"])] >= order["times"]:
            time.sleep(order["delay"])
            os.kill(pid, order["signal"])
            break
    return os.waitpid(pid, 0)[1]


def serve() -> None:
    """Fork a run for each order; answer with its exit code, the phase it was in at its end, and the entries counted."""
    import sklearn.linear_model
    import torch

    import unrolled.cli.commands.train
    import unrolled.cli.train_run

    del sklearn, torch, unrolled  # they were to be imported before the first fork
    for line in sys.stdin:
        order = json.loads(line)
        seen = mmap.mmap(-1, 1 + len(PHASES))
        pid = os.fork()
        if not pid:
            run(order, seen)
        code = os.waitstatus_to_exitcode(watch(pid, order, seen))
        print(json.dumps([code, ("starting", *PHASES)[seen[0]], list(seen[1:])]), flush=True)


if __name__ == "__main__":
    serve()
