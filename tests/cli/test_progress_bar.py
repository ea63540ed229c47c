"""A run's messages → a line an epoch on standard error, and a bar only where someone looks on."""

from __future__ import annotations

import re

import pytest

from unrolled.cli.progress_bar import ProgressBar
from unrolled.training.callback import EpochRecord, FoldMessage, StepMessage


def record(epoch: int, *, loss: float | None = 0.5, best: bool = True) -> EpochRecord:
    return EpochRecord(epoch, 10 * epoch, loss, 0.25, 0.875, best, 1e-3, 12345.6, 78.9)


def step(number: int) -> StepMessage:
    return StepMessage(1, number, 20, 0.625, 54321.0, 65.4)


def report() -> None:
    with ProgressBar() as bar:
        bar(step(9))
        bar(step(10))
        bar(record(1))
        bar(record(2, best=False))


def test_every_epoch_has_one_line_and_no_step_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    report()
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    for part in ("epoch   1", "step     10", "loss  0.500", "dev loss  0.250", "87.5 %", "12,346 words/s", "78.9 s"):
        assert part in first
    assert "epoch   2" in second
    assert [" kept" in line for line in (first, second)] == [True, False]
    assert "\x1b" not in err


def test_an_epoch_without_a_step_has_no_loss_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar(record(1, loss=None))
    (line,) = capsys.readouterr().err.splitlines()
    assert "dev loss  0.250" in line
    assert not re.search(r"nan|None", line)


def test_a_long_line_stays_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads the log by program counts a line an epoch, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "20")
    report()
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_on_a_terminal_the_bar_tells_every_step_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes any file for a terminal
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    report()
    out, err = capsys.readouterr()
    assert out == ""
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", err)
    for part in ("loss 0.625", "54,321 words/s", "at most 65 s left", "epoch   1", "epoch   2"):
        assert part in shown


def test_what_fails_within_the_block_goes_through_and_the_cursor_comes_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(ZeroDivisionError), ProgressBar():
        raise ZeroDivisionError
    err = capsys.readouterr().err
    assert err.rfind("\x1b[?25h") > err.rfind("\x1b[?25l")


@pytest.mark.parametrize("epochs", [True, False])
def test_a_fold_has_a_line_where_epochs_have_one(epochs: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(epochs=epochs) as bar:
        bar(FoldMessage(2, 5))
    assert ("without fold 2 of 5" in capsys.readouterr().err) == epochs
