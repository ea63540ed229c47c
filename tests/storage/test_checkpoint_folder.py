"""States of runs → kept and given back bit for bit, or refused with the reason; the one before is safe meanwhile."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from unrolled.errors import FolderError
from unrolled.storage import checkpoint_folder
from unrolled.storage.checkpoint_folder import CheckpointFolder

SETTINGS = {"encoder": "lstm", "dropout": 0.5, "filter_sizes": [2, 3]}
RUN = {"settings": SETTINGS, "data_sha256": "12ab", "dev_sha256": None}
WITH = {"numpy": "2.0", "arithmetic": "avx2"}
ARRAYS: dict[str, np.ndarray[Any, Any]] = {
    "dense": np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32),
    "rows.n": np.arange(7.0)[:, None],
    "log_decay": np.array(-0.1),
    "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "odd": np.array([-0.0, 3.4e38, 1e-45], np.float32),
    "none": np.empty((0, 4), np.float32),
}
POSITION = {"epoch": 2, "loss": 0.1 + 0.2, "history": [{"dev_loss": 1e-300, "best": True}]}


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    return CheckpointFolder(tmp_path / "m.checkpoint", RUN, WITH)


def test_a_state_comes_back_bit_for_bit(folder: CheckpointFolder) -> None:
    folder.save(POSITION, ARRAYS)
    kept = folder.load(ARRAYS)
    assert kept is not None
    assert kept[0] == POSITION
    for name, array in ARRAYS.items():
        assert kept[1][name].tobytes() == array.tobytes()
        assert kept[1][name].shape == array.shape


def test_the_file_is_one_that_safetensors_itself_reads(folder: CheckpointFolder) -> None:
    folder.save(POSITION, ARRAYS)
    for name, array in load_file(folder.folder / "arrays.safetensors").items():
        np.testing.assert_array_equal(array, ARRAYS[name])
    assert {path.name for path in folder.folder.iterdir()} == {"checkpoint.json", "arrays.safetensors"}


def test_a_later_state_takes_the_place_of_an_earlier_one(folder: CheckpointFolder) -> None:
    assert folder.load(ARRAYS) is None
    folder.save(POSITION, ARRAYS)
    folder.save({**POSITION, "epoch": 3}, {**ARRAYS, "log_decay": np.array(-0.2)})
    kept = folder.load(ARRAYS)
    assert kept is not None
    assert (kept[0]["epoch"], float(kept[1]["log_decay"])) == (3, -0.2)
    assert os.listdir(folder.folder.parent) == ["m.checkpoint"]


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ({**RUN, "data_sha256": "34cd"}, "'12ab' (now '34cd')"),
        ({**RUN, "settings": {**SETTINGS, "dropout": 0.4}}, "dropout 0.5 (now 0.4)"),
        (
            {**RUN, "settings": {"encoder": "gru"}},
            "encoder 'lstm' (now 'gru'); dropout 0.5 (now None); filter_sizes [2, 3] (now None)",
        ),
    ],
    ids=["data", "setting", "encoder"],
)
def test_a_state_of_another_run_is_refused_and_the_difference_told(
    folder: CheckpointFolder, run: dict[str, Any], told: str
) -> None:
    folder.save(POSITION, ARRAYS)
    with pytest.raises(FolderError) as raised:
        CheckpointFolder(folder.folder, run, WITH).load(ARRAYS)
    assert told in str(raised.value)


def test_another_arithmetic_is_told_and_not_refused(folder: CheckpointFolder) -> None:
    folder.save(POSITION, ARRAYS)
    other = CheckpointFolder(folder.folder, RUN, {**WITH, "arithmetic": "plain"})
    assert other.load(ARRAYS) is not None
    assert other.changed_environment() == ["arithmetic 'avx2' (now 'plain')"]
    assert folder.changed_environment() == []


@pytest.mark.parametrize("name", ["checkpoint.json", "arrays.safetensors"])
def test_a_damaged_state_is_refused_or_the_same(folder: CheckpointFolder, name: str) -> None:
    folder.save(POSITION, ARRAYS)
    content, chance = (folder.folder / name).read_bytes(), random.Random(0)
    for number in range(300):
        damaged = bytearray(content)
        if number % 3:
            damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        else:
            del damaged[chance.randrange(len(content)) :]
        (folder.folder / name).write_bytes(damaged)
        try:
            kept = folder.load(ARRAYS)
        except FolderError:
            continue
        assert name == "checkpoint.json", "of the arrays every bit counts, of JSON not the white space"
        assert kept is not None
        assert kept[0] == POSITION
        assert kept[1]["dense"].tobytes() == ARRAYS["dense"].tobytes()


def changed(**values: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "checkpoint.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


def linked(folder: Path) -> None:
    shutil.move(folder / "arrays.safetensors", folder.parent / "a")
    (folder / "arrays.safetensors").symlink_to(folder.parent / "a")


FOREIGN: dict[str, Callable[[Path], Any]] = {
    "no arrays": lambda folder: (folder / "arrays.safetensors").unlink(),
    "no position": lambda folder: (folder / "checkpoint.json").unlink(),
    "an unknown key": changed(run_this="rm"),
    "another version": changed(format_version=2),
    "a position of another kind": changed(position=[1, 2]),
    "a link": linked,
    "a large file": lambda folder: os.truncate(folder / "arrays.safetensors", 2**40),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_state_is_refused(folder: CheckpointFolder, name: str) -> None:
    folder.save(POSITION, ARRAYS)
    FOREIGN[name](folder.folder)
    with pytest.raises(FolderError):
        folder.load(ARRAYS)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_state_of_another_version_s_form_is_refused_as_that(folder: CheckpointFolder, version: Any) -> None:
    folder.save(POSITION, ARRAYS)
    changed(format_version=version)(folder.folder)
    for read in (lambda: folder.load(ARRAYS), folder.changed_environment):
        with pytest.raises(FolderError, match=f"has form {version!r},.* form 1.*version that began it.*--force"):
            read()


@pytest.mark.parametrize("count", [1, 20_000])
def test_a_state_of_many_arrays_comes_back(folder: CheckpointFolder, count: int) -> None:
    """Their names alone take more than a million bytes."""
    arrays = {f"best.encoder.{number}.W": np.full((1, 1), number, np.float32) for number in range(count)}
    folder.save(POSITION, arrays)
    kept = folder.load(arrays)
    assert kept is not None
    assert all(kept[1][name].tobytes() == array.tobytes() for name, array in arrays.items())


def test_a_position_longer_than_what_is_read_is_refused_and_the_state_before_left(
    folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.save(POSITION, ARRAYS)
    size = (folder.folder / "checkpoint.json").stat().st_size
    monkeypatch.setattr(checkpoint_folder, "LARGEST_POSITION", size)
    folder.save(POSITION, ARRAYS)
    assert folder.load(ARRAYS) is not None
    monkeypatch.setattr(checkpoint_folder, "LARGEST_POSITION", size - 1)
    with pytest.raises(FolderError, match="--max-epochs"):
        folder.save(POSITION, ARRAYS)
    with pytest.raises(FolderError, match="bytes"):
        folder.load(ARRAYS)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["dense", "rows.n", "log_decay"])
def test_a_state_that_is_not_finite_is_neither_kept_nor_gone_on_from(
    folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch, name: str, number: float
) -> None:
    arrays = {**ARRAYS, name: np.where(np.arange(ARRAYS[name].size).reshape(ARRAYS[name].shape) == 0, number, 0.0)}
    arrays[name] = arrays[name].astype(ARRAYS[name].dtype)
    with pytest.raises(FolderError, match=f"NaN or infinity in '{name}'"):
        folder.save(POSITION, arrays)
    assert not folder.folder.exists()
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint_folder, "_not_finite", lambda _: None)
        folder.save(POSITION, arrays)
    with pytest.raises(FolderError, match=f"NaN or infinity in '{name}'"):
        folder.load(ARRAYS)


@pytest.mark.parametrize(
    "arrays",
    [
        {"dense": ARRAYS["dense"]},
        {**ARRAYS, "more": np.zeros(1)},
        {**ARRAYS, "dense": ARRAYS["dense"].T},
        {**ARRAYS, "rows.n": np.arange(7, dtype=np.float32)[:, None]},
    ],
    ids=["fewer", "more", "another shape", "another dtype"],
)
def test_arrays_of_another_network_are_refused(folder: CheckpointFolder, arrays: dict[str, Any]) -> None:
    folder.save(POSITION, arrays)
    with pytest.raises(FolderError, match=r"other arrays|bytes"):
        folder.load(ARRAYS)


@pytest.mark.parametrize("number", range(1, 12))
def test_a_disk_that_fills_up_leaves_the_state_before(
    folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folder.save(POSITION, ARRAYS)
    write, calls = os.write, iter(range(1, 1000))

    def full(handle: int, content: bytes) -> int:
        if next(calls) >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, content)

    monkeypatch.setattr(os, "write", full)
    try:
        folder.save({**POSITION, "epoch": 3}, ARRAYS)
    except FolderError as error:
        assert "No space left" in str(error)  # noqa: PT017  later numbers are beyond the last write
        monkeypatch.undo()
        kept = folder.load(ARRAYS)
        assert kept is not None
        assert kept[0]["epoch"] == 2
    assert os.listdir(folder.folder.parent) == ["m.checkpoint"]
