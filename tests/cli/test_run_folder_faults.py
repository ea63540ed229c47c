"""Two runs at once, damage, a full disk, what isn't ours at a checkpoint's name → told, and nothing is lost."""

from __future__ import annotations

import errno
import itertools
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from unrolled.cli.run_folder import RunFolder
from unrolled.prediction import saved_model
from unrolled.storage import atomic_folder, fsync
from unrolled.storage.checkpoint_folder import CheckpointFolder
from unrolled.storage.file_lock import acquire
from unrolled.training.state import StepState


def test_two_runs_into_one_folder_are_refused_with_the_process_of_the_first(
    train: Callable[..., Any], tmp_path: Path
) -> None:
    with acquire(tmp_path / "model"):
        assert f"process {os.getpid()}" in train().error()
        assert f"process {os.getpid()}" in train("--resume").error()
    assert train().code == 0


def test_a_second_run_is_told_the_process_of_one_that_is_training(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str]
) -> None:
    words = ["train", str(train_csv), "-o", str(tmp_path / "model"), *small, "--max-epochs", "1000000"]
    first = subprocess.Popen([sys.executable, "-m", "unrolled", *words], stderr=subprocess.PIPE, text=True)
    assert first.stderr is not None
    while "epoch" not in first.stderr.readline():
        assert first.poll() is None
    try:
        assert f"process {first.pid}" in unrolled(*words).error()
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate()
    assert first.returncode == 143
    assert [path.name for path in tmp_path.iterdir()] == ["model.checkpoint"]


@pytest.mark.parametrize("words", [[], ["--force"], ["--resume"]], ids=str)
def test_a_second_run_never_touches_the_checkpoint_of_the_first(
    train: Callable[..., Any], tmp_path: Path, unfinished: Path, words: list[str]
) -> None:
    before = {path.name: path.read_bytes() for path in unfinished.iterdir()}
    with acquire(tmp_path / "model"):
        assert f"process {os.getpid()}" in train(*words).error()
    assert {path.name: path.read_bytes() for path in unfinished.iterdir()} == before


