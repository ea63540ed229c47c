"""Model folders changed at random → an error of ours or the same answers; sealed anew, or probabilities."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import unrolled
from tests.each import each

ROOT = Path(__file__).parents[2]
KINDS = ("lstm", "remembering", "ngrams", "logistic", "transformer", "window", "kneser-ney")
PLAIN, SEALED = 1500, 500  # of each kind


def ends(kind: str, count: int, how: str) -> dict[str, int]:
    """Run them in a process of their own, which ends at whatever isn't allowed."""
    command = [sys.executable, "-W", "error", "-m", "tests.folders.mutate", kind, str(count), "0", how]
    paths = os.pathsep.join([str(Path(unrolled.__file__).parents[1]), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, int] = json.loads(done.stdout)
    assert sum(found.values()) == count
    return found


def test_they_are_more_than_ten_thousand_and_two_thousand() -> None:
    assert PLAIN * len(KINDS) >= 10_000
    assert SEALED * len(KINDS) >= 2_000


@pytest.mark.torture
@each("kind", KINDS)
def test_a_mutated_folder_is_refused_or_answers_bit_for_bit_as_before(kind: str) -> None:
    found = ends(kind, PLAIN, "plain")
    assert set(found) == {"refused", "the same"}, "both are met, so that neither law is empty"


@pytest.mark.torture
@each("kind", KINDS)
def test_a_mutated_folder_with_a_manifest_of_the_attacker_is_refused_or_answers_with_probabilities(kind: str) -> None:
    found = ends(kind, SEALED, "sealed")
    assert set(found) == {"refused", "answered"}
    assert found["answered"] > SEALED / 50
