"""A trained folder and labelled texts → scores equal to scikit-learn's on what `predict` answers, in a fixed form."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss, precision_recall_fscore_support

from tests.each import each

SCORES = ["accuracy", "macro_f1", "weighted_f1", "log_loss", "calibration_error"]
KEYS = ["rows", *SCORES, "coverage", "per_class", "confusion"]


@pytest.fixture
def judged(unrolled: Callable[..., Any], model: Path) -> Callable[..., Any]:
    """How to evaluate the trained model: the one JSON object that is printed."""

    def evaluated(*words: object, **more: Any) -> Any:
        (found,) = unrolled("evaluate", model, *words, "--json", **more).answers
        return found

    return evaluated


@pytest.fixture
def rows(reviews: Callable[..., Any]) -> list[dict[str, str]]:
    """Texts of which many have a label that the model can't guess, three of them one that it doesn't know."""
    made: list[dict[str, str]] = reviews(60, seed=8)
    for number, row in enumerate(made):
        row["label"] = made[number * 7 % 60]["label"] if number % 3 == 0 else row["label"]
    for row in made[-3:]:
        row["label"] = "strange"
    return made


@pytest.fixture
def data(rows: list[dict[str, str]], write: Callable[..., Path], tmp_path: Path) -> Path:
    """The same as a file."""
    return write(tmp_path / "texts.csv", rows)


def test_the_object_has_exactly_the_promised_keys(judged: Callable[..., Any], data: Path) -> None:
    found = judged(data)
    assert list(found) == [*KEYS, "unseen_labels", "trained_on"]
    for score in ("accuracy", "macro_f1", "weighted_f1"):
        assert list(found[score]) == ["value", "low", "high"]
        assert 0 <= found[score]["low"] <= found[score]["value"] <= found[score]["high"] <= 1
        assert found[score]["low"] < found[score]["high"]
    assert list(found["confusion"]) == ["labels", "matrix"]
    assert list(found["per_class"]) == found["confusion"]["labels"]
    assert all(list(scores) == ["precision", "recall", "f1", "support"] for scores in found["per_class"].values())


def test_the_scores_are_scikit_learn_s_on_the_answers_of_predict(
    judged: Callable[..., Any], unrolled: Callable[..., Any], model: Path, data: Path, rows: list[dict[str, str]]
) -> None:
    answers = unrolled("predict", model, data, "--all-probabilities").answers
    true, told = [row["label"] for row in rows], [answer["label"] for answer in answers]
    labels, found = sorted({*true, *told}), judged(data)
    assert found["rows"] == 60
    assert found["accuracy"]["value"] == pytest.approx(accuracy_score(true, told))
    assert found["accuracy"]["value"] < 1
    for average in ("macro", "weighted"):
        expected = f1_score(true, told, average=average, zero_division=0)
        assert found[f"{average}_f1"]["value"] == pytest.approx(expected)
    assert found["confusion"] == {"labels": labels, "matrix": confusion_matrix(true, told, labels=labels).tolist()}
    columns = np.transpose(precision_recall_fscore_support(true, told, labels=labels, zero_division=0))
    for label, scores in zip(labels, columns, strict=True):
        assert list(found["per_class"][label].values()) == pytest.approx(scores.tolist())
    known = [number for number, label in enumerate(true) if label != "strange"]
    probabilities = np.array([list(answers[number]["probabilities"].values()) for number in known])
    classes = list(answers[0]["probabilities"])
    expected = log_loss([true[number] for number in known], probabilities, labels=classes)
    assert found["log_loss"] == pytest.approx(expected, rel=1e-5)


def test_labels_that_the_model_doesn_t_know_are_counted_as_wrong(
    judged: Callable[..., Any], unrolled: Callable[..., Any], model: Path, data: Path
) -> None:
    found = judged(data)
    assert found["unseen_labels"] == {"strange": 3}
    assert found["per_class"]["strange"] == {"precision": 0, "recall": 0, "f1": 0, "support": 3}
    assert "strange (3 rows)" in unrolled("evaluate", model, data).out


def test_the_table_tells_the_numbers_of_the_object(
    judged: Callable[..., Any], unrolled: Callable[..., Any], model: Path, data: Path
) -> None:
    found, done = judged(data), unrolled("evaluate", model, data)
    assert done.code == 0
    for name, key in (("accuracy", "accuracy"), ("macro F1", "macro_f1"), ("weighted F1", "weighted_f1")):
        told = re.search(rf"^{name} +([\d.]+) % +\[([\d.]+), ([\d.]+)\]$", done.out, re.MULTILINE)
        assert told, done.out
        assert [float(number) for number in told.groups()] == pytest.approx(
            [100 * found[key][part] for part in ("value", "low", "high")], abs=0.051
        )


def test_results_are_printed_and_what_was_read_is_said(unrolled: Callable[..., Any], model: Path, data: Path) -> None:
    done = unrolled("evaluate", model, data, "--json")
    assert len(done.out.splitlines()) == 1
    assert "60 rows, 60 used, 4 labels" in done.err
    assert "60 rows" not in done.out


@pytest.mark.parametrize("name", ["t.tsv", "t.jsonl", "folder"])
def test_the_format_changes_no_score(
    judged: Callable[..., Any], data: Path, rows: list[dict[str, str]], write: Any, tmp_path: Path, name: str
) -> None:
    """A folder's rows come in another order, which moves nothing but the last bits."""
    found, expected = judged(write(tmp_path / name, rows)), judged(data)
    assert found["confusion"] == expected["confusion"]
    assert found["accuracy"] == expected["accuracy"]
    assert found["log_loss"] == pytest.approx(expected["log_loss"], rel=1e-6)


