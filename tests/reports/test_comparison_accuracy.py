"""Captions of accuracy and of the distance from the best: the numbers are those of the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.reports.many_compared import compared, failed, interval, unfinished
from unrolled.comparison.result import ComparisonResult, Recommendation
from unrolled.evaluation.bootstrap import Interval
from unrolled.reports.comparison_accuracy import accuracy_figure, difference_figure, mcnemar_figure
from unrolled.reports.page import Figure


def said(found: ComparisonResult) -> list[str]:
    figure = accuracy_figure(found)
    assert figure
    return list(figure.findings)


def test_the_caption_says_who_wins_and_how_the_recommended_compares() -> None:
    found = compared(5)  # cnn 81.2 % and 0.31 ms, ngrams 0.041 ms and surely above −0.8 points
    assert said(found)[0] == (
        "cnn has the highest test accuracy, 81.2 %, but ngrams, 7.6 times as fast, loses surely no more than 1 point."
    )


def test_it_says_so_if_another_than_the_selected_model_has_the_highest_test_accuracy() -> None:
    assert said(compared(6))[0].startswith(
        "cnn --embeddings both has the highest test accuracy, 81.3 %; cnn, which was selected on validation, has 81.2 %"
    )


def test_who_are_the_most_accurate_alike_are_named_together() -> None:
    found = compared(6)
    cnn, both = found.models[4:]
    tied = replace(found, models=[*found.models[:5], replace(both, accuracy=cnn.accuracy)])
    assert said(tied)[0].startswith("cnn and cnn --embeddings both have the highest test accuracy, 81.2 %, but ngrams")
    assert said(replace(tied, selected="ngrams", recommendation=None))[0] == (
        "cnn and cnn --embeddings both have the highest test accuracy, 81.2 %; "
        "ngrams, which was selected on validation, has 80.3 %."
    )


def test_surely_is_said_only_of_what_is_sure() -> None:
    found = compared(5)
    models = [replace(m, surely_above=-0.02) if m.name == "ngrams" else m for m in found.models]
    assert said(replace(found, models=models))[0] == (
        "cnn has the highest test accuracy, 81.2 %; ngrams, 7.6 times as fast, reaches 80.3 %."
    )


def test_without_a_speed_or_with_a_slower_one_none_is_claimed() -> None:
    found = compared(5)
    for time in (None, 0.31, 0.5):
        models = [replace(m, milliseconds_alone=time) if m.name == "ngrams" else m for m in found.models]
        assert said(replace(found, models=models))[0] == (
            "cnn has the highest test accuracy, 81.2 %, but ngrams loses surely no more than 1 point."
        )


def test_a_selected_model_that_is_recommended_is_named_once() -> None:
    assert said(replace(compared(5), recommendation=Recommendation("cnn", "x")))[0] == (
        "cnn has the highest test accuracy, 81.2 %."
    )


def test_the_unfinished_and_the_failed_are_named_apart() -> None:
    found = failed(unfinished(compared(5), "logistic"), "average")
    assert "Unfinished, so that nothing is said against them: logistic." in said(found)
    assert "Failed: average." in said(found)


def test_the_only_finished_model_beats_nobody() -> None:
    assert (
        said(unfinished(compared(2), "average"))[0]
        == "logistic is the only finished model: its test accuracy is 77.4 %."
    )


def test_if_nothing_was_finished_nobody_wins() -> None:
    found = unfinished(compared(2), "logistic", "average")
    assert said(found)[0] == "No model was finished; the clock stopped average and logistic."


def test_if_the_selected_model_has_no_test_accuracy_another_is_named() -> None:
    assert said(failed(compared(5), "cnn"))[0] == "ngrams has the highest test accuracy, 80.3 %."


def test_an_unfinished_model_is_never_the_one_that_reaches_most() -> None:
    assert "channels" not in said(unfinished(compared(6), "cnn --embeddings both"))[0]


def test_an_unfinished_model_that_is_already_better_is_not_passed_over() -> None:
    found = unfinished(compared(6), "cnn --embeddings both")
    assert said(found)[0] == (
        "Of the finished models cnn has the highest test accuracy, 81.2 %, "
        "but ngrams, 7.6 times as fast, loses surely no more than 1 point."
    )
    assert "Unfinished, and higher as they stand: cnn --embeddings both (81.3 %)." in said(found)
    assert not [line for line in said(unfinished(compared(6), "logistic")) if "as they stand" in line]


def test_a_model_that_is_surely_no_worse_is_called_that() -> None:
    found = compared(5)
    models = [replace(m, surely_above=0.007) if m.name == "ngrams" else m for m in found.models]
    assert said(replace(found, models=models))[0].endswith(", but ngrams, 7.6 times as fast, is surely no worse.")


def test_without_a_measurement_there_is_no_figure() -> None:
    found = failed(compared(2), "logistic", "average")
    for figure in (accuracy_figure, difference_figure, mcnemar_figure):
        assert figure(found) is None


def test_the_distance_sorts_the_finished_by_what_is_sure() -> None:
    found = unfinished(compared(9), "rnn")
    figure = difference_figure(found)
    assert figure
    # surely above −1: ngrams; whole interval below −1: logistic −3.8 and feed_forward −4.2, ±1.5
    assert figure.findings[0] == (
        "Against cnn: ngrams loses surely no more than 1 point; cnn --embeddings both, "
        "cnn --widths 3,4,5,6 --feature-maps 300 --dropout 0.5, average and gru may or may not lose more than 1 point: "
        "too few texts or seeds to tell; logistic and feed_forward lose more than 1 point, by their own 95 % intervals."
    )
    rows = {row[0]: row[1:] for row in figure.table.rows}
    assert rows["ngrams"] == ["−0.3 [−0.7, +0.1]", "−0.8", ""]
    assert rows["rnn"][-1] == "unfinished"
    assert "cnn" not in rows


def distance(*differences: tuple[float, float], margin: float = 0.01) -> Figure:
    """Draw models surely above the first, and at most the second, behind the best."""
    found = compared(5)
    others = [m for m in found.models if m.difference][: len(differences)]
    models = [
        replace(m, surely_above=low - 0.01, difference=Interval((low + high) / 2, low, high))
        for m, (low, high) in zip(others, differences, strict=True)
    ]
    best = [m for m in found.models if not m.difference]
    figure = difference_figure(replace(found, models=[*best, *models], margin=margin))
    assert figure
    return figure


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([(-0.03, 0.01)], "logistic may or may not lose more than 1 point: too few texts or seeds to tell."),
        ([(-0.04, -0.03)], "logistic loses more than 1 point, by its own 95 % interval."),
        (
            [(-0.03, 0.01), (-0.04, -0.03)],
            "logistic may or may not lose more than 1 point: too few texts or seeds to tell; "
            "average loses more than 1 point, by its own 95 % interval.",
        ),
        (
            [(0.01, 0.02), (-0.04, -0.03)],
            "logistic loses surely no more than 1 point; average loses more than 1 point, by its own 95 % interval.",
        ),
    ],
)
def test_what_is_said_of_some_is_whole_where_nothing_is_said_of_others(
    differences: list[tuple[float, float]], said: str
) -> None:
    assert distance(*differences).findings[0] == f"Against cnn: {said}"


@pytest.mark.parametrize("margin", [0.0, 0.0004])
def test_the_scale_holds_the_intervals_where_the_margin_is_too_small_to_make_one(margin: float, look: Any) -> None:
    _, shapes = look(distance((-0.07, 0.0), (-0.059, -0.01), margin=margin).drawing)
    whiskers = [one for one in shapes if one.what == "line line2" and one.top == one.bottom]
    whiskers += [one for one in shapes if one.what == "line line0" and one.top == one.bottom]
    assert len(whiskers) == 2
    assert min(one.right - one.left for one in whiskers) > 100


def test_a_margin_is_told_as_it_was_chosen() -> None:
    figure = distance((-0.03, 0.01), margin=0.0025)
    assert "more than 0.25 points" in figure.findings[0]
    assert "the margin, 0.25 points<" in figure.drawing.body


def test_a_triangle_is_explained_where_there_is_one() -> None:
    assert "a triangle: further left" not in distance((-0.03, 0.01)).drawing.body
    assert "a triangle: further left" in distance((-0.03, 0.01), (-0.4, -0.3)).drawing.body


def test_a_loss_of_exactly_the_margin_is_within_it() -> None:
    found = compared(5)
    edge = [replace(m, surely_above=-0.01, difference=interval(0.0, 0.009, -1)) for m in found.models if m.difference]
    figure = difference_figure(replace(found, models=edge))
    assert figure
    assert "lose surely no more than 1 point" in figure.findings[0]
    assert "can't tell" not in figure.findings[0]


def test_a_loss_of_more_than_the_margin_never_reads_as_the_margin() -> None:
    found = compared(5)
    beyond = [replace(m, surely_above=-0.0104) if m.difference else m for m in found.models]
    figure = difference_figure(replace(found, models=beyond))
    assert figure
    assert {row[2] for row in figure.table.rows} == {"−1.1"}


def test_mcnemar_names_whom_every_seed_tells_from_the_selected_model() -> None:
    figure = mcnemar_figure(unfinished(compared(8), "rnn"))
    assert figure
    assert figure.findings[0] == (
        "McNemar's test tells logistic and feed_forward from cnn in every seed: p below 0.05 after Holm's correction."
    )
    rows = figure.table.rows  # type: ignore[attr-defined]
    assert len(rows) == 7 * 3
    assert ["logistic", "0", "90", "70", "0.0004", "0.0056", ""] in rows


def test_mcnemar_asks_for_every_seed() -> None:
    found = compared(5)
    models = [
        replace(m, mcnemar=[*m.mcnemar[:-1], replace(m.mcnemar[-1], p_holm=0.051)]) if m.mcnemar else m
        for m in found.models
    ]
    figure = mcnemar_figure(replace(found, models=models))
    assert figure
    assert figure.findings[0].startswith("McNemar's test tells no finished model from cnn in every seed")
