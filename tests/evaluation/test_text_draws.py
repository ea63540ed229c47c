"""Texts drawn with replacement → the same distribution of scores as row by row with scikit-learn."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score

from unrolled.evaluation import text_draws
from unrolled.evaluation.text_draws import cells_of, drawn_accuracies, drawn_macro_f1s, macro_f1s

GENERATOR = np.random.default_rng(0)
TRUTH = np.array([-1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 5, 5, 0, 0, 0])  # no model says -1 or 5
PREDICTIONS = np.where(GENERATOR.random((3, 20)) < 0.6, TRUTH, GENERATOR.integers(0, 4, (3, 20))).clip(0, 3)


def row_by_row(resamples: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw rows, the same for all seeds → accuracies and macro F1 (resamples, seeds)."""
    generator, accuracies, f1s = np.random.default_rng(1), [], []
    for _ in range(resamples):
        rows = generator.integers(0, len(TRUTH), len(TRUTH))
        pairs = [(TRUTH[rows], of_seed[rows]) for of_seed in PREDICTIONS]
        accuracies.append([accuracy_score(*pair) for pair in pairs])
        f1s.append([f1_score(*pair, average="macro", zero_division=0) for pair in pairs])
    return np.array(accuracies), np.array(f1s)


def test_macro_f1_is_scikit_learn_s() -> None:
    wanted = [f1_score(TRUTH, of_seed, average="macro", zero_division=0) for of_seed in PREDICTIONS]
    np.testing.assert_allclose(macro_f1s(cells_of(TRUTH, PREDICTIONS)), wanted, rtol=1e-14)


@pytest.mark.torture
def test_draws_have_the_means_and_covariances_of_resampled_rows() -> None:
    found = (
        drawn_accuracies(PREDICTIONS == TRUTH, np.random.default_rng(0), 20_000),
        drawn_macro_f1s(cells_of(TRUTH, PREDICTIONS), np.random.default_rng(0), 20_000),
    )
    for drawn, wanted in zip(found, row_by_row(300), strict=True):
        error = wanted.std(axis=0) / np.sqrt(len(wanted))
        assert (np.abs(drawn.mean(axis=0) - wanted.mean(axis=0)) < 4 * error).all()
        # Also between seeds: they are scored on the same draws. A covariance errs by about √2 of its share.
        covariance, expected = np.cov(drawn.T), np.cov(wanted.T)
        scale = np.sqrt(np.outer(expected.diagonal(), expected.diagonal()))
        assert (np.abs(covariance - expected) < 4 * np.sqrt(2 / len(wanted)) * scale).all()


@pytest.mark.parametrize("at_once", [1, 70, 10**6])
def test_how_many_are_drawn_at_once_changes_nothing(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> list[NDArray[np.float64]]:
        cells = cells_of(TRUTH, PREDICTIONS)
        right = PREDICTIONS == TRUTH
        return [
            drawn_accuracies(right, np.random.default_rng(2), 50),
            drawn_macro_f1s(cells, np.random.default_rng(2), 50),
        ]

    wanted = drawn()
    monkeypatch.setattr(text_draws, "AT_ONCE", at_once)
    for found, of_one in zip(drawn(), wanted, strict=True):
        np.testing.assert_array_equal(found, of_one)


def test_every_draw_has_all_its_texts() -> None:
    """What is always right stays so, and two columns that share no text sum to 1."""
    half = np.arange(30) < 11
    drawn = drawn_accuracies(np.stack([np.ones(30, bool), half, ~half]), np.random.default_rng(0), 200)
    assert (drawn[:, 0] == 1).all()
    np.testing.assert_allclose(drawn[:, 1] + drawn[:, 2], 1, rtol=1e-12)


def test_many_texts_and_models_take_little_memory() -> None:
    right = np.random.default_rng(0).random((45, 25_000)) < 0.9
    tracemalloc.start()
    try:
        drawn_accuracies(right, np.random.default_rng(0), 200)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20  # how often each is drawn in all resamples would be 40 MB as bytes, 160 as float32
