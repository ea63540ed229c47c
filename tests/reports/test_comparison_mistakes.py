"""Disagreements and confusions: captions say what the counts say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.many_compared import LABELS_40, TEXTS, compared
from unrolled.reports.comparison_mistakes import MOST_PAIRS, confusion_figures, disagreements_figure
from unrolled.reports.page import Figure, Listing


def test_it_says_how_many_texts_are_read_differently_and_lists_them() -> None:
    figure = disagreements_figure(compared(3))
    assert figure
    assert figure.findings[0] == (
        "At least two models read 321 of 1,066 test texts (30.1 %) differently; 9 of them are listed."
    )
    assert figure.table.as_html().count("<tr>") == 1 + len(TEXTS)
    all_of_them = disagreements_figure(replace(compared(3), disagreeing=len(TEXTS)))
    assert all_of_them
    assert all_of_them.findings[0].endswith("differently; all are listed.")
    assert disagreements_figure(replace(compared(3), disagreements=())) is None


@pytest.mark.parametrize("labels", [("no", "yes"), [f"topic {n}" for n in range(20)]])
def test_a_matrix_is_drawn_told_and_written_to_the_last_count(labels: list[str]) -> None:
    found = compared(1, labels=labels)
    (figure,) = confusion_figures(found)
    assert isinstance(figure, Figure)
    counts = [list(row) for row in found.models[0].confusion]
    assert [[int(cell.replace(",", "")) for cell in row[1:]] for row in figure.table.rows] == counts
    most, true, answer = max(
        (number, n, m) for n, row in enumerate(counts) for m, number in enumerate(row) if n != m
    )  # fmt: skip
    told = f": {most:,} of {sum(counts[true]):,} times ({100 * most / sum(counts[true]):.1f} %)"
    assert told in figure.findings[0]
    if len(labels) == 2:
        assert f"takes “{labels[true]}” for “{labels[answer]}”" in figure.findings[0]


def test_too_many_labels_have_a_table_of_the_commonest_confusions_and_it_says_so() -> None:
    found = compared(1, labels=LABELS_40)
    (listing,) = confusion_figures(found)
    assert isinstance(listing, Listing)
    assert "40 labels are too many for a picture" in listing.findings[1]
    rows = listing.table.rows  # type: ignore[attr-defined]
    assert len(rows) == MOST_PAIRS
    numbers = [int(row[2]) for row in rows]
    counts = found.models[0].confusion
    off = sorted((number for n, row in enumerate(counts) for m, number in enumerate(row) if n != m), reverse=True)
    assert numbers == off[:MOST_PAIRS]


def test_who_confuses_nothing_is_told_so() -> None:
    found = compared(1)
    (figure,) = confusion_figures(replace(found, models=[replace(found.models[0], confusion=((5, 0), (0, 7)))]))
    assert figure.findings[0] == "logistic takes no label for another."


def test_of_confusions_that_are_as_common_it_says_how_many_there_are() -> None:
    found = compared(1, labels=("a", "b", "c"))
    counts = ((5, 3, 0), (1, 7, 3), (3, 0, 9))
    (figure,) = confusion_figures(replace(found, models=[replace(found.models[0], confusion=counts)]))
    assert figure.findings[0] == (
        "logistic most often takes “a” for “b”: 3 of 8 times (37.5 %), all seeds together; 2 other pairs as often."
    )


def test_two_long_labels_are_told_apart() -> None:
    long = [f"{'the same beginning, ' * 3}{n}{', the same end' * 5}" for n in (1, 2)]
    found = compared(1, labels=long)
    (figure,) = confusion_figures(found)
    first, second = figure.findings[0].split("“")[1:]
    assert first.split("”")[0] != second.split("”")[0]


def test_a_hostile_label_turns_no_sentence_around() -> None:
    found = compared(1, labels=("a\u202eb", "c\nd"))
    (figure,) = confusion_figures(found)
    assert figure.findings[0].isprintable()
