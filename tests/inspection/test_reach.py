"""Reach by distance against products of Jacobians, known half-lives, and the pitfalls of measuring it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.errors import DataError
from unrolled.inspection import GradientReach, reach
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize


def sigma(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def ratios(gradients: list[Any]) -> list[float]:
    return [float(np.linalg.norm(g) / np.linalg.norm(gradients[0])) for g in gradients]


def test_equals_the_product_of_the_lecture_s_jacobians_of_the_gru(one_text: Any) -> None:
    """dh_t/dh_{t-1} = diag(1-z) + diag((h~-h) z(1-z)) W(z) + diag(z(1-h~^2)) W [diag(r) + diag(h r(1-r)) W(r)]."""
    case = one_text("gru")
    w = case.weights
    U, W, b = (dict(zip("rzh", np.split(w[f"encoder.0.forward.{s}"], 3, axis=-1), strict=True)) for s in "UWb")
    W = {gate: block.T for gate, block in W.items()}  # the lecture's W stands to the left of h
    h, jacobians = np.zeros(3), []
    for x in w["embeddings.tuned"][case.ids[0]]:
        r, z = (sigma(W[gate] @ h + x @ U[gate] + b[gate]) for gate in "rz")
        new = np.tanh(W["h"] @ (r * h) + x @ U["h"] + b["h"])
        inside = np.diag(r) + np.diag(h * r * (1 - r)) @ W["r"]
        J = np.diag(1 - z) + np.diag((new - h) * z * (1 - z)) @ W["z"] + np.diag(z * (1 - new**2)) @ W["h"] @ inside
        jacobians.append(J)
        h = (1 - z) * h + z * new
    logits = h @ w["classifier.W"] + w["classifier.b"]
    p = np.exp(logits) / np.exp(logits).sum()
    gradients = [w["classifier.W"] @ (p - np.eye(3)[case.labels[0]])]
    for J in reversed(jacobians[1:]):
        gradients.append(J.T @ gradients[-1])
    (found,) = reach(case.network, w, *case.texts)
    assert found.ratios[0] == pytest.approx(ratios(gradients), rel=1e-10)


def test_each_text_is_measured_by_itself_from_its_own_end(case: Any) -> None:
    if case.network.encoder.pooling == "max":
        pytest.skip("a text whose last state is no maximum has no gradient there, and is left out")
    together = reach(case.network, case.weights, *case.texts)
    for row, measured in ((0, 0), (2, 2)):
        T = case.lengths[row]
        alone = reach(case.network, case.weights, case.ids[[row], :T], case.lengths[[row]], case.labels[[row]])
        for whole, single in zip(together, alone, strict=True):
            assert (whole.side, whole.symbol) == (single.side, single.symbol)
            assert whole.ratios[measured, :T] == pytest.approx(single.ratios[0], rel=1e-9)
            assert np.isnan(whole.ratios[measured, T:]).all()


def test_it_is_the_whole_derivative_which_no_step_lacks(first_weights: Any) -> None:
    """The output's direct gradient is 0 everywhere but at the last step."""
    for found in reach(*first_weights("lstm")):
        assert found.ratios.shape == (64, 60)
        assert (found.ratios > 0).all()
        assert (found.ratios[:, 0] == 1).all()


# Measured with the seed 0. Second column: words' vectors are normal(0, 1) as torch draws them, the rest ours;
# for torch's own a published measurement has 0.9 (rnn), 1.4 and 3.4 (lstm), 1.4 (gru)
@each(
    ("name", "options", "ours", "torch_s"),
    [
        ("rnn", {}, 1.38, 0.96),
        ("rnn", {"nonlinearity": "sigmoid"}, 0.36, 0.35),
        ("lstm", {"forget_gate_bias": 0.0}, 1.42, 1.29),
        ("lstm", {}, 3.66, 2.82),
        ("gru", {}, 1.45, 1.35),
    ],
)
def test_the_half_lives_at_the_first_weights(
    first_weights: Any, name: str, options: Any, ours: float, torch_s: float
) -> None:
    assert reach(*first_weights(name, **options))[0].half_life == pytest.approx(ours, rel=0.05)
    assert reach(*first_weights(name, deviation=1.0, **options))[0].half_life == pytest.approx(torch_s, rel=0.05)


def test_a_gradient_whose_squares_are_0_still_has_its_norm() -> None:
    encoder = make_encoder("rnn", 4, {"hidden_size": 4, "nonlinearity": "sigmoid", "pooling": "last"})
    network, ids = TextNetwork(2, 4, "tuned", encoder, 2), np.ones((2, 301), np.int64)
    (found,) = reach(network, initialize(network.weights(), 0), ids, np.array([301, 301]), np.array([0, 1]))
    assert 0 < found.median[300] < 1e-170  # squared it is below the least double, 5e-324
    assert np.log(found.median[300]) == pytest.approx(2 * np.log(found.median[150]), rel=0.05)


@pytest.mark.parametrize("half_life", [0.5, 3.0, 40.0])
def test_the_half_life_is_that_of_a_gradient_that_halves(half_life: float) -> None:
    found = GradientReach("0.forward", "h", 0.5 ** (np.arange(60.0)[None] / half_life) * np.ones((5, 1)))
    assert found.half_life == pytest.approx(half_life)


def test_a_half_life_is_infinite_where_nothing_shrinks_and_0_where_nothing_arrives() -> None:
    assert GradientReach("", "h", np.full((2, 30), 1.0) * 1.1 ** np.arange(30)).half_life == math.inf
    assert GradientReach("", "h", np.array([[1.0, 0.0, 0.0]])).half_life == 0
    assert GradientReach("", "h", np.array([[1.0, 0.5, 0.0]])).half_life == pytest.approx(1)


def test_only_the_first_20_steps_are_fitted_and_no_text_counts_more_than_another() -> None:
    ratios = np.tile(0.5 ** np.arange(30.0), (9, 1))
    ratios[:, 20:] = 7
    ratios[0] *= 0  # one that has died
    ratios[1] *= 1e9
    assert GradientReach("", "h", ratios).half_life == pytest.approx(1)


def test_steps_limit_what_is_measured(one_text: Any) -> None:
    case = one_text("lstm", num_layers=2, bidirectional=True)
    every, near = (reach(case.network, case.weights, *case.texts, steps=k) for k in (None, 3))
    assert [(found.side, found.symbol) for found in near] == [
        (f"{layer}.{way}", s) for layer in (0, 1) for way in ("forward", "backward") for s in "hC"
    ]
    for whole, part in zip(every, near, strict=True):
        assert part.ratios == pytest.approx(whole.ratios[:, :3])


def test_texts_in_which_nothing_lies_behind_are_told(one_text: Any) -> None:
    case = one_text("rnn")
    with pytest.raises(DataError, match="at least 2 words"):
        reach(case.network, case.weights, case.ids, np.array([1]), case.labels)


def test_a_loss_that_hangs_on_no_state_is_told(one_text: Any) -> None:
    case = one_text("rnn")
    weights = {**case.weights, "classifier.W": np.zeros((3, 3))}
    with pytest.raises(DataError, match="exactly 0"):
        reach(case.network, weights, *case.texts)
