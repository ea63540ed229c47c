"""Random tables and texts → each step is the formula's, the compiled one is the plain one, threads learn the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.kernels.compiled import hogwild
from unrolled.kernels.compiled.hogwild import BagWeights, Ragged, logits, sgd_epoch
from unrolled.kernels.compiled.library import Library, plain
from unrolled.kernels.run_parallel import threads

ROWS = 12
many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def made(lengths: list[int], columns: int, classes: int, seed: int = 0) -> tuple[BagWeights, Ragged, Any]:
    random = np.random.default_rng(seed)
    weights = BagWeights.of(ROWS, random.normal(size=(classes, columns)).astype("f4"))
    weights.table[:, :columns] = random.normal(size=(ROWS, columns))
    weights.b[:] = random.normal(size=classes)
    starts = np.cumsum([0, *lengths])
    texts = Ragged(random.integers(0, ROWS, starts[-1]).astype(np.int32), starts)
    return weights, texts, random.integers(0, classes, len(lengths))


def exact(weights: BagWeights) -> BagWeights:
    """Copy the weights in float64, which is computed plainly."""
    return BagWeights(*(array.astype("f8") for array in vars(weights).values()))


def assert_near(found: BagWeights, expected: BagWeights, tolerance: float = 1e-5) -> None:
    for name, array in vars(expected).items():
        np.testing.assert_allclose(getattr(found, name), array, atol=tolerance, rtol=tolerance, err_msg=name)


cases = st.tuples(
    st.lists(st.integers(0, 50), min_size=1, max_size=40),
    st.sampled_from([1, 5, 16, 17, 100]),
    st.integers(2, 6),
    st.integers(0, 99),
)


@each("length", [0, 1, 3, 40])
def test_a_step_is_the_formula_s(length: int, compiled: Library) -> None:
    weights, texts, labels = made([length], 5, 3)
    table, W, b = (array.copy() for array in vars(exact(weights)).values())
    own = texts.ids.tolist()
    h = np.mean([table[row] for row in own], axis=0) if own else np.zeros(16)
    p = np.exp(W @ h + b) / np.exp(W @ h + b).sum()
    d = p - np.eye(3)[labels[0]]
    before = W.copy()
    for row in own:
        table[row] -= 0.3 * (before.T @ d) / length
    W -= 0.3 * np.outer(d, h)
    b -= 0.3 * d
    loss = sgd_epoch(weights, texts, labels, np.array([0]), np.array([0.3], "f4"))
    assert loss == pytest.approx(-np.log(p[labels[0]]), rel=1e-5)
    assert_near(weights, BagWeights(table, W, b), 1e-6)


def test_a_step_follows_the_gradient_of_the_loss() -> None:
    weights, texts, labels = made([7], 4, 3)
    weights = exact(weights)
    moved = exact(weights)
    sgd_epoch(moved, texts, labels, np.array([0]), np.array([1.0]))

    def loss() -> float:
        return sgd_epoch(exact(weights), texts, labels, np.array([0]), np.array([0.0]))

    for name, array in vars(weights).items():
        found = array - getattr(moved, name)
        for place in np.ndindex(array.shape):
            kept, sides = array[place], []
            for way in (1e-5, -1e-5):
                array[place] = kept + way
                sides.append(loss())
            array[place] = kept
            assert found[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-8), (name, place)


@many
@given(case=cases, drop=st.sampled_from([0.0, 0.3, 0.9]), seed=st.integers(0, 2**32 - 1))
def test_one_thread_learns_what_the_plain_arithmetic_learns(
    case: Any, drop: float, seed: int, compiled: Library, called: list[str]
) -> None:
    weights, texts, labels = made(*case)
    other, precise = weights.copy(), exact(weights)
    order = np.random.default_rng(0).permutation(len(texts))
    rates = np.linspace(0.2, 0, len(texts), dtype="f4")
    called.clear()
    found = sgd_epoch(weights, texts, labels, order, rates, drop=drop, seed=seed)
    assert called == ["hogwild"]
    with plain():
        assert found == pytest.approx(sgd_epoch(other, texts, labels, order, rates, drop=drop, seed=seed), rel=1e-5)
    assert called == ["hogwild"]
    assert_near(weights, other)
    sgd_epoch(precise, texts, labels, order, rates, drop=drop, seed=seed)
    assert_near(weights, precise)


def moved(length: int, drop: float, seed: int, place: int = 0) -> tuple[Any, Any]:
    """Which of a text's rows, all different, one step moves, and the rows before it less those after it."""
    weights = BagWeights.of(2 * length, np.random.default_rng(0).normal(size=(3, 16)).astype("f4"))
    weights.table[:] = np.random.default_rng(1).normal(size=weights.table.shape)
    before, texts = weights.copy(), Ragged(np.arange(2 * length, dtype=np.int32), np.array([0, length, 2 * length]))
    sgd_epoch(weights, texts, np.array([1, 1]), np.array([place]), np.array([0.5], "f4"), drop=drop, seed=seed)
    change = (before.table - weights.table)[length * place : length * (place + 1)]
    return change.any(axis=1), change


