"""Accuracy by length: the caption and the table say what the data say."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.many_compared import compared, interval, unfinished
from unrolled.comparison.result import ComparisonResult, OfLength
from unrolled.reports.comparison_lengths import lengths_figure


def groups(*levels: float) -> list[OfLength]:
    return [OfLength(10 * n + 1, 10 * n + 10, 100 + n, interval(level, 0.05)) for n, level in enumerate(levels)]


def three() -> ComparisonResult:
    found = compared(3)  # ngrams is selected of three
    levels = {"logistic": (0.7, 0.75, 0.72), "average": (0.8, 0.7, 0.7), "ngrams": (0.8, 0.81, 0.9)}
    return replace(found, models=[replace(m, by_length=groups(*levels[m.name])) for m in found.models])


def test_the_caption_tells_the_shortest_and_the_longest_texts() -> None:
    figure = lengths_figure(three())
    assert figure
    assert figure.findings[0] == (
        "ngrams is right on 80.0 % of the shortest test texts (1 to 10 words, 100 of them) "
        "and on 90.0 % of the longest (21 to 30 words, 102 of them)."
    )
    assert "average changes by −10.0 points, ngrams by +10.0" in figure.findings[1]
    assert figure.table.rows[1] == [
        "11 to 20", "101", "81.0 [76.0, 86.0]", "70.0 [65.0, 75.0]", "75.0 [70.0, 80.0]",
    ]  # fmt: skip


def test_who_change_alike_are_named_together() -> None:
    found = three()
    levels = {"logistic": (0.7, 0.8), "average": (0.8, 0.9), "ngrams": (0.9, 0.91)}
    some = replace(found, models=[replace(m, by_length=groups(*levels[m.name])) for m in found.models])
    figure, alike = lengths_figure(some), lengths_figure(replace(some, models=some.models[:2]))
    assert figure
    assert alike
    assert figure.findings[1] == (
        "From the shortest to the longest texts ngrams changes by +1.0 points, average and logistic by +10.0: "
        "the least and the most favourable change of the finished models."
    )
    assert alike.findings[1] == "From the shortest to the longest texts average and logistic change by +10.0 points."


def test_the_selected_one_is_in_every_panel_and_said_to_be() -> None:
    figure = lengths_figure(three())
    assert figure
    assert figure.drawing.body.count("grey dashed line") == 2
    assert "The grey dashed line is ngrams." in figure.findings


def test_an_unfinished_model_is_drawn_and_not_compared() -> None:
    figure = lengths_figure(unfinished(three(), "average"))
    assert figure
    assert not [finding for finding in figure.findings if "average" in finding]
    assert 'class="paper edge' in figure.drawing.body


def test_a_single_length_is_drawn_and_nothing_compared() -> None:
    found = three()
    figure = lengths_figure(replace(found, models=[replace(m, by_length=groups(0.8)) for m in found.models]))
    assert figure
    assert figure.findings[0] == "No finished model has texts of different lengths to compare."
    assert lengths_figure(replace(found, models=[replace(m, by_length=()) for m in found.models])) is None
