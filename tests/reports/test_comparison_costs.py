"""Captions and tables of what models cost: the numbers are those of the data."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.many_compared import compared, interval, unfinished
from unrolled.reports.comparison_costs import costs_figure, latency_figure


def test_the_front_is_told_with_its_numbers() -> None:
    figure = latency_figure(compared(5))
    assert figure
    assert figure.findings[0] == (
        "No finished model beats logistic (0.021 ms, 77.4 %), average (0.034 ms, 79.9 %), ngrams (0.041 ms, 80.3 %) "
        "and cnn (0.31 ms, 81.2 %) in both speed and accuracy: they are the dashed line. "
        "From its first to its last a text takes 15 times as long for 3.8 points more."
    )
    on = {row[0]: row[-1] for row in figure.table.rows}
    assert on == {"cnn": "yes", "ngrams": "yes", "average": "yes", "logistic": "yes", "feed_forward": "no"}


def test_who_is_unfinished_is_neither_on_the_front_nor_behind_it() -> None:
    figure = latency_figure(unfinished(compared(5), "average", "feed_forward"))
    assert figure
    on = {row[0]: row[-1] for row in figure.table.rows}
    assert on["average"] == on["feed_forward"] == "unfinished"
    assert "average" not in figure.findings[0]


def test_who_has_no_speed_is_named() -> None:
    found = compared(3)
    models = [replace(m, milliseconds_alone=None) if m.name == "average" else m for m in found.models]
    figure = latency_figure(replace(found, models=models))
    assert figure
    assert "Without a measured speed: average." in figure.findings
    assert latency_figure(replace(found, models=models[1:2])) is None


def test_one_that_is_the_fastest_and_the_most_accurate_is_told_alone() -> None:
    found = compared(2)
    slower = [replace(m, accuracy=interval(0.5, 0.1), milliseconds_alone=9.0) for m in found.models[1:]]
    figure = latency_figure(replace(found, models=[found.models[0], *slower]))
    assert figure
    assert figure.findings[0] == "No finished model is faster or more accurate than logistic (0.021 ms, 77.4 %)."


def test_nothing_is_claimed_of_the_only_finished_model() -> None:
    for found in (compared(1), unfinished(compared(2), "average")):
        latency, costs = latency_figure(found), costs_figure(found)
        assert latency
        assert costs
        assert latency.findings[0] == "logistic (0.021 ms, 77.4 %) is the only finished model."
        assert costs.findings[0] == "logistic is the only finished model: 90,000 parameters, 369 kB on disk."


def test_the_cheapest_finished_model_is_named_for_each_quantity() -> None:
    found = unfinished(compared(5), "logistic")
    figure = costs_figure(found)
    assert figure
    assert figure.findings[0] == (
        "Of the finished models average has the fewest parameters (1.23M), is the smallest on disk (4.93 MB), "
        "trains in the shortest time (4.50 s), reads the most texts per second (58.8k) "
        "and reads a text alone the fastest (0.034 ms)."
    )
    assert figure.findings[1].startswith("The slowest to train takes 3.2 times as long as the quickest")  # 14.4 / 4.5
    (row,) = [row for row in figure.table.rows if row[0] == "logistic"]
    assert row == ["logistic", "90,000", "369 kB", "0.2 s", "95.2k", "0.021 ms", "unfinished"]


def test_who_cost_the_same_are_named_together() -> None:
    found = compared(2)
    figure = costs_figure(replace(found, models=[replace(m, parameters=5, size=None) for m in found.models]))
    assert figure
    assert figure.findings[0] == (
        "Of the finished models average and logistic have the fewest parameters (5.00); "
        "logistic trains in the shortest time (0.2 s), reads the most texts per second (95.2k) "
        "and reads a text alone the fastest (0.021 ms)."
    )


def test_what_nobody_measured_has_no_figure() -> None:
    found = compared(2)
    bare = [
        replace(m, parameters=None, size=None, training_seconds=None, texts_per_second=None, milliseconds_alone=None)
        for m in found.models
    ]
    assert costs_figure(replace(found, models=bare)) is None