def test_a_step_with_rows_left_out_is_the_step_of_the_others_alone(compiled: Library) -> None:
    stays, change = moved(40, 0.9, 7)
    assert 5 < stays.sum() < 35
    weights = BagWeights.of(40, np.random.default_rng(0).normal(size=(3, 16)).astype("f4"))
    weights.table[:] = np.random.default_rng(1).normal(size=(80, 16))[:40]
    before, kept = weights.copy(), np.flatnonzero(stays).astype(np.int32)
    sgd_epoch(weights, Ragged(kept, np.array([0, len(kept)])), np.array([1]), np.array([0]), np.array([0.5], "f4"))
    np.testing.assert_allclose(change, before.table - weights.table, atol=1e-6)


def test_rows_are_left_out_as_often_as_asked_and_anew_for_every_seed_and_text(compiled: Library) -> None:
    for drop in (0.1, 0.5, 0.8):
        stays = np.array([moved(1000, drop, seed, place)[0] for seed in (1, 2) for place in (0, 1)])
        np.testing.assert_allclose(stays.mean(axis=1), 1 - drop * (1 - 20 / 1000), atol=0.06)
        np.testing.assert_allclose(np.corrcoef(stays), np.eye(4), atol=0.15)  # five deviations
    assert np.array_equal(moved(1000, 0.5, 3)[0], moved(1000, 0.5, 3)[0])
    assert moved(1000, 0.0, 3)[0].all()


def test_the_shorter_a_text_the_fewer_of_its_rows_are_left_out_and_of_20_none(compiled: Library) -> None:
    shares = {
        length: np.mean([moved(length, 0.8, seed)[0].mean() for seed in range(100)]) for length in (1, 20, 25, 40)
    }
    assert shares[1] == shares[20] == 1
    assert shares[25] == pytest.approx(1 - 0.8 * 5 / 25, abs=0.04)
    assert shares[40] == pytest.approx(1 - 0.8 / 2, abs=0.04)


@many
@given(case=cases)
def test_logits_are_the_plain_ones_and_the_same_for_any_number_of_threads(
    case: Any, compiled: Library, called: list[str]
) -> None:
    weights, texts, _ = made(*case)
    called.clear()
    found = logits(weights, texts)
    assert called == ["hogwild"]
    with plain():
        np.testing.assert_allclose(found, logits(weights, texts), atol=1e-5)
    means = [weights.table[texts.ids[texts.starts[k] : texts.starts[k + 1]]].sum(0) for k in range(len(texts))]
    expected = np.array(means) / np.maximum(texts.lengths, 1)[:, None] @ weights.W.T + weights.b
    np.testing.assert_allclose(found, expected, atol=1e-5)
    with pytest.MonkeyPatch.context() as patch, threads(3):
        patch.setattr(hogwild, "WORTH_A_THREAD", 0)
        assert np.array_equal(logits(weights, texts), found)


def test_no_texts_teach_nothing_and_have_no_logits(compiled: Library) -> None:
    weights, texts, labels = made([], 5, 3)
    before = weights.copy()
    assert sgd_epoch(weights, texts, labels, np.arange(0), np.zeros(0, "f4")) == 0
    assert_near(weights, before, 0)
    assert logits(weights, texts).shape == (0, 3)
    with plain():
        assert logits(weights, texts).shape == (0, 3)


def planted(texts: int) -> tuple[Ragged, Any]:
    """Texts whose first row tells the label; the others are chance."""
    random = np.random.default_rng(0)
    labels = np.arange(texts) % 3
    ids = random.integers(3, ROWS, (texts, 9)).astype(np.int32)
    ids[:, 0] = labels
    return Ragged(ids.ravel(), np.arange(texts + 1) * 9), labels


