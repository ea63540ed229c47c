"""`train --target-precision`, then `predict` and `evaluate` → a threshold reported, stored, and obeyed by answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.calibration.no_evidence import REASONS, STEPS, NoEvidence
from unrolled.cli.abstention_messages import report_abstention

REACHED = {
    "target_precision": 0.95,
    "threshold": 0.83123456,
    "confidence": 0.95,
    "texts": 1000,
    "answered": 713,
    "right": 690,
    "possible_precision": None,
    "texts_needed": None,
}
MISSED = {**REACHED, "threshold": None, "answered": 0, "right": 0}


def said(capsys: pytest.CaptureFixture[str], target: Any, *evidence: Any) -> str:
    errors = {"calibration_error_before": 0.0614, "calibration_error": 0.0189}
    report_abstention(
        {"target_precision": target, "temperature": 1.4, "texts": 1000, "evidence": list(evidence), **errors}
    )
    return capsys.readouterr().err


def test_the_threshold_and_the_calibration_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    threshold, calibration = said(capsys, 0.95, REACHED).splitlines()
    for part in ("71.3 % of 1,000 held-out texts", "probability 0.8312 or higher", "95 % confidence at least 95 %"):
        assert part in threshold
    for part in ("Temperature 1.4", "6.1 % -> 1.9 %", "1,000 texts"):
        assert part in calibration


def test_each_label_that_has_a_target_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = {**REACHED, "target_precision": 0.9, "confidence": 0.975}, {**MISSED, "target_precision": 0.8}
    spam, ham, _ = said(capsys, {"spam": 0.9, "ham": 0.8}, one, other).splitlines()
    assert spam.startswith("spam: answers 71.3 %")
    assert "97.5 % confidence at least 90 %" in spam
    assert ham.startswith("ham: no threshold reaches a precision of 80 %")
    few = {**MISSED, "texts": 3, "possible_precision": None, "texts_needed": None}
    assert "too few to say" in said(capsys, 0.95, few)


@pytest.mark.parametrize(
    ("possible", "needed", "parts"),
    [
        (0.9, 2345, ["About 2,400 might be enough", "A target of 0.9 would be reached"]),
        (0.9, 800, ["Twice as many might be enough"]),
        (None, None, ["More texts alone would not help; a better model might."]),
    ],
)
def test_that_no_threshold_was_found_is_reported_with_every_way_out(
    capsys: pytest.CaptureFixture[str], possible: float | None, needed: int | None, parts: list[str]
) -> None:
    message = said(capsys, 0.95, {**MISSED, "possible_precision": possible, "texts_needed": needed})
    assert message.startswith("No threshold reaches a precision of 95 % on 1,000 held-out texts with 95 % confidence")
    assert "predict answers null unless --min-probability is given" in message
    assert all(part in message for part in parts)


@pytest.mark.parametrize("reason", REASONS)
def test_why_nothing_is_claimed_is_reported_with_a_next_step(
    capsys: pytest.CaptureFixture[str], reason: NoEvidence
) -> None:
    report_abstention({"unproved": reason})
    message = capsys.readouterr().err
    assert message.startswith("No precision is claimed")
    assert "--min-probability" in message
    assert STEPS[reason] in message


@pytest.fixture(scope="module")
def data(
    tmp_path_factory: pytest.TempPathFactory, write: Callable[..., Path], reviews: Callable[..., Any]
) -> tuple[Path, Path]:
    """Texts to train on and others to judge by."""
    folder = tmp_path_factory.mktemp("data")
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


def test_predict_answers_from_the_threshold_on_and_the_answers_reach_the_target(
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
    assert "the threshold for a precision of 97 %" in told.err
    assert re.search(r"^Answers \d+\.\d % of \d+ held-out texts .* at least 97 % of such answers", done.err, re.M)
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


def test_a_target_that_no_threshold_reaches_is_reported_by_every_command(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    done, folder = trained("0.9999")
    assert "No threshold reaches a precision of 99.99 %" in done.err
    told = unrolled("predict", folder, data[1])
    assert {one["label"] for one in told.answers} == {None}
    assert "no threshold reached a precision of 99.99 %; --min-probability 0 answers all" in told.err
    assert "No threshold reached the target precision of 99.99 %" in unrolled("evaluate", folder, data[1]).out


def test_evaluate_has_the_thresholds_in_json(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    _, folder = trained("0.97")
    (found,) = unrolled("evaluate", folder, data[1], "--json").answers
    own = json.loads((folder / "config.json").read_text())["abstention"]
    before = found["abstention"].pop("calibration_error_before")
    answers, by_label = (found["abstention"].pop(name) for name in ("answers", "by_label"))
    assert found["abstention"] == own
    assert by_label == {}
    assert answers["rows"] == next(o["rows"] for o in found["coverage"] if o["min_probability"] == own["threshold"])
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


def test_a_target_for_each_of_some_labels_is_obeyed_and_reported(
    trained: Callable[[str], tuple[Any, Path]], unrolled: Callable[..., Any], data: tuple[Path, Path]
) -> None:
    done, folder = trained("good=0.9,bad=0.99")
    own = json.loads((folder / "config.json").read_text())["abstention"]
    assert own["target_precision"] == {"good": 0.9, "bad": 0.99}
    assert own["threshold"] == {"good": 0, "bad": None}
    assert re.search(r"^good: answers .* at least 90 % of such answers", done.err, re.M)
    assert re.search(r"^bad: no threshold reaches a precision of 99 %", done.err, re.M)
    every = unrolled("predict", folder, data[1], "--min-probability", "0").answers
    expected = [None if one["label"] == "bad" else one["label"] for one in every]
    found = unrolled("predict", folder, data[1])
    assert [one["label"] for one in found.answers] == expected
    assert None in expected
    assert "no threshold reached it for bad" in found.err
    table = unrolled("evaluate", folder, data[1]).out
    assert re.search(r"^bad +99 % +none reached it ", table, re.M)
    assert "Did you mean 'good'" in unrolled(
        "train", data[0], "-o", folder.parent / "other", "--encoder", "logistic", "--target-precision", "goood=0.9"
    ).error(2)
