"""Attention against a loop over every head and word, and against torch's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model.layers import attention as module
from unrolled.model.layers.attention import attention

LENGTHS = np.array([5, 1, 0, 3])
SIZE = 6


def queries_keys_values(junk: float = 0.0) -> tuple[Any, Any, Any]:
    random = np.random.default_rng(0)
    arrays = [random.normal(0, 2, size=(4, 5, SIZE)) for _ in range(3)]
    for array in arrays:
        for row, T in zip(array, LENGTHS, strict=True):
            row[T:] += junk
    queries, keys, values = arrays
    return queries, keys, values


def naive(Q: Any, K: Any, V: Any, lengths: Any, heads: int) -> Any:
    size = SIZE // heads
    mixed = np.zeros_like(Q)
    for text, T in enumerate(lengths):
        for head in range(heads):
            own = slice(head * size, (head + 1) * size)
            for t in range(T):
                scores = [sum(Q[text, t, own] * K[text, s, own]) / math.sqrt(size) for s in range(T)]
                total = sum(math.exp(score) for score in scores)
                mixed[text, t, own] = sum(math.exp(scores[s]) / total * V[text, s, own] for s in range(T))
    return mixed


@each("kind", [np.asarray, torch.from_numpy])
@each("heads", [1, 2, 3, 6])
@each("junk", [0.0, 50.0])
def test_every_true_word_s_mix_equals_a_plain_loop(kind: Any, heads: int, junk: float) -> None:
    Q, K, V = queries_keys_values(junk)
    found = np.asarray(attention(kind(Q), kind(K), kind(V), LENGTHS, heads))
    expected = naive(Q, K, V, LENGTHS, heads)
    for row, wanted, T in zip(found, expected, LENGTHS, strict=True):
        assert row[:T] == pytest.approx(wanted[:T], abs=1e-10)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("heads", [1, 3])
def test_equals_torch_s_attention_and_its_gradients(heads: int) -> None:
    Q, K, V = leaves = [torch.tensor(array, requires_grad=True) for array in queries_keys_values()]
    mask = torch.tensor(np.arange(5) < LENGTHS[:, None])
    mask[2] = True  # torch's own has no answer for a text without words
    q, k, v = (leaf.reshape(4, 5, heads, -1).transpose(1, 2) for leaf in leaves)
    theirs = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
    theirs = theirs.transpose(1, 2).reshape(4, 5, SIZE)
    ours = attention(Q, K, V, LENGTHS, heads)
    known = torch.tensor(LENGTHS > 0)
    assert ours[known].detach().numpy() == pytest.approx(theirs[known].detach().numpy(), abs=1e-12)
    seen = torch.tensor(np.random.default_rng(1).normal(size=(4, 5, SIZE))) * known[:, None, None]
    gradients = [torch.autograd.grad((output * seen).sum(), leaves, retain_graph=True) for output in (ours, theirs)]
    for one, other in zip(*gradients, strict=True):
        assert one.numpy() == pytest.approx(other.numpy(), abs=1e-12)


@pytest.mark.parametrize("largest", [0, 1, 25, 26, 75, 100])  # weights of one head of one text: 25
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_heads_taken_in_groups_give_the_same_and_no_group_is_larger_than_allowed(
    largest: int, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Q, K, V = (kind(array) for array in queries_keys_values())
    together = attention(Q, K, V, LENGTHS, 2)
    sizes, mix = [], module._mix

    def watched(queries: Any, *others: Any) -> Any:
        sizes.append(len(queries))
        return mix(queries, *others)

    monkeypatch.setattr(module, "LARGEST", largest)
    monkeypatch.setattr(module, "_mix", watched)
    assert np.asarray(attention(Q, K, V, LENGTHS, 2)) == pytest.approx(np.asarray(together), abs=1e-14)
    assert sum(sizes) == 8
    assert max(sizes) == max(1, largest // 25)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_scores_beyond_the_range_of_exp_stay_finite_and_the_precision_stays(kind: Any, dtype: str) -> None:
    Q, K, V = (
        kind((array * scale).astype(dtype)) for array, scale in zip(queries_keys_values(), (100, 100, 1), strict=True)
    )
    found = np.asarray(attention(Q, K, V, LENGTHS, 2))
    assert np.isfinite(found).all()
    assert found.dtype == dtype


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_no_texts_have_no_mixes(kind: Any) -> None:
    empty = kind(np.zeros((0, 3, SIZE)))
    assert tuple(attention(empty, empty, empty, LENGTHS[:0], 2).shape) == (0, 3, SIZE)
