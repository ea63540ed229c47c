"""`train --target-precision`, then `predict` and `evaluate` → a promise told, stored, and kept in the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.terminal.promises import say_promise

KEPT = {
    "target_precision": 0.95,
    "temperature": 1.4,
    "threshold": 0.83123456,
    "sure": 0.95,
    "texts": 1000,
    "answered": 713,
    "right": 690,
    "calibration_error_before": 0.0614,
    "calibration_error": 0.0189,
    "possible_precision": None,
    "texts_needed": None,
}
BROKEN = {**KEPT, "threshold": None, "answered": 0, "right": 0}


def said(capsys: pytest.CaptureFixture[str], **told: Any) -> str:
    say_promise({**KEPT, **told})
    return capsys.readouterr().err


def test_what_was_chosen_is_said_in_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys) == (
        "Answers 71.3 % of 1,000 held-out texts (probability 0.8312 or more); at least 95 % of these right "
        "(Clopper-Pearson, 95 % sure).\n"
        "Temperature 1.4: calibration error 6.1 % -> 1.9 %, on these texts.\n"
    )


@pytest.mark.parametrize(
    ("possible", "needed", "parts"),
    [
        (0.9, 2345, ["About 2,400 might be enough", "--validation-fraction", "--target-precision 0.9 would have"]),
        (0.9, 800, ["About as many again might be enough", "--dev FILE"]),
        (None, None, ["No number of texts seems to be enough; a better model might."]),
    ],
)
def test_that_nothing_was_chosen_is_said_with_every_way_out(
    capsys: pytest.CaptureFixture[str], possible: float | None, needed: int | None, parts: list[str]
) -> None:
    told = said(capsys, **{**BROKEN, "possible_precision": possible, "texts_needed": needed})
    assert told.startswith("No threshold keeps 95 % right (Clopper-Pearson, 95 % sure) on the 1,000 texts held out")
    assert "predict answers null unless it has --min-probability" in told
    assert all(part in told for part in parts)


@pytest.fixture(scope="module")
def data(
    tmp_path_factory: pytest.TempPathFactory, write: Callable[..., Path], reviews: Callable[..., Any]
) -> tuple[Path, Path]:
    """Texts to train on and others to judge by."""
    folder = tmp_path_factory.mktemp("promises")
    return write(folder / "train.csv", reviews(600)), write(folder / "test.csv", reviews(240, seed=1))


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> Callable[[str], tuple[Any, Path]]:
    """How to train to a target precision: what was said, and the folder."""
    made: dict[str, tuple[Any, Path]] = {}

    def of(target: str) -> tuple[Any, Path]:
        if target not in made:
            folder = tmp_path_factory.mktemp("models") / "model"
            words = ["--encoder", "logistic", "--validation-fraction", "0.3", "--target-precision", target]
            made[target] = unrolled("train", data[0], "--test", data[1], "-o", folder, *words), folder
            assert made[target][0].code == 0, made[target][0].err
        return made[target]

    return of


def test_predict_answers_from_the_threshold_on_and_the_answers_are_as_right_as_promised(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    done, folder = trained("0.97")
    own = json.loads((folder / "config.json").read_text())["abstention"]
    told = unrolled("predict", folder, data[1])
    assert [one["label"] is not None for one in told.answers] == [
        one["probability"] >= own["threshold"] for one in told.answers
    ]
    labels = [line.rsplit(",", 1)[1] for line in data[1].read_text().splitlines()[1:]]
    answered = [(one["label"], true) for one, true in zip(told.answers, labels, strict=True) if one["label"]]
    assert 0 < len(answered) < 240
    assert sum(label == true for label, true in answered) / len(answered) >= 0.97  # this very run is always the same
    assert f"{240 - len(answered)} rows of 240 left without a label: no probability reaches" in told.err
    assert "chosen so that 97 % of the answers are right" in told.err
    assert re.search(r"^Answers \d+\.\d % of \d+ held-out texts .* at least 97 % of these right", done.err, re.M)
    assert re.search(rf"^{own['threshold']:g} \* +{len(answered)} ", done.out, re.M)
    assert "before the temperature" in done.out


def test_an_explicit_least_probability_overrides_the_model_s_own_and_0_answers_all(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    for target in ("0.97", "0.9999"):
        _, folder = trained(target)
        every = unrolled("predict", folder, data[1], "--min-probability", "0").answers
        assert all(one["label"] for one in every)
        some = unrolled("predict", folder, data[1], "--min-probability", "0.9")
        assert [one["label"] is not None for one in some.answers] == [one["probability"] >= 0.9 for one in some.answers]
        assert "no probability reaches 0.9\n" in some.err


def test_a_promise_that_nothing_keeps_is_said_by_every_command(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    done, folder = trained("0.9999")
    assert "No threshold keeps 99.99 % right" in done.err
    told = unrolled("predict", folder, data[1])
    assert {one["label"] for one in told.answers} == {None}
    assert "no threshold kept the promise of 99.99 % right; --min-probability 0 answers all" in told.err
    assert "No threshold kept the promise of 99.99 % right" in unrolled("evaluate", folder, data[1]).out


def test_evaluate_says_in_json_what_was_promised(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    _, folder = trained("0.97")
    (found,) = unrolled("evaluate", folder, data[1], "--json").answers
    own = json.loads((folder / "config.json").read_text())["abstention"]
    before = found["abstention"].pop("calibration_error_before")
    assert found["abstention"] == own
    assert 0 < before < 1
    assert before != found["calibration_error"]
    assert own["threshold"] in [one["min_probability"] for one in found["coverage"]]


def test_a_cut_off_prediction_remembers_its_least_probability(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path], tmp_path: Path
) -> None:
    _, folder = trained("0.9999")
    out = tmp_path / "answers.jsonl"
    assert unrolled("predict", folder, data[1], "-o", out).code == 0
    assert out.read_text() == unrolled("predict", folder, data[1]).out


@pytest.mark.parametrize("value", ["0", "1", "95", "nan", "x"])
def test_a_target_that_is_no_share_is_refused(
    unrolled: Callable[..., Any], data: tuple[Path, Path], tmp_path: Path, value: str
) -> None:
    done = unrolled("train", data[0], "-o", tmp_path / "model", "--target-precision", value)
    assert "'--target-precision': expected a number above 0 and below 1" in done.error(2)