def test_several_threads_learn_the_same(compiled: Library, called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hogwild, "WORTH_A_THREAD", 0)
    texts, labels = planted(3000)
    for number in (1, 2, 4):
        weights = BagWeights.of(ROWS, np.random.default_rng(0).normal(size=(3, 20)).astype("f4"))
        called.clear()
        with threads(number):
            sgd_epoch(weights, texts, labels, np.arange(3000), np.linspace(1, 0, 3000, dtype="f4"))
        assert called == ["hogwild"] * number
        assert np.mean(logits(weights, texts).argmax(1) == labels) > 0.99


def test_one_thread_gives_the_same_bits_twice(compiled: Library) -> None:
    runs = []
    for _ in range(2):
        weights, texts, labels = made([9] * 200, 20, 4)
        sgd_epoch(weights, texts, labels, np.arange(200), np.full(200, 0.1, "f4"))
        runs.append(b"".join(array.tobytes() for array in vars(weights).values()))
    assert runs[0] == runs[1]


def test_what_is_beyond_a_vector_s_size_stays_zero(compiled: Library) -> None:
    weights, texts, labels = made([9] * 50, 17, 4)
    sgd_epoch(weights, texts, labels, np.arange(50), np.full(50, 0.5, "f4"))
    assert weights.table.shape == (ROWS, 32)
    assert not weights.table[:, 17:].any()
    assert not weights.W[:, 17:].any()


def test_every_row_begins_a_cache_line() -> None:
    weights = BagWeights.of(ROWS, np.zeros((3, 7), "f4"))
    for array in (weights.table, weights.W, weights.copy().table):
        assert array.__array_interface__["data"][0] % 64 == 0
        assert array.strides[0] % 64 == 0


@each("number", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_visible(number: float, compiled: Library) -> None:
    weights, texts, labels = made([3, 3], 5, 3)
    weights.table[texts.ids[0], 0] = number
    other = weights.copy()
    np.testing.assert_array_equal(np.isfinite(logits(weights, texts))[0], [False] * 3)
    assert not np.isfinite(sgd_epoch(weights, texts, labels, np.arange(2), np.full(2, 0.1, "f4")))
    with plain():
        assert not np.isfinite(sgd_epoch(other, texts, labels, np.arange(2), np.full(2, 0.1, "f4")))


@pytest.mark.parametrize("wrong", ["row", "negative row", "label", "order"])
def test_what_is_not_there_is_refused_before_the_kernel(wrong: str, compiled: Library, called: list[str]) -> None:
    weights, texts, labels = made([3, 3], 5, 3)
    order = np.arange(2)
    if wrong == "label":
        labels[1] = 3
    elif wrong == "order":
        order[1] = 2
    else:
        texts.ids[4] = -1 if wrong == "negative row" else ROWS
    with pytest.raises(IndexError, match="in a table of"):
        sgd_epoch(weights, texts, labels, order, np.zeros(2, "f4"))
    assert called == []


@pytest.mark.parametrize("starts", [[-1, 3, 6], [0, 4, 3], [0, 3, 7], [3, 2, 1]])
def test_texts_that_reach_beyond_the_ids_are_refused(starts: list[int]) -> None:
    Ragged(np.zeros(6, np.int32), np.array([0, 3, 6]))
    with pytest.raises(IndexError, match="in 6 ids"):
        Ragged(np.zeros(6, np.int32), np.array(starts))


@pytest.mark.parametrize("name", ["table", "W", "b"])
def test_weights_that_do_not_fit_are_refused_before_the_kernel(name: str, compiled: Library, called: list[str]) -> None:
    weights, texts, labels = made([3, 3], 5, 3)
    array = getattr(weights, name)
    for wrong in (np.repeat(array, 2, axis=0)[::2], array[..., :-1].copy()):
        other = BagWeights(**{**vars(weights), name: wrong})
        with pytest.raises((ValueError, IndexError)):
            sgd_epoch(other, texts, np.zeros_like(labels), np.arange(2), np.zeros(2, "f4"))
    assert called == []


def test_every_text_needs_a_rate(compiled: Library, called: list[str]) -> None:
    weights, texts, labels = made([3, 3], 5, 3)
    with pytest.raises(ValueError, match="1 rates for 2 texts"):
        sgd_epoch(weights, texts, labels, np.arange(2), np.zeros(1, "f4"))
    assert called == []