def forged(checkpoint: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Change the position or the arrays, and make all checksums right again."""
    content = json.loads((checkpoint / "checkpoint.json").read_text())
    arrays = {name: np.array(array) for name, array in load_file(checkpoint / "arrays.safetensors").items()}
    change(content["position"], arrays)
    keeper = CheckpointFolder(checkpoint, content["run"], content["computed_with"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("unrolled.storage.checkpoint_folder._not_finite", lambda _: None)
        keeper.save(content["position"], arrays)


def infinite(position: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["best.classifier.W"][...] = np.nan


def beyond(position: dict[str, Any], arrays: dict[str, Any]) -> None:
    position["epoch"] = 31


@pytest.mark.parametrize(("change", "told"), [(infinite, "best.classifier.W"), (beyond, "where its run stopped")])
def test_a_forged_checkpoint_is_refused(
    train: Callable[..., Any], unfinished: Path, tmp_path: Path, change: Any, told: str
) -> None:
    names = list(load_file(unfinished / "arrays.safetensors"))
    assert "best.classifier.W" in names
    forged(unfinished, change)
    assert told in train("--resume").error()
    assert not (tmp_path / "model").exists()


def damage(checkpoint: Path) -> None:
    path = checkpoint / "arrays.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def test_a_damaged_checkpoint_is_told_and_left(train: Callable[..., Any], unfinished: Path) -> None:
    damage(unfinished)
    for words in (["--resume"], ["--force"], []):
        assert "arrays.safetensors" in train(*words).error()
    shutil.move(unfinished, unfinished.with_name("damaged"))
    assert train("--force").code == 0


def test_a_full_disk_is_told_at_the_end_and_the_checkpoint_stays(
    train: Callable[..., Any], unfinished: Path, tmp_path: Path
) -> None:
    """A limit on the size of files stands for the disk: the checkpoint is there, the weights don't fit."""
    before, limits = (unfinished / "arrays.safetensors").read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        done = train("--resume", "--checkpoint-every", "0s")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, heard)
    assert "nothing of that name was changed" in done.error()
    assert f"A state of the run is kept in {unfinished}: the same command with --resume goes on" in done.error()
    assert done.err.count("No checkpoint could be written, training goes on") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model.checkpoint"]
    assert (unfinished / "arrays.safetensors").read_bytes() == before
    assert train("--resume").code == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_disk_that_fills_when_the_model_is_saved_costs_nothing_and_what_is_said_is_true(
    train: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The model is saved before it is evaluated, and again with its figures."""
    fill, elsewhere, model = fsync.fill, tmp_path / "elsewhere", tmp_path / "model"
    elsewhere.mkdir()
    calls = itertools.count(1)

    def full(folder: Path, files: dict[str, bytes]) -> None:
        if folder.parent == tmp_path and next(calls) == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fill(folder, files)

    monkeypatch.setattr(atomic_folder, "fill", full)
    monkeypatch.setattr("unrolled.storage.rescue._places", lambda: [str(elsewhere)])
    done = train()
    assert done.code == 1
    last = done.err.splitlines()[-1]
    assert "No space left on device" in last
    if number == 1:
        (place,) = elsewhere.glob("*/model")
        assert f"The model is whole in {place}:" in last
        assert not model.exists()
    else:
        place = model
        assert f"The new model in {model} is whole and lacks only its figures" in last
        assert "nothing of that name was changed" not in last
        assert "accuracy" in done.out
        assert not (model / "metrics.json").exists()
    assert saved_model.load(place).config.labels
    assert {path.name for path in tmp_path.iterdir()} <= {"model", "elsewhere"}


@pytest.mark.parametrize("place", ["/proc/model", "/dev/null/model"])
def test_a_place_that_cannot_be_written_is_told_before_any_text_is_read(
    unrolled: Callable[..., Any], place: str
) -> None:
    assert place.removesuffix("/model") in unrolled("train", "nowhere.csv", "-o", place).error()


def test_a_folder_that_is_no_checkpoint_is_never_deleted(train: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "model.checkpoint").mkdir()
    (tmp_path / "model.checkpoint" / "thesis.tex").write_text("years of work")
    for words in ([], ["--force"], ["--resume"]):
        assert "'thesis.tex'" in train(*words).error()
    assert (tmp_path / "model.checkpoint" / "thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize("words", [[], ["--force"], ["--resume"]], ids=str)
def test_a_file_of_others_in_a_checkpoint_is_named_before_training_and_stays(
    train: Callable[..., Any], unfinished: Path, words: list[str]
) -> None:
    (unfinished / "thesis.docx").write_text("years of work")
    done = train(*words)
    assert str(unfinished / "thesis.docx") in done.error()
    assert "epoch" not in done.err
    assert (unfinished / "thesis.docx").read_text() == "years of work"


def test_a_model_that_is_named_as_a_checkpoint_is_never_taken_for_one(
    train: Callable[..., Any], tmp_path: Path, model: Path
) -> None:
    shutil.copytree(model, tmp_path / "model.checkpoint")
    for words in ([], ["--force"], ["--resume"]):
        assert f"{tmp_path / 'model.checkpoint'}: --force would delete" in train(*words).error()
    assert (tmp_path / "model.checkpoint" / "model.safetensors").is_file()


@pytest.mark.parametrize("moment", ["0s", "60s"])
def test_a_model_that_takes_the_checkpoints_name_while_a_run_goes_on_is_left_alone(
    train: Callable[..., Any], tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    step, place = StepState.step, tmp_path / "model.checkpoint"

    def beside(self: StepState, number: int, *given: Any) -> float:
        if number == 2:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(model, place)
        return step(self, number, *given)

    monkeypatch.setattr(StepState, "step", beside)
    monkeypatch.setattr("unrolled.training.checkpoints.SHARE", 1e9)
    done = train("--checkpoint-every", moment)
    assert done.code == 0
    assert ("No checkpoint could be written" in done.err) == (moment == "0s")
    assert {path.name for path in tmp_path.iterdir()} == {"model", "model.checkpoint"}
    assert {path.name: path.read_bytes() for path in place.iterdir()} == {
        path.name: path.read_bytes() for path in model.iterdir()
    }


def test_the_state_of_another_run_that_takes_the_name_is_left_alone(
    train: Callable[..., Any], tmp_path: Path, unfinished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, step = Path(shutil.copytree(unfinished, tmp_path / "other")), StepState.step

    def beside(self: StepState, number: int, *given: Any) -> float:
        if number == 2:
            shutil.copytree(other, unfinished)
        return step(self, number, *given)

    monkeypatch.setattr(StepState, "step", beside)
    assert train("--force", "--seed", "1").code == 0
    assert (unfinished / "checkpoint.json").read_bytes() == (other / "checkpoint.json").read_bytes()


def test_the_name_of_the_checkpoint_is_held_too(unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path) -> None:
    with RunFolder(tmp_path / "model").held():
        for name in ("model", "model.checkpoint"):
            assert "in use by process" in unrolled("train", train_csv, "-o", tmp_path / name).error()


@pytest.mark.parametrize("command", ["train", "lm train"])
def test_a_name_that_leaves_no_room_for_those_beside_it_is_refused_at_once(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, small: list[str], command: str
) -> None:
    words = small if command == "train" else ["--model", "kneser-ney"]
    name = "é" * 150
    told = unrolled(*command.split(), "nowhere", "-o", tmp_path / name, *words).error()
    assert "the name has 300 bytes" in told
    longest = int(re.search(r"at most (\d+) leave room", told)[1])  # type: ignore[index]
    told = unrolled(*command.split(), "nowhere", "-o", tmp_path / ("m" * (longest + 1)), *words).error()
    assert f"the name has {longest + 1} bytes" in told
    more = ["--checkpoint-every", "0s"] if command == "train" else []
    done = unrolled(*command.split(), train_csv, "-o", tmp_path / ("m" * longest), *words, *more)
    assert done.code == 0
    assert "No checkpoint" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["m" * longest]


def test_an_empty_folder_or_a_file_of_a_checkpoints_name(train: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "model.checkpoint").write_text("years of work")
    assert "no checkpoint has this name" in train("--force").error()
    assert (tmp_path / "model.checkpoint").read_text() == "years of work"
    (tmp_path / "model.checkpoint").unlink()
    (tmp_path / "model.checkpoint").mkdir()
    assert train().code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
