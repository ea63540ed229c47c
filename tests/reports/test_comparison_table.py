"""The terminal's table and the recommendation's sentence."""

from __future__ import annotations

from dataclasses import replace

from tests.each import each
from tests.reports.many_compared import all_kinds, compared, failed, unfinished
from unrolled.comparison.result import Recommendation
from unrolled.formatting.truncate import width
from unrolled.reports.comparison_table import WIDEST, as_text, overview, recommendation

KINDS = all_kinds()


@each("kind", KINDS)
def test_the_table_fits_a_terminal_and_shows_nothing_that_it_would_obey(kind: str) -> None:
    lines = as_text(KINDS[kind]).splitlines()
    table = lines[: lines.index("")]
    assert len(table) == 1 + len(KINDS[kind].models)
    assert max(map(width, table)) <= WIDEST
    assert all(line.isprintable() for line in lines)
    assert " ".join(lines).endswith(f"  {recommendation(KINDS[kind])}")


def test_a_line_has_every_number_of_its_model() -> None:
    found = compared(6)
    (line,) = [line for line in as_text(found).splitlines() if line.startswith("> ")][:1]
    assert line.split() == [
        ">", "ngrams", "79.9", "80.3", "[77.9,", "82.7]", "−0.3", "[−0.7,", "+0.1]", "79.2", "18.0MB", "5.60", "48.8k",
        "0.041",
    ]  # fmt: skip


def test_signs_tell_the_states_and_lines_below_say_why() -> None:
    found = failed(unfinished(compared(6), "logistic"), "average")
    text = as_text(found)
    signs = {line.split()[1]: line.split()[0] for line in text.splitlines()[1:7] if line[0] != " "}
    assert signs == {"ngrams": ">", "cnn": "*", "logistic": "~", "average": "!"}
    assert "* selected on validation, of the finished, > recommended, ~ unfinished, ! failed or not run" in text
    assert "\nlogistic: unfinished: the clock stopped seed 1 in epoch 3.\n" in text
    assert "\naverage: failed: expected a finite loss" in text


def test_where_all_or_none_are_finished_the_selected_is_simply_selected() -> None:
    for found in (compared(2), unfinished(compared(2), "logistic", "average")):
        assert "* selected on validation" in as_text(found)
        assert "of the finished" not in as_text(found)


def test_the_sentence_says_what_to_take_and_why() -> None:
    found = replace(compared(3), recommendation=Recommendation("average", "the smallest within the margin."))
    assert recommendation(found) == "Take average: the smallest within the margin."
    assert recommendation(replace(found, recommendation=None)).startswith("No recommendation")


def test_the_page_s_table_has_all_models_and_says_what_is_special() -> None:
    table = overview(KINDS["mixed"])
    states = {row[0]: row[1] for row in table.rows}
    assert states["ngrams"] == "recommended"
    assert states["cnn"] == "selected"
    assert states["transformer"] == "unfinished"
    assert states["rnn"] == "failed"
    assert states["gru --layers 3"] == "not run"
    assert [row[0] for row in table.rows if row[6] == "1,480,000"] == ["cnn"]


def test_long_names_that_differ_in_the_middle_are_told_apart() -> None:
    found = compared(2)
    names = [f"cnn --learning-rate {rate} --max-epochs 2" for rate in ("0.002", "0.02")]
    models = [replace(one, name=name) for one, name in zip(found.models, names, strict=True)]
    take = Recommendation(names[0], "it is.")
    lines = as_text(replace(found, models=models, selected=names[0], recommendation=take)).splitlines()
    assert {line[3:16].rstrip() for line in lines[1:3]} == {"cnn … 0.002 …", "cnn … 0.02 …"}
    assert {"cnn … 0.002 …: " + names[0], "cnn … 0.02 …: " + names[1]} <= {*lines}
