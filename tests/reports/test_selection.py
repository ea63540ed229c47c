"""Random results of comparisons → the statement that validation and test disagree, exactly where they do."""

from __future__ import annotations

import html as markup
from dataclasses import replace

from tests.each import each
from tests.reports.many_compared import all_kinds, compared, random_results, unfinished
from unrolled.comparison.result import ComparisonResult
from unrolled.comparison.result_json import as_json
from unrolled.reports.comparison import figures, html
from unrolled.reports.comparison_table import as_text
from unrolled.reports.selection import disagreement

KINDS = all_kinds()


def highest_on_test(found: ComparisonResult) -> list[str]:
    """Name the finished models, or all if none is, that have the highest test accuracy as it is printed."""
    known = [(round(m.accuracy.value, 3), m.name, m.state) for m in found.models if m.accuracy]
    rivals = [one for one in known if one[2] == "finished"] or known
    return [name for value, name, _ in rivals if value == max(rivals)[0]]


def test_table_and_page_say_so_whenever_the_selected_model_is_not_the_highest_on_test() -> None:
    differing = 0
    for seed in range(60):
        found = random_results(seed)
        said, top = disagreement(found), highest_on_test(found)
        assert bool(said) == (found.selected not in top), seed
        table, page = " ".join(as_text(found).split()), markup.unescape(html(found))
        for sentence in said:
            differing += 1
            numbers = {m.name: f"{100 * m.accuracy.value:.1f} %" for m in found.models if m.accuracy}
            assert sentence.startswith(("Validation and test disagree: ", "Validation is a tie: "))
            assert all(word in sentence for word in (found.selected, *top, numbers[found.selected], numbers[top[0]]))
            assert "optimistic" in sentence
            assert sentence in table
            assert sentence in page
        for begins in ("Validation and test disagree: ", "Validation is a tie: "):
            assert (begins in table) == (begins in page) == any(one.startswith(begins) for one in said)
        assert [m.name for m in found.higher_on_test] == (top if said else []) == as_json(found)["higher_on_test"]
    assert 20 < differing < 58


def test_it_says_whether_chance_explains_it_for_all_models_at_once() -> None:
    found = compared(6)  # cnn --embeddings both is 0.1 points above cnn

    def said(surely_above: float) -> str:
        models = [
            replace(m, surely_above=surely_above) if m.name == "cnn --embeddings both" else m for m in found.models
        ]
        (sentence,) = disagreement(replace(found, models=models))
        return sentence

    assert "81.3 % against 81.2 %, 0.1 points more. That may be chance." in said(-0.001)
    assert "Chance hardly explains that (95 % confidence" in said(0.001)


def test_a_tie_on_validation_is_called_one() -> None:
    found = compared(6)
    top = found.higher_on_test[0]
    reached = {model.name: model for model in found.models}[found.selected].validation_accuracy
    models = [replace(m, validation_accuracy=reached) if m.name == top.name else m for m in found.models]
    (sentence,) = disagreement(replace(found, models=models))
    assert sentence.startswith(f"Validation is a tie: {top.name} has the same validation accuracy as {found.selected}")
    assert "disagree" not in sentence


def test_of_unfinished_models_it_says_that_little_follows() -> None:
    (sentence,) = disagreement(replace(unfinished(compared(2), "logistic", "average"), selected="logistic"))
    assert "No training of these was finished" in sentence


@each("kind", KINDS)
def test_no_model_is_called_best_and_every_test_figure_is_called_that(kind: str) -> None:
    page, table = html(KINDS[kind]), as_text(KINDS[kind])
    for shown in (page, table):
        assert "best" not in shown
        assert "development" not in shown
        assert not {"dev", "accuracy, %"} & {*shown.split()}
    for figure in figures(KINDS[kind]):
        heading = getattr(figure.table, "heading", ())
        assert not [
            name for name in heading if "accuracy" in name and not name.startswith(("test", "validation", "high"))
        ]


def test_validation_and_test_accuracy_are_next_to_each_other_in_table_and_page() -> None:
    found = compared(5)
    lines = as_text(found).splitlines()
    assert lines[0].split()[:5] == ["model", "val.,", "%", "test,", "%"]
    (overview,) = [one for one in figures(found) if one.heading == "All models"]
    cells = {row[0]: row[2:4] for row in overview.table.rows}  # type: ignore[attr-defined]
    for model in found.models:
        assert model.validation_accuracy
        assert model.accuracy
        assert cells[model.name][0] == f"{100 * model.validation_accuracy:.1f}"
        assert cells[model.name][1].startswith(f"{100 * model.accuracy.value:.1f} [")
