"""Weights at evaluations → their mean, as NumPy has it in float64; a run judges and keeps it, also one that goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from tests.training.test_checkpoints import Clock, Memory, bits, run
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.optim.ema import WeightEMA
from unrolled.training.state import StepState


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.9])
def test_the_mean_is_that_of_float64_with_shares_that_add_up_to_one(decay: float) -> None:
    random, weights = np.random.default_rng(0), {"W": torch.zeros(3, 2), "b": torch.zeros(2)}
    average, seen = WeightEMA(weights, decay), list[dict[str, Any]]()
    for number in range(1, 8):
        for tensor in weights.values():
            tensor.copy_(torch.from_numpy(random.normal(size=tensor.shape)))
        seen.append({name: tensor.double().numpy().copy() for name, tensor in weights.items()})
        shares = decay ** np.arange(number - 1, -1, -1.0) * (1 - decay) / (1 - decay**number)
        assert shares.sum() == pytest.approx(1)
        found, again = average.eval_weights(number), average.eval_weights(number)
        for name, tensor in found.items():
            mean = sum(share * one[name] for share, one in zip(shares, seen, strict=True))
            np.testing.assert_allclose(tensor.numpy(), mean, rtol=1e-5, atol=1e-6)
            assert torch.equal(tensor, again[name]), "to judge counts nothing"
        average.update(number)


def test_what_never_moves_keeps_its_bits() -> None:
    first = torch.from_numpy(np.random.default_rng(1).normal(size=10_000)).float()
    average = WeightEMA({"table": first.clone()}, 0.75)
    for number in range(1, 40):
        assert torch.equal(average.eval_weights(number)["table"], first)
        average.update(number)


def test_a_run_keeps_the_mean_at_its_best_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[dict[str, Any]] = []
    real = StepState.eval_weights

    def eval_weights(state: StepState, evaluations: int) -> Any:
        taken.append({name: tensor.numpy().copy() for name, tensor in state.weights.items()})
        return real(state, evaluations)

    monkeypatch.setattr(StepState, "eval_weights", eval_weights)
    outcome = run(Checkpoints(), ema_decay=0.7, weight_decay=0.0)
    best = max(record.epoch for record in outcome.history if record.best)
    shares = 0.7 ** np.arange(best - 1, -1, -1.0) * 0.3 / (1 - 0.7**best)
    for name, array in outcome.weights.items():
        mean = sum(share * one[name].astype("f8") for share, one in zip(shares, taken[:best], strict=True))
        np.testing.assert_allclose(array, mean, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("more", [{}, {"max_steps": 17}, {"channels": "tuned+static"}, {"weight_decay": 0.3}], ids=str)
def test_a_run_that_goes_on_has_the_same_mean(more: dict[str, Any]) -> None:
    memory, settings = Memory(), {"ema_decay": 0.6, **more}
    kept = bits(run(Checkpoints(memory, every=0, clock=Clock()), **settings))
    assert kept == bits(run(Checkpoints(), **settings))
    assert kept != bits(run(Checkpoints(), **{**settings, "ema_decay": 0.0}))
    for state in memory.states[::5]:
        assert bits(run(Checkpoints(Memory(state)), **settings)) == kept
