"""A network, its first weights and a plan → what one step changes: the weights on their device, and the optimizer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from unrolled.arrays import AnyArray, IntArray
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.text_network import TextNetwork
from unrolled.text.vocabulary import distinct
from unrolled.training.device import find_device
from unrolled.training.dropout import Stream, dropout
from unrolled.training.full_float32 import full_float32
from unrolled.training.optim.ema import Tensors, WeightEMA
from unrolled.training.optim.lazy_adamw import LazyAdamW
from unrolled.training.training_config import TrainingConfig

Arrays = dict[str, AnyArray]


class StepState:
    """The weights in training."""

    def __init__(self, network: TextNetwork, weights: Mapping[str, AnyArray], plan: TrainingConfig) -> None:
        """Copy the weights to the plan's device; tables named `static` stay as they are."""
        self.network, self.plan, self.device = network, plan, find_device(plan.device)
        self.weights = {name: torch.from_numpy(array.copy()).to(self.device) for name, array in weights.items()}
        tables = {name: table for name, table in self.weights.items() if name == "embeddings.tuned"}
        self.static = {name: table for name, table in self.weights.items() if name == "embeddings.static"}
        dense = {name: tensor for name, tensor in self.weights.items() if not name.startswith("embeddings.")}
        self.optimizer = LazyAdamW(dense, tables, weight_decay=plan.weight_decay)
        self.ema = WeightEMA({**tables, **dense}, plan.ema_decay)

    def step(
        self, number: int, ids: IntArray, lengths: IntArray, labels: IntArray, rate: float, class_weight: Any
    ) -> float:
        """Take one optimizer step (number from 0) and return the loss before it; not finite: nothing moves."""
        words, local = distinct(ids, lengths)
        rows = torch.from_numpy(words).to(self.device, non_blocking=True)
        leaves = {**self.optimizer.dense, **self.optimizer.read(rows)}
        for leaf in leaves.values():
            leaf.requires_grad_(True)
        static = {name: table[rows] for name, table in self.static.items()}
        with full_float32(self.device):
            loss = self._loss(number, {**leaves, **static}, local, lengths, labels, class_weight)
            gradients = dict(zip(leaves, _gradients(loss, list(leaves.values())), strict=True))
        for leaf in leaves.values():
            leaf.requires_grad_(False)
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients.values()]))
        found, length = torch.stack([loss.detach(), norm]).tolist()  # a step waits for a GPU here alone
        if not math.isfinite(found + length):
            return math.nan
        clip(gradients, length, self.plan.max_grad_norm)
        self.optimizer.step(gradients, rows, rate)
        return float(found)

    def _loss(
        self, number: int, weights: Any, ids: IntArray, lengths: IntArray, labels: IntArray, class_weight: Any
    ) -> torch.Tensor:
        # a stream of its own for every step: what is dropped is a pure function of (seed, step)
        mixed = np.random.SeedSequence([self.plan.random_state, number]).generate_state(1)
        stream = Stream(int(mixed[0]), self.device)
        logits = self.network.logits(
            weights,
            ids,
            lengths,
            drop=dropout(self.plan.dropout, stream),
            drop_words=dropout(self.plan.embedding_dropout, stream),
        )
        smoothing = self.plan.label_smoothing
        loss: torch.Tensor = cross_entropy(logits, labels, class_weight=class_weight, label_smoothing=smoothing)
        return loss

    @torch.no_grad()
    def logits(self, ids: IntArray, lengths: IntArray, weights: Tensors | None = None) -> AnyArray:
        """Read texts without dropout, with these weights or with others: (texts, classes)."""
        with full_float32(self.device):
            return self.network.read(weights or self.weights, ids, lengths).cpu().numpy()  # type: ignore[no-any-return]

    def arrays(self) -> Arrays:
        """Name all that steps change, as NumPy arrays; on a CPU these are the state itself, nothing is copied."""
        numbers = {name: tensor.cpu().numpy() for name, tensor in self.optimizer.tensors().items()}
        averaged = {f"average.{name}": tensor.cpu().numpy() for name, tensor in self.ema.means.items()}
        return {"log_decay": np.array(self.optimizer.log_decay), **numbers, **averaged}

    def pending_decay(self) -> Arrays:
        """Copy those of the arrays that `settle` changes."""
        tables = self.optimizer.tables
        return {name: array.copy() for name, array in self.arrays().items() if name.removesuffix(".settled") in tables}

    def restore(self, arrays: Mapping[str, AnyArray]) -> None:
        """Take over what `arrays` gave."""
        self.optimizer.log_decay = float(arrays["log_decay"])
        averaged = {f"average.{name}": tensor for name, tensor in self.ema.means.items()}
        for name, tensor in (*self.optimizer.tensors().items(), *averaged.items()):
            tensor.copy_(torch.from_numpy(arrays[name]))

    def eval_weights(self, evaluations: int) -> Tensors:
        """Return the weights of the evaluation of that number (from 1), all decay applied: the mean so far."""
        self.optimizer.settle()
        return {**self.static, **self.ema.eval_weights(evaluations)}

    def copy(self, weights: Tensors | None = None) -> Arrays:
        """Copy these weights, all decay applied, or others out as NumPy arrays."""
        self.optimizer.settle()
        return {name: tensor.cpu().numpy().copy() for name, tensor in (weights or self.weights).items()}


def _gradients(loss: torch.Tensor, leaves: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    """Differentiate; what texts without words don't reach has the gradient 0."""
    return torch.autograd.grad(loss, leaves, allow_unused=True, materialize_grads=True)


def clip(gradients: Mapping[str, torch.Tensor], norm: float, max_norm: float) -> None:
    """Scale all gradients together so that their joint norm is at most max_norm (Pascanu et al. 2013)."""
    if norm > max_norm:
        for gradient in gradients.values():
            gradient.mul_(max_norm / norm)
