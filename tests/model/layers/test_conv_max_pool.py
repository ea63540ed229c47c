"""The strongest window of every filter, and its gradient, against loops over all windows."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.model.layers.conv_max_pool import max_over_time

TEXTS = st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=4)
FILTERS = 3


def batch(texts: list[list[int]], more: int, junk: int) -> tuple[Any, Any]:
    length = max(1, *(len(text) for text in texts), 1) + more
    return np.array([text + [junk] * (length - len(text)) for text in texts]), np.array([len(text) for text in texts])


def strongest(taps: Any, text: list[int], size: int) -> Any:
    tap = taps.reshape(len(taps), size, -1)
    zeros = np.zeros(tap.shape[2])
    windows: list[Any] = [
        sum(tap[text[i + j], j] if i + j < len(text) else zeros for j in range(size))
        for i in range(max(1, len(text) - size + 1))
    ]
    return np.max(windows, axis=0)


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@settings(deadline=None)
@given(TEXTS, st.integers(1, 8), st.integers(0, 2), st.sampled_from([-2, 0, 10**12]))
def test_equals_a_loop_over_all_windows(kind: Any, texts: list[list[int]], size: int, more: int, junk: int) -> None:
    taps = np.random.default_rng(size).normal(size=(5, size * FILTERS)) - 1  # mostly below the zeros of missing words
    found = np.asarray(max_over_time(kind(taps), *batch(texts, more, junk), (size,)))
    assert found == pytest.approx(np.array([strongest(taps, text, size) for text in texts]), abs=1e-12)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 5))
def test_the_gradient_equals_that_of_torch_s_maximum(texts: list[list[int]], size: int) -> None:
    taps = torch.tensor(np.random.default_rng(size).normal(size=(5, size * FILTERS)), requires_grad=True)
    seen = torch.arange(1.0, 1 + len(texts) * FILTERS, dtype=torch.float64).reshape(len(texts), FILTERS)
    ours = (max_over_time(taps, *batch(texts, 0, 0), (size,)) * seen).sum()
    rows = []
    for text in texts:
        tap = torch.nn.functional.pad(taps[text], (0, 0, 0, max(0, size - len(text)))).reshape(-1, size, FILTERS)
        starts = range(len(tap) - size + 1)
        windows = torch.stack([torch.stack([tap[start + j, j] for j in range(size)]).sum(dim=0) for start in starts])
        first = windows.detach().argmax(dim=0)  # where windows are alike, one of them stands for all
        rows.append(windows[first, torch.arange(FILTERS)])
    theirs = (torch.stack(rows) * seen).sum()
    found, expected = (torch.autograd.grad(loss, taps)[0].numpy() for loss in (ours, theirs))
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_the_precision_stays(kind: Any, dtype: str) -> None:
    found = np.asarray(max_over_time(kind(np.ones((5, 6), dtype)), *batch([[1, 2], []], 0, 0), (2,)))
    assert found.dtype == dtype
    assert found.tolist() == [[2, 2, 2], [0, 0, 0]]


@settings(deadline=None)
@given(TEXTS, st.integers(1, 4), st.integers(1, 4))
def test_what_a_gpu_computes_equals_what_the_cpu_does(texts: list[list[int]], size: int, other: int) -> None:
    taps = torch.tensor(np.random.default_rng(size).normal(size=(5, (size + other) * FILTERS)), requires_grad=True)
    found = []
    for block in (rehearsal, nullcontext):
        with block():
            highest = max_over_time(taps, *batch(texts, 0, 0), (size, other))
        found.append((highest.detach().numpy(), *(g.numpy() for g in torch.autograd.grad(highest.sum(), [taps]))))
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_array_equal(ours, theirs)
