"""Precision against coverage: the caption and the table say what the data say."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.reports.many_compared import compared, interval, unfinished
from unrolled.comparison.result import ComparisonResult, Coverage
from unrolled.evaluation.coverage import curve as measure
from unrolled.reports.comparison_coverage import coverage_figure


def curve(*levels: float) -> list[Coverage]:
    return [Coverage(0.9 - 0.1 * n, 20 * n, n / len(levels), interval(x, 0.05)) for n, x in enumerate(levels, start=1)]


LEVELS = {
    "logistic": (0.99, 0.9, 0.85, 0.8, 0.7),
    "average": (0.9, 0.9, 0.9, 0.9, 0.8),
    "ngrams": (1.0, 0.99, 0.98, 0.7, 0.7),
}


def three() -> ComparisonResult:
    found = compared(3)  # ngrams is selected of three
    return replace(found, models=[replace(m, coverage=curve(*LEVELS[m.name])) for m in found.models])


def test_the_caption_names_who_is_right_most_often_on_the_surest_texts() -> None:
    figure = coverage_figure(three())
    assert figure
    assert (
        figure.findings[0]
        == "ngrams is right on 98.4 % of the surest 50 % of the test texts, the most of 3 finished models."
    )
    assert (
        figure.findings[1]
        == "average is right on 90.0 % of the surest 80 % of the test texts, the most of 3 finished models."
    )
    assert "The grey dashed line is ngrams." in figure.findings
    shares = {row[0]: row[1:] for row in figure.table.rows}
    assert sorted(shares["100 %"]) == ["70.0", "70.0", "80.0"]
    assert sorted(shares["60 %"]) == ["85.0", "90.0", "98.0"]


def test_of_texts_that_are_equally_sure_each_is_taken_to_be_right_as_often() -> None:
    found = compared(1)
    tied = [Coverage(0.9, 40, 0.4, interval(0.9, 0.05)), Coverage(0.5, 100, 1.0, interval(0.6, 0.05))]
    figure = coverage_figure(replace(found, models=[replace(m, coverage=tied) for m in found.models]))
    assert figure
    assert figure.findings[0].endswith(
        "is right on 80.0 % of the surest 50 % of the test texts."
    )  # 36 of 40, and 4 of the next 10
    assert [row[1] for row in figure.table.rows] == ["90.0", "90.0", "73.3", "65.0", "60.0"]


@pytest.mark.parametrize("texts", [20, 500, 1821, 7])
def test_the_surest_half_is_that_of_the_answers_themselves(texts: int) -> None:
    generator = np.random.default_rng(texts)
    sure = generator.permutation(texts) / texts
    right = generator.random(texts) < sure  # the surer, the better
    model = replace(compared(1).models[0], coverage=measure(sure, right, 20))
    figure = coverage_figure(replace(compared(1), models=[model]))
    assert figure
    half = right[np.argsort(-sure)[: texts // 2]].mean()
    assert abs(float(figure.table.rows[-1][1]) - 100 * right.mean()) <= 0.05
    said = float(re.findall(r"right on ([0-9.]+) % of the surest 50", figure.findings[0])[0])
    assert abs(said - 100 * half) <= 0.05 + 200 / texts


def test_who_are_right_alike_are_named_together() -> None:
    found = three()
    alike = [replace(m, coverage=found.models[0].coverage) if m.name == "average" else m for m in found.models]
    figure, both = (coverage_figure(replace(found, models=models)) for models in (alike, alike[:2]))
    assert figure
    assert both
    first = "average and logistic are right on 80.0 % of the surest 80 % of the test texts"
    assert figure.findings[1] == f"{first}, the most of 3 finished models."
    assert both.findings[1] == "average and logistic are right on 80.0 % of the surest 80 % of the test texts."


def test_an_unfinished_model_is_drawn_and_not_compared() -> None:
    figure = coverage_figure(unfinished(three(), "average"))
    assert figure
    assert (
        figure.findings[1]
        == "logistic is right on 80.0 % of the surest 80 % of the test texts, the most of 2 finished models."
    )
    assert "average, % right" in figure.table.heading


def test_what_was_not_measured_has_no_figure_and_no_number() -> None:
    found = three()
    assert coverage_figure(replace(found, models=[replace(m, coverage=()) for m in found.models])) is None
    empty = [Coverage(1.0, 0, 0.0, None)]
    assert coverage_figure(replace(found, models=[replace(m, coverage=empty) for m in found.models])) is None
    short = [replace(m, coverage=curve(*LEVELS[m.name])[:2]) for m in found.models]
    figure = coverage_figure(replace(found, models=short))
    assert figure
    assert figure.table.rows[-1] == ["100 %", "–", "–", "–"]
