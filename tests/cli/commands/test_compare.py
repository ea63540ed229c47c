"""A file and models → a table, a page and a recommendation; kept, gone on with, within its time, whatever fails."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.comparison.read_result import read_result
from unrolled.comparison.result import ComparisonResult
from unrolled.reports.comparison import html

SMALL = ("average --max-epochs 2 --embedding-dim 6", "cnn --max-epochs 2 --embedding-dim 6", "logistic")


def words(*models: str) -> list[str]:
    return [word for model in models for word in ("--model", model)]


def told(folder: Path) -> ComparisonResult:
    return read_result(json.loads((folder / "compare.json").read_text()))


@pytest.fixture(scope="module")
def done(unrolled: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory, train_csv: Path) -> tuple[Any, Path]:
    """A comparison of three models, two seeds each."""
    folder = tmp_path_factory.mktemp("comparison") / "all"
    found = unrolled("compare", train_csv, "--test", train_csv, "-o", folder, "--seeds", 2, *words(*SMALL))
    assert found.code == 0, found.err
    return found, folder


def test_it_tells_all_models_and_which_one_to_take(done: tuple[Any, Path]) -> None:
    found, folder = done
    compared = told(folder)
    assert [model.name for model in compared.models] == list(SMALL)
    assert {model.state for model in compared.models} == {"finished"}
    assert (compared.train_rows, compared.test_rows, compared.seeds) == (60, 60, 2)
    assert compared.recommendation
    assert f"Take {compared.recommendation.model}: " in found.out
    assert all(f"{model.accuracy.value:.1%}"[:-1] in found.out for model in compared.models if model.accuracy)
    assert (folder / "compare.html").read_text("utf-8").startswith(html(compared))


def test_texts_that_were_trained_on_and_labels_that_were_not_are_told(
    done: tuple[Any, Path], unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path
) -> None:
    seen = "60 of 60 test texts (100.0 %) are in training too: what was learnt by heart is counted as right."
    assert seen in done[0].out
    assert seen in told(done[1]).notes
    header, first, *_, last = train_csv.read_text().splitlines()
    other, test = tmp_path / "other.csv", tmp_path / "test.csv"
    other.write_text(f"{header}\n{first.rpartition(',')[0]},else\n")
    found = unrolled("compare", train_csv, "--test", other, "-o", tmp_path / "none", *words(SMALL[2]))
    assert (found.code, "Traceback" in found.err) == (1, False)
    assert f"{other}: training has none of these labels" in found.err
    assert not (tmp_path / "none").exists()
    test.write_text(f"{header}\nr60,a new one,else\n{last}\n")
    found = unrolled("compare", train_csv, "--test", test, "-o", tmp_path / "one", "--seeds", 1, *words(SMALL[2]))
    assert "1 of 2 test texts (else) have labels that training lacks: wrong for all." in found.out, found.err


def test_its_numbers_are_those_of_evaluate(
    done: tuple[Any, Path], unrolled: Callable[..., Any], train_csv: Path
) -> None:
    _, folder = done
    for model in told(folder).models:
        runs = {run.seed: run for run in model.runs}
        assert sorted(runs) == [0, 1]
        accuracies = []
        for seed, run in runs.items():
            (kept,) = (folder / "models").glob(f"{model.encoder}*.seed-{seed}")
            (found,) = unrolled("evaluate", kept, train_csv, "--json").answers
            assert run.accuracy == pytest.approx(found["accuracy"]["value"])
            accuracies.append(run.accuracy)
            assert sum(file.stat().st_size for file in kept.iterdir()) > 0
        assert model.accuracy
        assert model.accuracy.value == pytest.approx(sum(accuracies) / 2)
        assert sum(map(sum, model.confusion)) == 2 * 60
        assert sum(group.rows for group in model.by_length) == 60


def test_it_is_only_gone_on_with_or_begun_anew_when_asked(
    done: tuple[Any, Path], unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path
) -> None:
    _, folder = done
    call = ("compare", train_csv, "--test", train_csv, "-o", folder, "--seeds", 2)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert "--resume" in unrolled(*call, *words(*SMALL)).error()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    again = unrolled(*call, *words(*SMALL, "rnn --max-epochs 1 --hidden-size 3"), "--resume")
    assert "6 of 8 trainings are kept" in again.err
    assert next(line for line in again.err.splitlines() if line.startswith("[")).startswith("[1/2] rnn")
    assert len(told(folder).models) == 4
    anew = unrolled(*call, *words("logistic"), "--force")
    assert "[2/2] logistic, seed 1" in anew.err
    assert sorted(path.name for path in (folder / "models").iterdir()) == ["logistic.seed-0", "logistic.seed-1"]


def test_a_model_that_fails_is_named_and_the_others_are_compared(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path
) -> None:
    hopeless = "ngrams --ngram-range 30,30"
    found = unrolled("compare", train_csv, "-o", tmp_path / "c", "--seeds", 1, *words("logistic", hopeless))
    assert found.code == 0, found.err
    states = {model.name: (model.state, model.reason) for model in told(tmp_path / "c").models}
    assert states["logistic"][0] == "finished"
    assert states[hopeless][0] == "failed"
    assert "Choose shorter n-grams." in states[hopeless][1]
    assert "Choose shorter n-grams." in found.out


def test_where_all_fail_the_reasons_are_told(unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path) -> None:
    found = unrolled("compare", train_csv, "-o", tmp_path / "c", *words("ngrams --ngram-range 30,30"))
    assert "Choose shorter n-grams" in found.error()


def test_folds_judge_every_text(unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path) -> None:
    found = unrolled("compare", train_csv, "-o", tmp_path / "c", "--folds", 3, "--seeds", 1, *words(*SMALL[::2]))
    assert found.code == 0, found.err
    compared = told(tmp_path / "c")
    assert (compared.train_rows, compared.test_rows) == (60, 60)
    assert "3 folds" in compared.test
    assert any("other 2 of 3 folds" in note for note in compared.notes)
    assert any("one seed" in note for note in compared.notes)


@pytest.mark.torture
def test_the_clock_ends_trainings_and_marks_them_unfinished_never_worse(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path
) -> None:
    endless = "lstm --max-epochs 1000000 --patience 1000000 --hidden-size 4"
    call = ("compare", train_csv, "-o", tmp_path / "c", "--seeds", 1, *words("logistic", endless))
    assert unrolled(*call, "--budget", "12s").code == 0
    compared = told(tmp_path / "c")
    states = {model.name: model for model in compared.models}
    assert states[endless].state == "unfinished"
    assert states[endless].difference is None
    assert not states[endless].mcnemar
    assert compared.selected == "logistic"
    assert compared.recommendation
    assert compared.recommendation.model == "logistic"


@pytest.mark.torture
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_ended_before_a_signal_is_kept_for_resume(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "c"
    endless = "lstm --max-epochs 1000000 --patience 1000000 --hidden-size 4"
    call = ["compare", str(train_csv), "-o", str(folder), "--seeds", "1"]
    models = words("logistic", endless)
    with subprocess.Popen([sys.executable, "-m", "unrolled", *call, *models], stderr=subprocess.PIPE, text=True) as run:
        while not (folder / "runs").is_dir() or not list((folder / "runs").glob("*.json")):
            time.sleep(0.05)
        time.sleep(1.0)
        run.send_signal(number)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 128 + number, err
    assert "Traceback" not in err
    assert "are kept" in err
    again = unrolled(*call, "--resume", *words("logistic"))
    assert again.code == 0, again.err
    assert "1 of 1 trainings are kept" in again.err


@pytest.mark.torture
def test_a_signal_before_any_training_has_ended_leaves_nothing_and_says_so(train_csv: Path, tmp_path: Path) -> None:
    folder, endless = tmp_path / "c", "lstm --max-epochs 1000000 --patience 1000000 --hidden-size 4"
    call = [sys.executable, "-m", "unrolled", "compare", str(train_csv), "-o", str(folder), *words(endless)]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as run:
        while not folder.is_dir():
            time.sleep(0.05)
        time.sleep(4.0)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "nothing is saved" in err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("more", "part"),
    [
        (["--model", "lsmt"], "Did you mean 'lstm'?"),
        (["--model", "cnn --budget 3"], "no option of a model"),
        (["--test", "DATA", "--folds", "3"], "--test and --folds"),
        (["--margin", "-1"], "at least 0"),
        (["--seeds", "0"], "at least 1"),
        (["--budget", "soon"], "a time such as 30s"),
    ],
    ids=str,
)
def test_wrong_usage_is_told_before_anything_is_read_or_made(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, more: list[str], part: str
) -> None:
    given = [str(train_csv) if word == "DATA" else word for word in more]
    assert part in unrolled("compare", train_csv, "-o", tmp_path / "c", *given).error(2)
    assert list(tmp_path.iterdir()) == []
