"""`predict -o OUT`, cut off, changed, resumed → what is said on standard error, and never a wrong answer."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.folders.valid import seal
from unrolled.prediction import progress_record, resumable_output, stream
from unrolled.prediction.answer_file import AnswerWriter

ROWS = 60
SMALL = "resumable_output.SECONDS, stream.ROWS, stream.CHUNKS = 0, 4, 2"  # segments of 8 rows


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of 8 rows, and a record behind each."""
    monkeypatch.setattr(resumable_output, "SECONDS", 0)
    monkeypatch.setattr(stream, "ROWS", 4)
    monkeypatch.setattr(stream, "CHUNKS", 2)


@pytest.fixture
def texts(reviews: Callable[..., Any], write: Callable[..., Path], tmp_path: Path) -> Path:
    """A file of 60 rows."""
    return write(tmp_path / "texts.csv", reviews(ROWS, seed=5))


@pytest.fixture
def predict(unrolled: Callable[..., Any], model: Path, small_segments: None) -> Callable[..., Any]:
    """How to run `predict` with the trained model."""
    return lambda *words: unrolled("predict", model, *words)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the answers go."""
    return tmp_path / "out"


@pytest.fixture
def cut_off(predict: Callable[..., Any], texts: Path, output: Path) -> Callable[..., Any]:
    """How to begin a run that Ctrl-C ends at its 30th answer, when 24 are saved."""

    def run(*words: object) -> Any:
        write, counter = AnswerWriter.write, itertools.count(1)

        def interrupted(self: AnswerWriter, answer: Any) -> None:
            if next(counter) == 30:
                raise KeyboardInterrupt
            write(self, answer)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(AnswerWriter, "write", interrupted)
            done = predict(texts, "-o", output, *words)
        assert (done.code, done.out, output.exists()) == (130, "", False)
        return done

    return run


def test_ctrl_c_says_how_it_goes_on_and_where_it_does(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path
) -> None:
    assert "24 rows are answered" in cut_off().err
    done = predict(texts, "-o", output, "--resume")
    assert (done.code, done.out) == (0, "")
    assert "Going on at row 25." in done.err
    assert output.read_text() == predict(texts).out


def test_nothing_to_resume_is_said_and_the_rows_are_answered(
    predict: Callable[..., Any], texts: Path, output: Path
) -> None:
    done = predict(texts, "-o", output, "--resume")
    assert done.code == 0
    assert "nothing to resume: beginning at row 1" in done.err
    assert output.read_text() == predict(texts).out


def test_what_is_finished_is_said_to_be_so_and_a_loop_of_retries_ends(
    predict: Callable[..., Any], texts: Path, output: Path
) -> None:
    predict(texts, "-o", output)
    before = output.stat().st_mtime_ns
    done = predict(texts, "-o", output, "--resume", "--strict")
    assert (done.code, done.out) == (0, "")
    assert "no unfinished run" in done.err
    assert output.stat().st_mtime_ns == before


def test_without_resume_both_ways_out_are_told(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path
) -> None:
    cut_off()
    told = predict(texts, "-o", output).error()
    assert "--resume" in told
    assert "--force" in told
    assert predict(texts, "-o", output, "--force").code == 0
    assert output.read_text() == predict(texts).out


@pytest.mark.parametrize("number", [1, 24])
def test_an_input_that_changed_in_a_row_that_is_answered_is_refused(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path, number: int
) -> None:
    cut_off()
    lines = texts.read_text().splitlines(keepends=True)
    texts.write_text("".join([*lines[:number], lines[number].replace("Film", "Farm"), *lines[number + 1 :]]))
    done = predict(texts, "-o", output, "--resume")
    assert "the first 24 rows are not those" in done.error()
    assert len(done.err.splitlines()) == 1
    texts.write_text("".join(lines[:number]))
    assert "rows are not those" in predict(texts, "-o", output, "--resume").error()
    texts.write_text("".join(lines))
    assert predict(texts, "-o", output, "--resume").code == 0
    assert output.read_text() == predict(texts).out


def test_rows_behind_and_columns_that_are_not_kept_may_change(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path
) -> None:
    cut_off()
    lines = texts.read_text().splitlines(keepends=True)
    texts.write_text("".join([lines[0], *(line.replace("r", "s", 1) for line in lines[1:]), "r61,fine,good\n"]))
    assert predict(texts, "-o", output, "--resume").code == 0
    assert output.read_text() == predict(texts).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--top-k", "2"], "top_k None (now 2)"),
        (["--all-probabilities"], "all_probabilities False (now True)"),
        (["--min-probability", "0.5"], "min_probability None (now 0.5)"),
        (["--keep-columns", "id"], "keep_columns [] (now ['id'])"),
        (["--output-format", "csv"], "output_format 'jsonl' (now 'csv')"),
        (["--threads", "2"], "threads 1 (now 2)"),
        (["--cache-memory", "1M"], "cache_memory 268435456 (now 1048576)"),
    ],
    ids=lambda words: "".join(words) if isinstance(words, list) else "",
)
def test_other_options_are_refused_by_name(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path, words: list[str], told: str
) -> None:
    cut_off()
    assert told in predict(texts, "-o", output, "--resume", *words).error()
    assert not output.exists()


def test_options_that_change_no_answer_may_change(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path
) -> None:
    cut_off("--strict")
    moved = texts.rename(texts.with_suffix(".txt"))
    assert predict(moved, "-o", output, "--resume", "--format", "csv").code == 0


def test_another_model_is_refused(
    predict: Callable[..., Any],
    cut_off: Callable[..., Any],
    texts: Path,
    output: Path,
    model: Path,
    tmp_path: Path,
    unrolled: Callable[..., Any],
) -> None:
    cut_off()
    other = shutil.copytree(model, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "labels": ["bad", "good", "other"]}))
    seal(other)
    assert "model '" in unrolled("predict", other, texts, "-o", output, "--resume").error()
    moved = shutil.copytree(model, tmp_path / "moved")
    assert unrolled("predict", moved, texts, "-o", output, "--resume").code == 0


def test_another_version_would_write_other_bytes_and_is_refused(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path
) -> None:
    cut_off()
    record = output.parent / ".out.partial" / "progress.json"
    kept = progress_record.read(record)
    record.write_bytes(progress_record.to_bytes(replace(kept, run={**kept.run, "numpy": "0.0.1"})))
    assert "numpy '0.0.1' (now " in predict(texts, "-o", output, "--resume").error()
    record.write_bytes(record.read_bytes().replace(b'"format_version": 1', b'"format_version": 2'))
    assert "version that began it" in predict(texts, "-o", output, "--resume").error()


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"progress": {}, "sha256": ""}'])
def test_a_damaged_record_is_refused_and_force_begins_anew(
    predict: Callable[..., Any], cut_off: Callable[..., Any], texts: Path, output: Path, damage: bytes
) -> None:
    cut_off()
    (output.parent / ".out.partial" / "progress.json").write_bytes(damage)
    assert "--force" in predict(texts, "-o", output, "--resume").error()
    assert not output.exists()
    assert predict(texts, "-o", output, "--force").code == 0
    assert output.read_text() == predict(texts).out


@pytest.mark.parametrize("where", [[], ["-o", "-"], ["-o", "/dev/null"]], ids=" ".join)
def test_what_cannot_be_gone_on_with_is_wrong_usage(predict: Callable[..., Any], texts: Path, where: list[str]) -> None:
    assert "--resume" in predict(texts, *where, "--resume").error(2)


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_counts_go_on_too_and_a_table_has_one_header(
    predict: Callable[..., Any],
    cut_off: Callable[..., Any],
    texts: Path,
    output: Path,
    form: str,
) -> None:
    lines = texts.read_text().splitlines(keepends=True)
    texts.write_text("".join([*lines[:5], "one field\n", *lines[6:50], "one field\n", *lines[51:]]))
    words = ["--output-format", form, "--min-probability", "0.99", "--keep-columns", "id"]
    cut_off(*words)
    done = predict(texts, "-o", output, "--resume", *words)
    whole = predict(texts, *words)
    assert output.read_text() == whole.out
    assert done.err == f"Going on at row 25.\n{whole.err}"
    assert "2 rows couldn't be read" in whole.err


def test_rows_without_a_label_are_counted(predict: Callable[..., Any], texts: Path) -> None:
    done = predict(texts, "--min-probability", "0.6")
    without = sum(answer["label"] is None for answer in done.answers)
    assert 1 < without < ROWS
    assert f"{without} rows of 60 left without a label: no probability reaches 0.6\n" in done.err
    assert "without a label" not in predict(texts).err


WAITING = f"""
import sys
from unrolled.prediction import progress_record, resumable_output, stream
from unrolled.cli.app import main
{SMALL}
main()
"""


@pytest.fixture
def waiting(model: Path, output: Path) -> Any:
    """A run that has answered 24 rows and waits for more of them."""
    words = [sys.executable, "-c", WAITING, "predict", str(model), "-", "-o", str(output)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdin
        process.stdin.write("fine lovely film\n" * 27 + "dull " * 20_000)  # the last is more than a pipe holds back
        process.stdin.flush()
        record = output.parent / ".out.partial" / "progress.json"
        while not record.exists() or json.loads(record.read_bytes())["progress"]["counts"]["rows"] < 24:
            assert process.poll() is None
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_signal_leaves_what_was_answered(
    waiting: subprocess.Popen[str], predict: Callable[..., Any], unrolled: Any, output: Path, number: int, code: int
) -> None:
    waiting.send_signal(number)
    assert waiting.wait() == code
    assert waiting.stderr
    assert ("24 rows are answered" in waiting.stderr.read()) == (number != signal.SIGKILL)
    assert not output.exists()


def test_a_second_run_is_refused_with_the_first_ones_id(
    waiting: subprocess.Popen[str], predict: Callable[..., Any], texts: Path, output: Path
) -> None:
    for words in ([], ["--resume"], ["--force"]):
        assert f"process {waiting.pid}" in predict(texts, "-o", output, *words).error()
    os.kill(waiting.pid, signal.SIGKILL)
    waiting.wait()
    assert "--resume" in predict(texts, "-o", output).error()


@pytest.mark.parametrize("words", [[], ["--resume"]], ids=["anew", "resumed"])
def test_what_a_link_leads_to_is_written_and_the_link_stays(
    predict: Callable[..., Any], texts: Path, output: Path, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "link.jsonl").symlink_to(output)
    assert predict(texts, "-o", tmp_path / "link.jsonl", *words).code == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(output.read_text().splitlines()) == len(predict(texts).out.splitlines())
