"""Choices of every kind → plain sentences with the numbers that decided."""

from __future__ import annotations

import re
from typing import Any, get_args

from tests.each import each
from unrolled.comparison.reason import reason
from unrolled.comparison.recommendation import Decision, Finding, MeasuredModel
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.paired_bootstrap import Difference

SELECTED = MeasuredModel("cnn", 4_800_000, 0.31, None, 0.789, 0.8)


def difference(surely_above: float) -> Difference:
    return Difference(Interval(-0.008, -0.02, 0.004), surely_above, 0.01, 0.0)


def other(surely_above: float = -0.0091) -> MeasuredModel:
    return MeasuredModel("average", 600_000, 0.02, difference(surely_above), 0.781, 0.79)


def said(choice: Decision, **given: Any) -> str:
    return reason(choice, **{"margin": 0.01, "texts": 1821, "unfinished": [], "ahead": [], **given})


def test_a_cheaper_model_is_taken_for_what_it_costs_and_loses_at_most() -> None:
    found = said(Decision(other(), SELECTED, "cheaper"))
    for part in (
        "78.1 % of the 1,821 test texts",
        "cnn, which was selected on validation, on 78.9 %",
        "lose at most 0.91 points of accuracy against cnn",
        "1 point may be lost (--margin)",
        "at most 1 of 20 such comparisons",
        "600 kB × 0.02 ms",
        "4.80 MB × 0.31 ms",
    ):
        assert part in found


def test_at_most_is_rounded_up_and_no_loss_is_called_none() -> None:
    assert "at most 0.31 points" in said(Decision(other(-0.00301), SELECTED, "cheaper"))
    assert "lose nothing against cnn" in said(Decision(other(0.001), SELECTED, "cheaper"))


@each(
    ("finding", "needed", "parts"),
    [
        ("cheapest", None, ["No model is cheaper"]),
        ("all_lose", None, ["loses more than 1 point", "beyond chance"]),
        ("all_lost", None, ["lost 1 point", "perhaps by chance"]),
        ("few_texts", 16_000, ["average is cheaper", "1,821 test texts are too few", "about 16,000 would be enough"]),
        ("few_seeds", None, ["average is cheaper", "from seed to seed", "--seeds"]),
    ],
)
def test_the_selected_model_is_taken_with_its_accuracies_and_the_reason(
    finding: Finding, needed: int | None, parts: list[str]
) -> None:
    asked = other() if finding.startswith("few") else None
    found = said(Decision(SELECTED, SELECTED, finding, asked, needed))
    assert "validation accuracy 80.0 %" in found
    assert "78.9 % of the 1,821 test texts" in found
    for part in parts:
        assert part in found


@each("finding", get_args(Finding))
def test_nobody_needs_statistics_to_read_it(finding: Finding) -> None:
    taken, asked = (other() if finding == "cheaper" else SELECTED), (other() if finding.startswith("few") else None)
    found = said(Decision(taken, SELECTED, finding, asked, 900 if finding == "few_texts" else None))
    assert not re.search("bootstrap|resampl|interval|quantile|max-t|p-value|best|surely", found)
    assert found.endswith(".")


def test_unfinished_models_are_named_and_those_ahead_on_validation() -> None:
    found = said(Decision(SELECTED, SELECTED, "cheapest"), unfinished=["gru", "transformer"])
    assert found.endswith("Not finished in time, so nothing is known of gru and transformer.")
    found = said(Decision(SELECTED, SELECTED, "cheapest"), unfinished=["gru"], ahead=["gru"])
    assert "gru was already ahead on validation: a longer --budget" in found
