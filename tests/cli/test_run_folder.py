"""A run that was ended, and the commands that follow → gone on with, refused or begun anew, and nothing left over."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.cli.run_folder import OF_INSTRUCTIONS, RunFolder
from unrolled.errors import FolderError
from unrolled.prediction.run_identity import kernels, processor
from unrolled.storage import strict_json


def test_the_same_command_with_resume_ends_as_a_run_left_alone(
    train: Callable[..., Any], tmp_path: Path, unfinished: Path
) -> None:
    assert train("--resume").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    weights = (tmp_path / "model" / "model.safetensors").read_bytes()
    assert train("--force").code == 0
    assert (tmp_path / "model" / "model.safetensors").read_bytes() == weights


def test_without_resume_an_unfinished_run_is_not_lost_in_silence(
    train: Callable[..., Any], tmp_path: Path, unfinished: Path
) -> None:
    told = train().error()
    assert "--resume" in told
    assert "--force" in told
    assert unfinished.is_dir()
    assert train("--force").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--learning-rate", "0.5"], "learning_rate 0.003 (now 0.5)"),
        (["--seed", "1"], "random_state 0 (now 1)"),
        (["--threads", "2"], "threads 1 (now 2)"),
        (["--encoder", "cnn", "--hidden-size", "5"], "hidden_size"),
    ],
    ids=str,
)
def test_with_other_settings_it_is_refused_and_stays(
    train: Callable[..., Any], unfinished: Path, words: list[str], told: str
) -> None:
    assert told in train("--resume", *words).error(2 if "cnn" in words else 1)
    assert train("--resume").code == 0


def test_with_other_texts_it_is_refused(
    unrolled: Callable[..., Any],
    write: Callable[..., Path],
    reviews: Callable[..., Any],
    tmp_path: Path,
    small: list[str],
    unfinished: Path,
) -> None:
    other = write(tmp_path / "other.csv", reviews(61))
    assert "data_sha256" in unrolled("train", other, "-o", tmp_path / "model", *small, "--resume").error()


def test_a_run_that_has_ended_is_not_run_again(train: Callable[..., Any], tmp_path: Path) -> None:
    assert "starts over" in train("--resume").err
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "model").iterdir()}
    done = train("--resume")
    assert (done.code, done.out) == (0, "")
    assert "has ended" in done.err
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "model").iterdir()} == before


def test_a_model_of_another_run_is_not_overwritten_by_resume(train: Callable[..., Any], tmp_path: Path) -> None:
    assert train("--max-epochs", "2").code == 0
    weights = (tmp_path / "model" / "model.safetensors").read_bytes()
    assert "a model of another run" in train("--resume").error()
    assert (tmp_path / "model" / "model.safetensors").read_bytes() == weights
    assert train("--resume", "--force").code == 0


def test_texts_that_cannot_be_read_cost_no_checkpoint(
    unrolled: Callable[..., Any], tmp_path: Path, unfinished: Path
) -> None:
    assert "no such file" in unrolled("train", "nowhere.csv", "-o", tmp_path / "model", "--force").error()
    assert (unfinished / "checkpoint.json").is_file()


def test_a_checkpoint_tells_the_kernels_of_this_machine(train: Callable[..., Any], unfinished: Path) -> None:
    content = json.loads((unfinished / "checkpoint.json").read_text())
    assert content["computed_with"]["kernels"] == kernels()
    assert content["computed_with"]["processor"] == processor()
    assert "last bits" not in train("--resume").err


def rewrite(checkpoint: Path, **values: Any) -> None:
    """Change a checkpoint as another version would have written it, its checksum too."""
    path = checkpoint / "checkpoint.json"
    content = {**json.loads(path.read_text()), **values}
    del content["sha256"]
    path.write_bytes(strict_json.to_bytes({**content, "sha256": strict_json.sha256(content)}))


@pytest.mark.parametrize("package", ["unrolled", "numpy", "torch"])
def test_a_run_that_another_version_began_goes_on_and_says_so(
    train: Callable[..., Any], unfinished: Path, package: str
) -> None:
    with_ = json.loads((unfinished / "checkpoint.json").read_text())["computed_with"]
    rewrite(unfinished, computed_with={**with_, package: "0.0.1"})
    done = train("--resume")
    assert done.code == 0
    assert f"The checkpoint is of {package} '0.0.1' (now " in done.err
    assert "the last bits may come out otherwise" in done.err


def test_a_checkpoint_of_another_form_is_left_to_its_version_or_to_force(
    train: Callable[..., Any], unfinished: Path
) -> None:
    rewrite(unfinished, format_version=2)
    before = (unfinished / "checkpoint.json").read_bytes()
    assert "version that began it" in train("--resume").error()
    assert (unfinished / "checkpoint.json").read_bytes() == before
    assert train("--force").code == 0
    assert not unfinished.exists()


@pytest.mark.parametrize("how", ["processor", *OF_INSTRUCTIONS])
def test_a_run_that_goes_on_with_other_instructions_says_so(
    train: Callable[..., Any], unfinished: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "processor":
        monkeypatch.setattr("unrolled.cli.run_folder.processor", lambda: ["abacus"])
    else:
        monkeypatch.setenv(how, "default")
    done = train("--resume")
    assert done.code == 0
    (told,) = (line for line in done.err.splitlines() if "the last bits may come out otherwise" in line)
    assert f"The checkpoint is of {how} " in told


def test_another_test_file_makes_another_run(train: Callable[..., Any], train_csv: Path, unfinished: Path) -> None:
    assert "test_sha256" in train("--resume", "--test", train_csv).error()
    assert train("--resume").code == 0
    assert "another run" in train("--resume", "--test", train_csv).error()


def test_what_a_process_of_a_number_that_is_in_use_left_is_tidied_up(
    train: Callable[..., Any], tmp_path: Path, unfinished: Path
) -> None:
    """In a container every run may be process 1."""
    (tmp_path / ".model.checkpoint.1-00000000.partial").mkdir()
    assert train("--resume").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("value", ["soon", "-1s", "nan", "inf"])
def test_an_impossible_time_between_checkpoints_is_wrong_usage(train: Callable[..., Any], value: str) -> None:
    done = train("--checkpoint-every", value)
    assert (done.code, done.out) == (2, "")
    assert "--checkpoint-every" in done.err


def test_a_killed_exchange_of_checkpoints_is_set_right(unfinished: Path, tmp_path: Path) -> None:
    previous = tmp_path / ".model.checkpoint.999999999-00000000.previous"
    shutil.move(unfinished, previous)
    (tmp_path / ".model.checkpoint.999999999-00000000.partial").mkdir()
    output = RunFolder(tmp_path / "model", resume=True)
    assert output.is_unfinished
    output.clear(json.loads((previous / "checkpoint.json").read_text())["run"])
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_in_the_way_is_an_error_of_the_folder(unfinished: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        RunFolder(tmp_path / "model").reject_unfinished()
