"""Gradients → AdamW's steps (Loshchilov and Hutter 2019), lazy in the rows of embedding tables.

    m ← β1 m + (1 - β1) g,   v ← β2 v + (1 - β2) g²,   p ← (1 - ηλ) p - η (m / (1 - β1ⁿ)) / (√(v / (1 - β2ⁿ)) + ε)

with η the step's learning rate and λ the weight decay. Dense tensors take this step every time, all at once, as they
stand one behind the other in memory. A row of a table has its own m, v and n (its number of gradients so far), which
change only when its word is in the batch; the decay (1 - ηλ) of every step it missed is applied when the row is next
read, and to all rows by `settle`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch

from unrolled.kernels.arrays import runs
from unrolled.kernels.compiled import adamw
from unrolled.kernels.compiled.library import compiled

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Moments:
    """m, v and n of a dense tensor, or of some rows of a table."""

    def __init__(self, m: torch.Tensor, v: torch.Tensor, n: torch.Tensor) -> None:
        """Take m and v of the parameter's shape; n is a scalar, or (rows, 1)."""
        self.m, self.v, self.n = m, v, n

    @classmethod
    def of(cls, parameter: torch.Tensor, *, by_row: bool) -> Moments:
        """Begin with zeros."""
        # a scalar stays on the CPU: a GPU takes it as a number, and would take a kernel for each thing done to it
        shape, device = ((len(parameter), 1), parameter.device) if by_row else ((), "cpu")
        n = torch.zeros(shape, dtype=torch.float64, device=device)
        return cls(_zeros_like(parameter), _zeros_like(parameter), n)

    def update(self, parameter: torch.Tensor, gradient: torch.Tensor, rate: float, decay: float) -> None:
        """Take one step in place."""
        self.n += 1
        if library := compiled(parameter):
            arrays = (array.numpy() for array in (gradient.contiguous(), parameter, self.m, self.v))
            adamw.step_numbers(library, _settings(rate, decay), float(self.n), *arrays)
            return
        self.m.lerp_(gradient, 1 - BETA1)
        self.v.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
        m_scale, v_scale = ((1 - beta**self.n).to(parameter.dtype) for beta in (BETA1, BETA2))
        direction = (self.v / v_scale).sqrt_().add_(EPSILON).reciprocal_().mul_(self.m).div_(m_scale)
        parameter.mul_(1 - rate * decay).sub_(direction, alpha=rate)


def _zeros_like(parameter: torch.Tensor) -> torch.Tensor:
    if parameter.device.type != "cpu":
        return torch.zeros_like(parameter)
    return torch.from_numpy(np.zeros_like(parameter.numpy()))  # in large pages, which torch's own memory doesn't have


def _settings(rate: float, decay: float) -> adamw.Settings:
    return adamw.Settings(BETA1, BETA2, EPSILON, rate, 1 - rate * decay)


class LazyRows:
    """An embedding table (words, d) of which a step reads and moves only some rows."""

    def __init__(self, table: torch.Tensor) -> None:
        """Take the table, which is changed in place."""
        self.table, self.moments = table, Moments.of(table, by_row=True)
        self.decayed_until = torch.zeros(len(table), 1, dtype=torch.float64, device=table.device)

    def read(self, words: torch.Tensor, log_decay: float) -> torch.Tensor:
        """Return the rows (words, d), the decay of the steps that they missed applied."""
        if library := compiled(self.table):
            own, decayed_until = self.table.numpy(), self.decayed_until.numpy()
            return torch.from_numpy(adamw.decayed_rows(library, words.numpy(), log_decay, own, decayed_until))
        rows = self.table[words]
        rows *= torch.exp(log_decay - self.decayed_until[words]).to(rows.dtype)
        self.decayed_until[words] = log_decay
        self.table[words] = rows
        return rows

    def update(self, words: torch.Tensor, gradient: torch.Tensor, rate: float, decay: float) -> None:
        """Take one step for the rows just read."""
        if library := compiled(self.table):
            arrays = (array.numpy() for array in (gradient.contiguous(), self.table, *vars(self.moments).values()))
            adamw.step_rows(library, _settings(rate, decay), words.numpy(), *arrays)
            return
        rows, state = self.table[words], self.moments
        moments = Moments(state.m[words], state.v[words], state.n[words])
        moments.update(rows, gradient, rate, decay)
        self.table[words], state.m[words], state.v[words], state.n[words] = rows, moments.m, moments.v, moments.n


class LazyAdamW:
    """AdamW over dense tensors and embedding tables, both changed in place."""

    def __init__(
        self, dense: Mapping[str, torch.Tensor], tables: Mapping[str, torch.Tensor], *, weight_decay: float
    ) -> None:
        """Take the tensors by name, and lay the dense ones out together; the learning rate comes with each step."""
        self.dense, self.weight_decay = dict(dense), weight_decay
        self.together = _laid_out(list(dense.values()))
        self.moments = Moments.of(self.together, by_row=False)
        self.tables = {name: LazyRows(table) for name, table in tables.items()}
        self.log_decay = 0.0  # log of the product of all decays so far

    def read(self, words: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the rows of every table for a batch's distinct words, to take the gradient of."""
        return {name: table.read(words, self.log_decay) for name, table in self.tables.items()}

    def step(self, gradients: Mapping[str, torch.Tensor], words: torch.Tensor, rate: float) -> None:
        """Take a step: gradients of the dense tensors by name, and of the rows last read of every table."""
        decay = rate * self.weight_decay
        self.log_decay += math.log1p(-decay) if decay < 1 else -math.inf  # which ends as a loss that isn't finite
        if self.dense:
            gradient = torch.cat([gradients[name].reshape(-1) for name in self.dense])
            self.moments.update(self.together, gradient, rate, self.weight_decay)
        for name, table in self.tables.items():
            table.update(words, gradients[name], rate, self.weight_decay)
            table.decayed_until[words] = self.log_decay

    def tensors(self) -> dict[str, torch.Tensor]:
        """Name all tensors that steps change: the weights, settled or not, and what is known of their gradients."""
        named = {"dense": self.together, **{f"dense.{name}": moment for name, moment in vars(self.moments).items()}}
        for table, rows in self.tables.items():
            named |= {table: rows.table, f"{table}.settled": rows.decayed_until}
            named |= {f"{table}.{name}": moment for name, moment in vars(rows.moments).items()}
        return named

    def settle(self) -> None:
        """Apply all outstanding decay, as is due before any save or evaluation."""
        for table in self.tables.values():
            table.read(torch.arange(len(table.table), device=table.table.device), self.log_decay)


def _laid_out(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    """Move tensors into one memory, one behind the other, and give all of it: (numbers,)."""
    together = torch.cat([tensor.reshape(-1) for tensor in tensors]) if tensors else torch.empty(0)
    for tensor, own in zip(tensors, runs(together, [tensor.numel() for tensor in tensors]), strict=True):
        tensor.data = own.view(tensor.shape)
    return together
