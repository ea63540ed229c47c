"""Training runs killed with -9 at random moments of every phase, and gone on with → the model of a run left alone."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

import pytest

from tests.laws.nursery import PHASES

ROOT = Path(__file__).parents[2]
ENCODERS = {
    "lstm": [
        "--encoder",
        "lstm",
        "--embedding-dim",
        "12",
        "--hidden-size",
        "8",
        "--bidirectional",
        "--max-epochs",
        "4",
    ],
    "hogwild": ["--encoder", "ngrams", "--optimizer", "hogwild", "--buckets", "20000", "--embedding-dim", "8"],
    "logistic": ["--encoder", "logistic", "--target-precision", "0.6", "--validation-fraction", "0.2"],
}
LEARNT = ("model.safetensors", "config.json", "vocabulary.json", "metrics.json")
OF_THE_CLOCK = ("seconds", "words_per_second")


class Runs:
    """Runs of one command line, each from the process that stands ready."""

    def __init__(self, words: Sequence[object], log: Path) -> None:
        self.words, self.log = [str(word) for word in words], log
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        self.nursery = subprocess.Popen([sys.executable, "-m", "tests.laws.nursery"], cwd=ROOT, **pipes)

    def __call__(self, *more: str, **sent: Any) -> tuple[int, str, dict[str, int]]:
        """Run to the end, or to a signal; give the exit code, the phase at the end, and the entries into each."""
        stdin, stdout = self.nursery.stdin, self.nursery.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"words": [*self.words, *more], "log": str(self.log), **sent}) + "\n")
        code, phase, entries = json.loads(stdout.readline())
        return code, phase, dict(zip(PHASES, entries, strict=True))


def made(model: Path) -> dict[str, object]:
    """Give all that a run leaves and that no clock decides."""
    history = [json.loads(line) for line in (model / "history.jsonl").read_text().splitlines()]
    told = json.loads((model / "training.json").read_text())
    return {
        **{name: (model / name).read_bytes() for name in LEARNT},
        "history": [{key: value for key, value in line.items() if key not in OF_THE_CLOCK} for line in history],
        "training": {key: value for key, value in told.items() if key not in OF_THE_CLOCK},
    }


def missing(kills: Counter[str]) -> list[str]:
    """List the phases in which no run was killed yet."""
    return [phase for phase in PHASES if not kills[phase]]


@pytest.fixture
def runs(
    tmp_path: Path, write: Callable[..., Path], reviews: Callable[..., Any]
) -> Iterator[Callable[[str], tuple[Runs, Path]]]:
    """How to make runs of an encoder."""
    data, test = write(tmp_path / "train.csv", reviews(300)), write(tmp_path / "test.csv", reviews(90, seed=1))
    started: list[Runs] = []

    def of(encoder: str) -> tuple[Runs, Path]:
        model = tmp_path / "model"
        words = ["train", data, "--test", test, "-o", model, "--checkpoint-every", "0s", *ENCODERS[encoder]]
        started.append(Runs(words, tmp_path / "log"))
        return started[-1], model

    yield of
    for each in started:
        each.nursery.communicate()


@pytest.mark.torture
@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_run_killed_at_any_moment_and_gone_on_with_ends_in_the_same_bits(
    runs: Callable[[str], tuple[Runs, Path]], encoder: str, request: pytest.FixtureRequest
) -> None:
    wanted_kills = request.config.getoption("--kills")
    run, model = runs(encoder)
    code, _, entries = run()
    assert code == 0, run.log.read_text()
    assert min(entries.values()) > 0
    wanted = made(model)
    chance, kills = random.Random(encoder), Counter[str]()
    shutil.rmtree(model)
    done = False
    while not done:
        aims = [PHASES[kills.total() % len(PHASES)]] if kills.total() < wanted_kills else missing(kills)
        aim = {}
        if aims:
            aim = {"phase": aims[0], "times": chance.randint(1, entries[aims[0]]), "delay": chance.uniform(0, 0.003)}
        code, phase, _ = run("--resume", **aim, signal=int(SIGKILL))
        assert code in (0, -SIGKILL), run.log.read_text()
        if code:
            kills[phase] += 1
            continue
        assert made(model) == wanted
        assert {path.name for path in model.parent.iterdir()} == {"train.csv", "test.csv", "model", "log"}
        done = not aims
        shutil.rmtree(model)
    print(f"\n{encoder}: {dict(kills)}")
    assert not missing(kills)


@pytest.mark.torture
@pytest.mark.parametrize("encoder", ENCODERS)
def test_sigterm_ends_a_run_with_143_in_any_phase_and_it_goes_on_to_the_same_bits(
    runs: Callable[[str], tuple[Runs, Path]], encoder: str
) -> None:
    run, model = runs(encoder)
    *_, entries = run()
    wanted = made(model)
    chance = random.Random(encoder)
    # at a random moment of each phase; then in the last step, and in the evaluation behind it
    moments = [(phase, chance.randint(1, entries[phase])) for phase in PHASES]
    moments += [("step", entries["step"]), ("evaluating", entries["evaluating"] - 1), ("saving", entries["saving"])]
    for phase, times in moments:
        shutil.rmtree(model)
        run.log.unlink()
        code, *_ = run(phase=phase, times=times, delay=chance.uniform(0, 0.003), signal=int(SIGTERM))
        told = run.log.read_text()
        if phase == "saving" and code in (0, -SIGTERM):  # the signal came when all was over
            assert "Try: unrolled predict" in told
        else:
            assert code == 143, (phase, code, told)
            assert "Ended by SIGTERM; " in told.splitlines()[-1]
        beside = {path.name for path in model.parent.iterdir()} - {"train.csv", "test.csv", "log"}
        assert beside <= {"model", "model.checkpoint"}
        assert phase == "reading" or beside, (phase, told)
        assert run("--resume")[0] == 0, run.log.read_text()
        assert made(model) == wanted
