"""The order and the marks of models."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.many_compared import compared, failed, unfinished
from unrolled.comparison.result import Recommendation
from unrolled.reports.ranking import mark_of, measured, named, ranked, recommended, selected


def test_the_unfinished_stand_behind_the_finished_whatever_they_reached() -> None:
    found = unfinished(compared(6), "cnn --embeddings both", "logistic")
    assert [model.name for model in measured(found)] == [
        "cnn", "ngrams", "average", "feed_forward", "cnn --embeddings both", "logistic",
    ]  # fmt: skip


def test_all_are_shown_the_unmeasured_last_as_they_were_asked_for() -> None:
    found = failed(compared(6), "cnn --embeddings both", "average")
    assert [model.name for model in ranked(found)][-2:] == ["average", "cnn --embeddings both"]
    assert len(ranked(found)) == 6


def test_marks_show_the_recommended_the_selected_and_the_unfinished() -> None:
    found = unfinished(compared(6), "logistic")
    marks = {model.name: mark_of(found, model) for model in measured(found)}
    assert (marks["ngrams"].shape, marks["ngrams"].word) == ("square", "recommended")
    assert (marks["cnn"].shape, marks["cnn"].word) == ("diamond", "selected")
    assert (marks["average"].shape, marks["average"].word, marks["average"].hollow) == ("circle", "", False)
    assert (marks["logistic"].hollow, marks["logistic"].word) == (True, "unfinished")


def test_one_can_be_both_selected_and_recommended() -> None:
    found = replace(compared(6), recommendation=Recommendation("cnn", "x"))
    (model,) = {id(one): one for one in (selected(found), recommended(found)) if one}.values()
    assert mark_of(found, model).word == "recommended, selected"


def test_who_was_not_measured_is_neither() -> None:
    found = failed(compared(6), "cnn", "ngrams")
    assert selected(found) is recommended(found) is named(found, "nobody") is None
