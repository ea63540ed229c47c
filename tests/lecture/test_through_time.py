"""The terms of the gradient through time, against torch's gradient and against the product of Jacobians."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
import torch

from unrolled.lecture.through_time import terms

T, H, D = 6, 3, 2


@pytest.fixture
def drawn() -> dict[str, Any]:
    random = np.random.default_rng(0)
    shapes = {"W": (H, H), "U": (H, D), "b": (H,), "x": (T, D), "last": (H,)}
    return {name: random.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("sigma", ["tanh", "sigmoid"])
def test_the_terms_add_up_to_torch_s_gradient(sigma: Literal["tanh", "sigmoid"], drawn: dict[str, Any]) -> None:
    W, U, b = (torch.tensor(drawn[name], requires_grad=True) for name in "WUb")
    h, states = torch.zeros(H, dtype=torch.float64), []
    for x in torch.tensor(drawn["x"]):
        h = getattr(torch, sigma)(W @ h + U @ x + b)
        states.append(h.detach().numpy())
    gradients = torch.autograd.grad(h @ torch.tensor(drawn["last"]), [W, U, b])
    found = terms(np.array(states), drawn["x"], drawn["W"], drawn["last"], sigma)
    for name, gradient in zip("WUb", gradients, strict=True):
        assert sum(getattr(term, name) for term in found) == pytest.approx(gradient.numpy(), abs=1e-12)


def test_each_term_is_its_own_path_and_the_farthest_is_zero_for_w_alone(drawn: dict[str, Any]) -> None:
    W, U, b, last = (drawn[name] for name in ("W", "U", "b", "last"))
    states = [np.zeros(H)]
    for x in drawn["x"]:
        states.append(np.tanh(W @ states[-1] + U @ x + b))
    found = terms(np.array(states[1:]), drawn["x"], W, last, "tanh")
    assert [term.t for term in found] == [6, 5, 4, 3, 2, 1]
    for term in found:
        path = last
        for t in range(T, term.t, -1):
            path = path @ np.diag(1 - states[t] ** 2) @ W
        inside = path @ np.diag(1 - states[term.t] ** 2)
        assert term.reached == pytest.approx(path, abs=1e-12)
        assert pytest.approx(inside[:, None] * states[term.t - 1][None, :], abs=1e-12) == term.W
    assert np.all(found[-1].W == 0)
    assert np.all(found[-1].U != 0)
    assert np.all(found[-1].b != 0)
