"""Rows of a table, text after text → logits of their mean; and stochastic gradient descent over texts, one at a time.

    h = mean of the rows,    z = W h + b,    p = softmax(z),    d = p - y
    every row <- row - rate / rows W^T d,    W <- W - rate d h^T,    b <- b - rate d    (all from W before the step)

as fastText does it (Joulin et al. 2017). Of a text of n rows that is learnt from each may be left out by chance, again
at every step, with the probability drop (1 - 20 / n): a short text has none to spare. Several threads share the weights
without locks, as Hogwild (Niu et al. 2011): only one thread gives the same bits twice.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Float32Array, Int32Array, IntArray
from unrolled.kernels.compiled.checks import check_floats, check_ids, integers
from unrolled.kernels.compiled.library import Library, compiled
from unrolled.kernels.run_parallel import run_parallel, thread_count

LANES = 16  # numbers in the widest register: columns are rounded up to it, so that every row begins a cache line
WORTH_A_THREAD = 20_000  # rows; handing over costs some 30 µs
SPARED = 20  # rows of which none is left out
DRAWS, STEP = 2**32, np.uint32(0x9E3779B9)


@dataclass(frozen=True, eq=False)
class Ragged:
    """Rows of a table, text after text: ids (rows of all texts,), starts (texts + 1,) where each text's begin."""

    ids: Int32Array
    starts: IntArray

    def __post_init__(self) -> None:
        """Raise an IndexError where a text would begin before the one in front of it, or end beyond the ids."""
        if not 0 <= self.starts[0] <= self.starts[-1] <= len(self.ids) or (self.lengths < 0).any():
            raise IndexError(f"texts from {self.starts[0]} to {self.starts[-1]} in {len(self.ids)} ids")

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> IntArray:
        """Rows of each text."""
        return np.diff(self.starts)

    @cached_property
    def limits(self) -> Int32Array:
        """Return the least id and the greatest, if there are any."""
        return np.array([self.ids.min(), self.ids.max()] if len(self.ids) else [], np.int32)