def test_columns_go_by_name_and_standard_input_is_a_file(judged: Callable[..., Any], data: Path) -> None:
    other = data.read_bytes().replace(b"id,text,label", b"label,body,stars", 1)
    words = ("--format", "csv", "--text-column", "body", "--label-column", "stars")
    assert judged("-", *words, stdin=other) == judged(data)


def test_bad_rows_are_left_out_only_when_asked_for(
    judged: Callable[..., Any], unrolled: Callable[..., Any], model: Path, data: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.csv"
    damaged.write_bytes(data.read_bytes() + b"only one field\r\n")
    assert "row 61 (line 62): expected 3 fields, got 1" in unrolled("evaluate", model, damaged, "--json").error()
    assert judged(damaged, "--skip-bad-rows") == judged(data)
    assert "skipped " in unrolled("evaluate", model, damaged, "--skip-bad-rows").err


def test_one_row_and_one_label_are_enough(judged: Callable[..., Any]) -> None:
    found = judged("-", "--format", "csv", stdin=b"text,label\nfine lovely moving,good\n")
    assert found["accuracy"] == {"value": 1, "low": 1, "high": 1}
    assert found["confusion"] == {"labels": ["good"], "matrix": [[1]]}


@each(
    ("words", "code", "part"),
    [
        (["nowhere.csv"], 1, "nowhere.csv"),
        (["DATA", "--label-column", "lable"], 1, "Did you mean 'label'?"),
        (["DATA", "--text-column", "txet"], 1, "Did you mean 'text'?"),
        (["DATA", "--format", "parkay"], 2, "'parkay'"),
        (["-"], 1, "plain text"),
        (["-", "--format", "csv"], 1, "the file is empty"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    unrolled: Callable[..., Any], model: Path, data: Path, words: list[str], code: int, part: str
) -> None:
    given = [str(data) if word == "DATA" else word for word in words]
    assert part in unrolled("evaluate", model, *given, "--json").error(code)


def test_a_column_that_holds_no_labels_is_told(unrolled: Callable[..., Any], model: Path) -> None:
    lines = "".join(f"fine,review {number}\n" for number in range(1001))
    done = unrolled("evaluate", model, "-", "--format", "csv", stdin=f"text,label\n{lines}".encode())
    assert "--label-column" in done.error()


def test_the_same_bytes_each_time(unrolled: Callable[..., Any], model: Path, data: Path) -> None:
    """The bootstrap's seed is fixed."""
    assert len({unrolled("evaluate", model, data, "--json").out for _ in range(2)}) == 1


def test_the_coverage_is_that_of_the_answers_of_predict(
    judged: Callable[..., Any], unrolled: Callable[..., Any], model: Path, data: Path, rows: list[dict[str, str]]
) -> None:
    found = judged(data)["coverage"]
    assert len(found) > 2
    for one in found:
        assert list(one) == ["min_probability", "rows", "coverage", "accuracy"]
        answers = unrolled("predict", model, data, "--min-probability", one["min_probability"]).answers
        told = [(answer["label"], row["label"]) for answer, row in zip(answers, rows, strict=True) if answer["label"]]
        assert (one["rows"], one["coverage"]) == (len(told), pytest.approx(len(told) / 60))
        if told:
            right = sum(predicted == true for predicted, true in told) / len(told)
            assert one["accuracy"]["low"] <= one["accuracy"]["value"] <= one["accuracy"]["high"]
            assert one["accuracy"]["value"] == pytest.approx(right)
        else:
            assert one["accuracy"] is None
