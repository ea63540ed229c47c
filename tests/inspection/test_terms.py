"""dL/dW as a sum over steps back, against autograd, truncated back-propagation and a closed formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unrolled.inspection import blocks, norms, shares, terms_through_time
from unrolled.model.cross_entropy import cross_entropy


def test_the_terms_add_up_to_autograd_s_gradient_of_every_weight(case: Any) -> None:
    terms = terms_through_time(case.network, case.weights, *case.texts)
    _, gradients = case.autograd()
    assert set(terms) == {name for name in gradients if name.startswith("encoder.")}
    for name, each in terms.items():
        assert each.shape == (7, *case.weights[name].shape)
        assert each.sum(axis=0) == pytest.approx(gradients[name], abs=1e-10, rel=0), name
        assert case.network.encoder.pooling == "max" or np.abs(gradients[name]).max() > 1e-6


def truncated(case: Any, steps: int) -> dict[str, Any]:
    """Walk over one text with one set of weights, cutting the gradient so many steps before the end."""
    encoder = case.network.encoder
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in case.weights.items()}
    own = {s: leaves[f"encoder.0.forward.{s}"] for s in ("U", "W", "b", "c") if f"encoder.0.forward.{s}" in leaves}
    step, state = encoder.step(own), (torch.zeros(1, 3, dtype=torch.float64),) * encoder.parts
    for place, word in enumerate(case.ids[0]):
        if place <= case.ids.shape[1] - steps:
            state = tuple(part.detach() for part in state)
        x = leaves["embeddings.tuned"][word : word + 1] @ own["U"] + own["b"]
        state = step(x, state)[: encoder.parts]
    logits = state[0] @ leaves["classifier.W"] + leaves["classifier.b"]
    found = torch.autograd.grad(cross_entropy(logits, case.labels), list(own.values()), allow_unused=True)
    return {f"encoder.0.forward.{s}": g.numpy() for s, g in zip(own, found, strict=True) if g is not None}


def test_differences_of_truncated_back_propagation_are_the_terms(one_direction: Any) -> None:
    case = one_direction
    terms = terms_through_time(case.network, case.weights, *case.texts)
    before: dict[str, Any] = dict.fromkeys(terms, 0.0)
    for k in range(7):
        now = truncated(case, k + 1)
        assert set(now) == set(terms)
        for weight, gradient in now.items():
            assert gradient - before[weight] == pytest.approx(terms[weight][k], abs=1e-12, rel=0), (weight, k)
        before = now


def test_terms_of_the_plain_network_are_the_closed_formula(one_text: Any) -> None:
    """G_k = h_{T-k-1} (delta_{T-k} * (1 - h_{T-k}^2))^T, as our states are rows."""
    case = one_text("rnn")
    w = case.weights
    U, W, b = (w[f"encoder.0.forward.{symbol}"] for symbol in "UWb")
    x, h = w["embeddings.tuned"][case.ids[0]], [np.zeros(3)]
    for x_t in x:
        h.append(np.tanh(h[-1] @ W + x_t @ U + b))
    logits = h[-1] @ w["classifier.W"] + w["classifier.b"]
    p = np.exp(logits) / np.exp(logits).sum()
    delta = w["classifier.W"] @ (p - np.eye(3)[case.labels[0]])
    terms = terms_through_time(case.network, w, *case.texts)
    for k in range(7):
        a = delta * (1 - h[7 - k] ** 2)
        assert terms["encoder.0.forward.W"][k] == pytest.approx(np.outer(h[7 - k - 1], a), abs=1e-14, rel=0)
        assert terms["encoder.0.forward.U"][k] == pytest.approx(np.outer(x[6 - k], a), abs=1e-14, rel=0)
        assert terms["encoder.0.forward.b"][k] == pytest.approx(a, abs=1e-14, rel=0)
        delta = W @ a


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_the_first_word_s_term_is_exactly_0_for_w_and_not_for_u_and_b(one_text: Any, name: str) -> None:
    case = one_text(name)
    terms = terms_through_time(case.network, case.weights, *case.texts)
    last = {weight.rpartition(".")[2]: np.abs(each[-1]).max() for weight, each in terms.items()}
    assert last["W"] == 0
    assert last["U"] > 0
    assert last["b"] > 0
    assert all(np.abs(each[:-1]).max(axis=tuple(range(1, each.ndim))).min() > 0 for each in terms.values())


@pytest.mark.parametrize("options", [{}, {"num_layers": 2}, {"bidirectional": True}, {"pooling": "max"}], ids=str)
def test_fewer_steps_are_the_first_terms(one_text: Any, options: Any) -> None:
    case = one_text("lstm", **options)
    every, near = (terms_through_time(case.network, case.weights, *case.texts, steps=k) for k in (None, 3))
    for name, each in near.items():
        assert each == pytest.approx(every[name][:3], abs=1e-14, rel=0)


def test_fewer_steps_are_the_first_terms_also_where_layers_read_both_ways(one_text: Any) -> None:
    case = one_text("gru", num_layers=2, bidirectional=True)
    every, near = (terms_through_time(case.network, case.weights, *case.texts, steps=k) for k in (None, 2))
    assert all(each == pytest.approx(every[name][:2], abs=1e-14, rel=0) for name, each in near.items())


def test_blocks_are_the_gates_own_columns_by_the_lecture_s_symbols(one_text: Any) -> None:
    case = one_text("lstm")
    terms = terms_through_time(case.network, case.weights, *case.texts)
    found = blocks(case.network, terms)
    assert {name.rpartition(".")[2] for name in found} == {f"{s}({gate})" for s in "UWb" for gate in "ifoc"}
    assert np.array_equal(found["encoder.0.forward.W(f)"], terms["encoder.0.forward.W"][:, :, 3:6])
    after = one_text("gru", reset="after")
    names = blocks(after.network, terms_through_time(after.network, after.weights, *after.texts))
    assert "encoder.0.forward.c" in names
    assert "encoder.0.forward.W(z)" in names


def test_shares_sum_to_1_and_norms_are_frobenius(one_text: Any) -> None:
    case = one_text("gru")
    each = terms_through_time(case.network, case.weights, *case.texts)["encoder.0.forward.W"]
    G = each.sum(axis=0)
    assert shares(each) == pytest.approx([float((term * G).sum() / (G**2).sum()) for term in each])
    assert shares(each).sum() == pytest.approx(1)
    assert norms(each) == pytest.approx([np.sqrt((term**2).sum()) for term in each])
    assert shares(np.zeros((3, 2, 2))).tolist() == [0, 0, 0]
