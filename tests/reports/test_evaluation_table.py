"""An evaluation → the text a terminal shows: exact on a small example, aligned and harmless for any label."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from unrolled.calibration.abstention import Abstention
from unrolled.evaluation import Evaluation, evaluate
from unrolled.reports.evaluation_table import as_text


def certain(labels: list[str], predictions: list[str], classes: list[str]) -> Evaluation:
    """Evaluate a model that gives its predictions the probability 0.75."""
    probabilities = np.full((len(labels), len(classes)), 0.25 / (len(classes) - 1))
    probabilities[np.arange(len(labels)), [classes.index(label) for label in predictions]] = 0.75
    return evaluate(labels, probabilities, classes)


def test_shows_every_part_of_a_small_example() -> None:
    labels = ["ham"] * 5 + ["spam"] * 4 + ["eggs"]
    shown = as_text(certain(labels, ["ham"] * 4 + ["spam"] * 5 + ["ham"], ["ham", "spam"]))
    low, high = (100 * bound for bound in (0.5, 1.0))
    assert shown.splitlines()[:2] == [
        "10 rows; in brackets 95 % confidence intervals, for other texts of the same kind",
        f"accuracy            80.0 %  [{low:.1f}, {high:.1f}]",
    ]
    assert shown.splitlines()[4:] == [
        "log loss            0.410  (9 rows whose label the model knows)",
        "calibration error    5.0 %",
        "",
        "label  precision   recall       F1  support",
        "eggs       0.0 %    0.0 %    0.0 %        1",
        "ham       80.0 %   80.0 %   80.0 %        5",
        "spam      80.0 %  100.0 %   88.9 %        4",
        "",
        "Confusion matrix: rows true, columns predicted, in the same order",
        "      eggs  ham  spam",
        "eggs     0    1     0",
        "ham      0    4     1",
        "spam     0    0     4",
        "",
        "What predict answers; in brackets 95 % confidence intervals (Wilson)",
        "--min-probability  rows answered  coverage      accuracy of these",
        "0                             10   100.0 %   80.0 %  [49.0, 94.3]",
        "0.8                            0     0.0 %                      –",
        "",
        "Labels that the model doesn't know, counted as wrong: eggs (1 row)",
    ]


def test_says_so_where_the_model_knows_no_label() -> None:
    assert "log loss           none: the model knows no row's label" in as_text(certain(["x"], ["a"], ["a", "b"]))


def test_shows_the_matrix_of_twelve_labels_and_points_to_json_for_more() -> None:
    names = [f"label {number}" for number in range(13)]
    assert "rows true, columns predicted" in as_text(certain(names[:12], names[:12], names))
    assert "13 labels are too many for a terminal, --json has it" in as_text(certain(names, names, names))


def test_names_the_ten_most_frequent_of_many_unseen_labels() -> None:
    labels = [f"new {number}" for number in range(12)] + ["new 11"]
    last = as_text(certain(labels, ["a"] * 13, ["a", "b"])).splitlines()[-1]
    assert "wrong: new 11 (2 rows), new 0 (1 row)," in last
    assert last.endswith("new 7 (1 row) and 2 more")


LABEL = st.text(st.sampled_from("ab数é\u0301\n\t\x1b "), min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(LABEL, min_size=2, max_size=13, unique=True))
def test_whatever_the_labels_columns_are_aligned_and_nothing_reaches_the_terminal_raw(labels: list[str]) -> None:
    shown = as_text(certain(labels, labels, labels))
    assert all(character.isprintable() or character == "\n" for character in shown)
    for block in shown.split("\n\n")[1:3]:
        lines = block.splitlines()
        if len(lines) > 1:
            table = [line for line in lines if not line.startswith("Confusion matrix:")]
            assert len({cell_len(line) for line in table}) == 1


def test_marks_the_model_s_own_threshold_and_shows_both_calibration_errors() -> None:
    probabilities = np.array([[0.75, 0.25]] * 4)
    labels, classes = ["a", "a", "a", "b"], ["a", "b"]
    kept = Abstention(target_precision=0.9, temperature=2.0, threshold=0.65)
    lines = as_text(evaluate(labels, probabilities, classes, abstention=kept)).splitlines()
    assert lines[5] == "calibration error    0.0 %  (15.0 % before the temperature 2)"  # 0.75² / (0.75² + 0.25²) = 0.9
    assert [line.split("  ")[0] for line in lines if line.startswith("0")] == ["0", "0.65 *", "0.8"]
    assert lines[-1] == "* the model's own threshold, for a target precision of 90 %"
    broken = Abstention(target_precision=0.9, temperature=2.0)
    shown = as_text(evaluate(labels, probabilities, classes, abstention=broken))
    assert "No threshold reached the target precision of 90 %" in shown
    assert "*" not in shown