@dataclass(frozen=True, eq=False)
class BagWeights:
    """The weights: table (rows, size), W (classes, size), b (classes,); size is a multiple of LANES, the rest zeros."""

    table: Float32Array
    W: Float32Array
    b: Float32Array

    @classmethod
    def of(cls, rows: int, W: Float32Array) -> BagWeights:
        """Begin with a table of zeros, with W (classes, columns) and with b = 0."""
        classes, columns = W.shape
        size = -(-columns // LANES) * LANES
        weights = cls(_zeros(rows, size), _zeros(classes, size), np.zeros(classes, np.float32))
        weights.W[:, :columns] = W
        return weights

    def copy(self, into: BagWeights | None = None) -> BagWeights:
        """Copy the weights, into an older copy if there is one."""
        copied = into or BagWeights(_zeros(*self.table.shape), _zeros(*self.W.shape), np.zeros_like(self.b))
        for name, array in vars(self).items():
            np.copyto(getattr(copied, name), array)
        return copied


def _zeros(rows: int, columns: int) -> Float32Array:
    """Make an array that begins a cache line; memory that is never written to is never taken."""
    raw = np.zeros(4 * rows * columns + 64, np.uint8)
    first = -raw.__array_interface__["data"][0] % 64
    return raw[first : first + 4 * rows * columns].view(np.float32).reshape(rows, columns)


class _Call(ctypes.Structure):
    """The struct of native/hogwild.h."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("ids", "starts", "order", "labels", "rates", "table", "W", "b")),
        *((name, ctypes.c_void_p) for name in ("logits", "loss", "next")),
        *((name, ctypes.c_int64) for name in ("count", "size", "classes", "longest", "seed", "dropped")),
    )


def sgd_epoch(
    weights: BagWeights,
    texts: Ragged,
    labels: IntArray,
    order: IntArray,
    rates: Float32Array,
    *,
    drop: float = 0.0,
    seed: int = 0,
) -> float:
    """Learn from the texts in order, each with its rate → the sum of their losses, each before its step.

    Of long texts rows are left out with the probability `drop`; which ones depends on the seed, below 2^32, and on the
    text's place in `texts`.
    """
    _check(weights, texts, labels, order)
    if rates.shape != order.shape:
        raise ValueError(f"{rates.size} rates for {order.size} texts")
    dropped = int(drop * DRAWS)
    library = compiled(weights.table, weights.W, weights.b, rates)
    if library is None:
        with np.errstate(over="ignore", invalid="ignore"):
            return _descend_plainly(weights, texts, labels, order, rates, seed, dropped)
    given = np.ascontiguousarray(rates)
    return _call(library, weights, texts, labels, order, seed=seed, dropped=dropped, rates=given)


def logits(weights: BagWeights, texts: Ragged) -> Float32Array:
    """Read texts: (texts, classes)."""
    order = np.arange(len(texts))
    labels = np.zeros(len(texts), np.int64)
    _check(weights, texts, labels, order)
    library = compiled(weights.table, weights.W, weights.b)
    if library is None:
        means = [_mean(weights.table, _rows(texts, text)) for text in order]
        with np.errstate(over="ignore", invalid="ignore"):
            return np.array(means).reshape(-1, weights.table.shape[1]) @ weights.W.T + weights.b
    found = np.empty((len(texts), len(weights.b)), np.float32)
    _call(library, weights, texts, labels, order, logits=found)
    return found


def _check(weights: BagWeights, texts: Ragged, labels: IntArray, order: IntArray) -> None:
    """Raise an IndexError for a place, a row or a label that isn't there."""
    check_ids(order, len(texts))
    check_ids(texts.limits, len(weights.table))
    check_ids(labels[order], len(weights.b))


def _call(
    library: Library,
    weights: BagWeights,
    texts: Ragged,
    labels: IntArray,
    order: IntArray,
    *,
    seed: int = 0,
    dropped: int = 0,
    **more: Float32Array,
) -> float:
    rows, size = weights.table.shape
    check_floats((rows, -(-size // LANES) * LANES), weights.table)
    check_floats((len(weights.b), size), weights.W)
    check_floats((len(weights.b),), weights.b)
    arrays: dict[str, NDArray[Any]] = {
        "ids": np.ascontiguousarray(texts.ids, np.int32),
        "starts": integers(texts.starts),
        "order": integers(order),
        "labels": integers(labels),
        "table": weights.table,
        "W": weights.W,
        "b": weights.b,
        "next": np.zeros(1, np.int64),
        **more,
    }
    worth = thread_count() > 1 and texts.lengths[order].sum() > WORTH_A_THREAD
    losses = np.zeros(thread_count() if worth else 1)
    counts = {"count": len(order), "size": size, "classes": len(weights.b)}
    counts |= {"longest": int(texts.lengths.max(initial=0)), "seed": seed, "dropped": dropped}
    at = {name: array.__array_interface__["data"][0] for name, array in arrays.items()}
    calls = [
        _Call(**at, **counts, loss=losses[thread:].__array_interface__["data"][0]) for thread in range(len(losses))
    ]
    run_parallel([partial(library.call, "hogwild", ctypes.byref(call)) for call in calls])
    return float(losses.sum())


def _descend_plainly(
    weights: BagWeights, texts: Ragged, labels: IntArray, order: IntArray, rates: Float32Array, seed: int, dropped: int
) -> float:
    table, W, b = weights.table, weights.W, weights.b
    loss = 0.0
    for text, rate in zip(order, rates, strict=True):
        rows = _rows(texts, text)
        if len(rows) > SPARED:
            rows = rows[_draws(seed, text, len(rows)) >= dropped * (len(rows) - SPARED) // len(rows)]
        h = _mean(table, rows)
        z = W @ h + b
        powers = np.exp(z - z.max())
        d = powers / powers.sum()
        loss += float(np.log(powers.sum()) - (z - z.max())[labels[text]])
        d[labels[text]] -= 1
        np.subtract.at(table, rows, rate / np.float32(max(len(rows), 1)) * (d @ W))
        W -= rate * np.outer(d, h)
        b -= rate * d
    return loss


def _draws(seed: int, text: int, rows: int) -> NDArray[Any]:
    """Draw a number below 2^32 for every row of a text, as native/hogwild.h does."""
    own = _mixed(np.array([seed], np.uint32) + np.array([text], np.int64).astype(np.uint32) * STEP)
    return _mixed(own + np.arange(rows, dtype=np.uint32) * STEP)


def _mixed(x: NDArray[Any]) -> NDArray[Any]:
    """Spread every bit over the number: the last step of MurmurHash3 (Appleby 2011)."""
    x = (x ^ x >> 16) * np.uint32(0x85EBCA6B)
    x = (x ^ x >> 13) * np.uint32(0xC2B2AE35)
    found: NDArray[Any] = x ^ x >> 16
    return found


def _rows(texts: Ragged, text: Any) -> Int32Array:
    return texts.ids[texts.starts[text] : texts.starts[text + 1]]


def _mean(table: Float32Array, rows: Int32Array) -> Float32Array:
    """Average rows; without any, 0."""
    mean: Float32Array = table[rows].sum(axis=0) / np.float32(max(len(rows), 1))
    return mean
