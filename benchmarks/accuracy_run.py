"""A model, a data set, a seed and a fold → the record of one run in a process of its own, whatever becomes of it."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from importlib.metadata import version

from benchmarks.accuracy_records import Key, Record
from benchmarks.judged_models import MODELS, Model
from benchmarks.real_texts import ROOT
from benchmarks.side_by_side import processor
from benchmarks.tutorials.answers import MARK, Answers

PATIENCE = 6  # times the limit that a process is waited for: others may be at work
THREADS = 1


def run(key: Key, limit: float) -> Record:
    """Run it; what was cut off without a model, died, or was killed for want of memory is told as failed."""
    data, name, seed, fold = key
    model = MODELS[name]
    words = [sys.executable, "-m", f"benchmarks.tutorials.{model.module}", data, model.kind, "--judge"]
    words += [f"--seed={seed}", f"--threads={THREADS}", f"--limit={limit}"]
    words += [f"--fold={fold}"] if fold is not None else []
    counts = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(THREADS))
    answers, failed = None, ""
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, **counts},
            timeout=PATIENCE * limit + 600,
        )
        answers = _answers(done.stdout)
        failed = "" if answers else _reason(done, limit)
    except subprocess.TimeoutExpired:
        failed = f"not done after {PATIENCE * limit + 600:.0f} s of the clock"
    machine = f"{processor()}, {os.cpu_count()} cores, {platform.system()}"
    told = (limit, model.settings(), machine, _versions(model))
    return Record(*key, *told, answers, failed)


def _answers(out: str) -> Answers | None:
    lines = [line for line in out.splitlines() if line.startswith(MARK)]
    return Answers(**json.loads(lines[-1])) if lines else None


def _reason(done: subprocess.CompletedProcess[str], limit: float) -> str:
    """Say in a line why there are no answers."""
    if done.returncode == -signal.SIGKILL:  # of the system: too many processor seconds, or too little memory
        return f"ended by the system: no model long after {limit:g} processor seconds, or no memory"
    if done.returncode < 0:
        return f"ended by {signal.Signals(-done.returncode).name}"
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200]


def _versions(model: Model) -> dict[str, str]:
    own = ("numpy", "unrolled") if model.is_ours else ("numpy",)
    return {"Python": platform.python_version(), **{name: version(name) for name in (*own, *model.packages)}}
