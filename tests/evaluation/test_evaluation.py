"""Random labels and probabilities → scikit-learn's numbers, a JSON form that keeps its contract, told mistakes."""

from __future__ import annotations

import json
from collections import Counter
from unittest.mock import ANY

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss, precision_recall_fscore_support

from tests.each import each
from unrolled.calibration.abstention import Abstention
from unrolled.errors import DataError
from unrolled.evaluation import evaluate
from unrolled.reports.evaluation_table import as_text

Case = tuple[list[str], NDArray[np.float64], list[str]]
NAMES = ["spam", "ham", "Ham", "ä", "10", "9"]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw classes in any order, small whole weights (so that ties and zeros occur), and labels partly unseen."""
    classes = draw(st.lists(st.sampled_from(NAMES), min_size=2, unique=True))
    labels = draw(st.lists(st.sampled_from([*classes, *NAMES, "new"]), min_size=1, max_size=30))
    weights = draw(
        st.lists(st.lists(st.integers(0, 3), min_size=len(classes), max_size=len(classes)).filter(any),
                 min_size=len(labels), max_size=len(labels))
    )  # fmt: skip
    array = np.array(weights, dtype=np.float64)
    return labels, array / array.sum(axis=1, keepdims=True), classes


@settings(max_examples=80, deadline=None)
@given(cases())
def test_every_number_equals_scikit_learn(case: Case) -> None:
    labels, probabilities, classes = case
    found = evaluate(labels, probabilities, classes, resamples=5).as_json()
    predictions = [classes[row.tolist().index(max(row))] for row in probabilities]
    union = np.unique(labels + predictions).tolist()
    by_class = precision_recall_fscore_support(labels, predictions, labels=union, zero_division=0)
    assert found["rows"] == len(labels)
    assert found["accuracy"]["value"] == pytest.approx(accuracy_score(labels, predictions), rel=1e-14)
    for average in ("macro", "weighted"):
        wanted = f1_score(labels, predictions, average=average, zero_division=0)
        assert found[f"{average}_f1"]["value"] == pytest.approx(wanted, rel=1e-13)
    assert list(found["per_class"]) == union
    for scores, *wanted in zip(found["per_class"].values(), *by_class, strict=True):
        assert scores == pytest.approx(
            dict(zip(("precision", "recall", "f1", "support"), wanted, strict=True)), rel=1e-14
        )
    assert found["confusion"]["labels"] == union
    matrix = confusion_matrix(labels, predictions, labels=[*union, "unused"])[:-1, :-1]  # it warns of a single label
    assert found["confusion"]["matrix"] == matrix.tolist()


@settings(deadline=None)
@given(cases())
def test_log_loss_is_scikit_learns_over_the_rows_whose_label_is_known(case: Case) -> None:
    labels, probabilities, classes = case
    found = evaluate(labels, probabilities, classes, resamples=1).log_loss
    known = [row for row, label in enumerate(labels) if label in classes]
    if not known:
        assert found is None
        return
    alphabetical = np.argsort(classes)  # scikit-learn takes the columns to be in this order
    wanted = log_loss([labels[row] for row in known], probabilities[known][:, alphabetical], labels=sorted(classes))
    assert found == pytest.approx(wanted, rel=1e-13)


@settings(deadline=None)
@given(cases())
def test_unseen_labels_are_counted_and_never_right(case: Case) -> None:
    labels, probabilities, classes = case
    found = evaluate(labels, probabilities, classes, resamples=1)
    assert found.unseen_labels == Counter(label for label in labels if label not in classes)
    for label, count in found.unseen_labels.items():
        assert (found.per_class[label].support, found.per_class[label].recall) == (count, 0.0)


@settings(deadline=None)
@given(cases())
def test_the_json_form_has_the_promised_keys_and_plain_finite_numbers(case: Case) -> None:
    found = evaluate(*case, resamples=3).as_json()
    assert list(found) == [
        "rows", "accuracy", "macro_f1", "weighted_f1", "log_loss", "calibration_error", "coverage", "per_class",
        "confusion", "unseen_labels",
    ]  # fmt: skip
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    for score in ("accuracy", "macro_f1", "weighted_f1"):
        assert list(found[score]) == ["value", "low", "high"]
        assert {type(number) for number in found[score].values()} == {float}
        assert 0 <= found[score]["low"] <= found[score]["high"] <= 1
    assert 0 <= found["calibration_error"] <= 1


def test_calibration_counts_every_row_and_takes_unseen_labels_as_wrong() -> None:
    found = evaluate(["a", "new"], np.array([[0.9, 0.1], [0.9, 0.1]]), ["a", "b"])
    assert found.calibration_error == pytest.approx(0.9 - 0.5, rel=1e-14)


def test_numpys_strings_come_out_as_plain_ones() -> None:
    labels, classes = np.array(["b", "a", "c"]), np.array(["a", "b"])
    found = evaluate(list(labels), np.array([[0.2, 0.8], [0.3, 0.7], [1, 0]]), list(classes)).as_json()
    assert {type(label) for label in [*found["per_class"], *found["unseen_labels"]]} == {str}


def test_the_first_of_equal_probabilities_is_the_prediction() -> None:
    assert evaluate(["b"], np.array([[0.4, 0.4, 0.2]]), ["b", "a", "c"]).accuracy.value == 1


def test_the_same_seed_gives_the_same_evaluation_and_another_seed_other_intervals() -> None:
    generator = np.random.default_rng(0)
    labels, probabilities = generator.choice(["a", "b", "c"], 50).tolist(), generator.dirichlet(np.ones(3), 50)
    first, again, other = (evaluate(labels, probabilities, ["a", "b", "c"], seed=seed).as_json() for seed in (1, 1, 2))
    assert first == again
    assert first["macro_f1"] != other["macro_f1"]


def test_no_rows_are_an_error() -> None:
    with pytest.raises(DataError, match="no row to evaluate"):
        evaluate([], np.zeros((0, 2)), ["a", "b"])


@pytest.mark.parametrize("shape", [(2, 2), (1, 3), (1,), (1, 2, 1)])
def test_probabilities_of_another_shape_are_an_error(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match=r"shape \(1, 2\)"):
        evaluate(["a"], np.full(shape, 0.5), ["a", "b"])


@each("bad", [[np.nan, 0.5], [np.inf, 0.0], [np.inf, -np.inf], [-0.5, 1.5], [3.0, 1.0], [0.0, 0.0]])
def test_numbers_that_are_no_distribution_are_an_error_that_names_the_row(bad: list[float]) -> None:
    with pytest.raises(DataError, match=r"row 1: .*probabilities"):
        evaluate(["a", "b"], np.array([[0.5, 0.5], bad]), ["a", "b"])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_the_rounding_of_a_softmax_is_accepted(dtype: type[np.floating]) -> None:
    probabilities = np.random.default_rng(0).dirichlet(np.ones(1000), size=20).astype(dtype)
    classes = [str(number) for number in range(1000)]
    assert evaluate(classes[:20], probabilities, classes).rows == 20


def test_a_wrong_column_of_labels_is_told() -> None:
    rows = 1001
    with pytest.raises(DataError, match=r"1001 different labels .*'id 0', .*--label-column"):
        evaluate([f"id {row}" for row in range(rows)], np.ones((rows, 1)), ["a"])
    assert len(evaluate([f"id {row}" for row in range(rows - 1)], np.ones((rows - 1, 1)), ["a"]).unseen_labels) == 1000


@each("temperature", [0.2, 1.0, 1.7, 4.0])
@each("threshold", [0.83, None])
def test_what_was_promised_is_judged_and_the_calibration_error_before_is_that_of_the_logits(
    temperature: float, threshold: float | None
) -> None:
    chance = np.random.default_rng(0)
    z, classes = chance.normal(0, 4, (300, 3)), ["a", "b", "c"]
    labels = [classes[k] for k in chance.integers(0, 3, 300)]
    before, after = softmax(z, axis=1), softmax(z / temperature, axis=1)
    abstention = Abstention(target_precision=0.9, temperature=temperature, threshold=threshold)
    found = evaluate(labels, after, classes, abstention=abstention, resamples=5)
    plain = evaluate(labels, before, classes, resamples=5)
    assert found.abstention is not None
    assert found.abstention.calibration_error_before == pytest.approx(plain.calibration_error, abs=1e-12)
    assert found.accuracy == plain.accuracy
    told, answered = json.loads(json.dumps(found.as_json())), after.max(axis=1) >= (threshold or 2)
    assert told.pop("abstention") == {
        "target_precision": 0.9,
        "temperature": temperature,
        "threshold": threshold,
        "calibration_error_before": found.abstention.calibration_error_before,
        "answers": {"rows": int(answered.sum()), "coverage": answered.mean(), "accuracy": ANY},
        "by_label": {},
    }
    assert list(told) == list(plain.as_json())
    own = [one for one in told["coverage"] if one["min_probability"] == threshold]
    assert len(own) == (threshold is not None)
    assert all(one["rows"] == (after.max(axis=1) >= 0.83).sum() for one in own)


def test_a_target_for_each_of_some_labels_is_judged_label_by_label() -> None:
    chance = np.random.default_rng(0)
    z, classes = chance.normal(0, 2, (300, 3)), ["a", "b", "c"]
    labels, p = [classes[k] for k in chance.integers(0, 3, 300)], softmax(z, axis=1)
    abstention = Abstention(target_precision={"a": 0.9, "c": 0.8}, threshold={"a": 0.6, "c": None})
    found = evaluate(labels, p, classes, abstention=abstention, resamples=5).abstention
    assert found is not None
    predicted, sure = p.argmax(axis=1), p.max(axis=1)
    right = predicted == np.array([classes.index(label) for label in labels])
    own = (predicted == 0) & (sure >= 0.6)
    assert found.by_label["a"].rows == own.sum()
    assert found.by_label["a"].coverage == pytest.approx(own.sum() / (predicted == 0).sum())
    assert found.by_label["a"].accuracy is not None
    assert found.by_label["a"].accuracy.value == pytest.approx(right[own].mean())
    assert (found.by_label["c"].rows, found.by_label["c"].accuracy, set(found.by_label)) == (0, None, {"a", "c"})
    assert found.answers.rows == (own | (predicted == 1)).sum()
    shown = as_text(evaluate(labels, p, classes, abstention=abstention, resamples=5))
    assert "none reached it" in shown
    assert f"{found.answers.rows} rows answered" in shown
