"""Random gradients for random rows → a dense float64 simulation in NumPy, and torch's own AdamW."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.training.optim.lazy_adamw import LazyAdamW

WORDS, SIZE = 7, 3
Floats = np.ndarray[Any, np.dtype[np.float64]]


class DenseSimulation:
    """The definition, row by row: each step decays all rows, and moves those in the batch by their own m, v and n."""

    def __init__(self, table: Floats, weight_decay: float) -> None:
        self.table, self.weight_decay = table.copy(), weight_decay
        self.m, self.v, self.n = np.zeros_like(table), np.zeros_like(table), [0] * len(table)

    def step(self, gradient: Floats, words: list[int], rate: float) -> None:
        self.table *= 1 - rate * self.weight_decay
        for word, g in zip(words, gradient, strict=True):
            self.n[word] += 1
            self.m[word] = 0.9 * self.m[word] + (1 - 0.9) * g
            self.v[word] = 0.999 * self.v[word] + (1 - 0.999) * g**2
            m, v = self.m[word] / (1 - 0.9 ** self.n[word]), self.v[word] / (1 - 0.999 ** self.n[word])
            self.table[word] -= rate * m / (np.sqrt(v) + 1e-8)


@dataclass(frozen=True)
class Run:
    """Some steps: which words, at what rate; whether all is settled in between; and the numbers' seed."""

    steps: list[tuple[list[int], float, bool]]
    weight_decay: float
    seed: int


WORD_LISTS = st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=WORDS, unique=True)
RATES = st.floats(1e-6, 1e-2)
RUNS = st.builds(
    Run,
    st.lists(st.tuples(WORD_LISTS, RATES, st.booleans()), min_size=1, max_size=25),
    st.sampled_from([0.0, 0.01, 1.0, 90.0]),  # 90: up to nine tenths of a weight gone in a step
    st.integers(0, 1000),
)


def first_table(seed: int) -> Floats:
    return np.random.default_rng([seed, 0]).normal(size=(WORDS, SIZE))


def optimizer_of(table: torch.Tensor, weight_decay: float) -> LazyAdamW:
    return LazyAdamW({}, {"table": table}, weight_decay=weight_decay)


def tolerance(dtype: torch.dtype) -> float:
    return 1e-12 if dtype == torch.float64 else 1e-6


def assert_near(found: torch.Tensor, wanted: Floats) -> None:
    bound = tolerance(found.dtype)
    np.testing.assert_allclose(found.numpy(), wanted, rtol=bound, atol=bound)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@settings(deadline=None, max_examples=60)
@given(RUNS)
def test_rows_read_and_the_settled_table_equal_the_dense_simulation(dtype: torch.dtype, run: Run) -> None:
    dense, table = (
        DenseSimulation(first_table(run.seed), run.weight_decay),
        torch.tensor(first_table(run.seed)).to(dtype),
    )
    optimizer, random = optimizer_of(table, run.weight_decay), np.random.default_rng([run.seed, 1])
    for words, rate, decayed_until in run.steps:
        read = optimizer.read(torch.tensor(words))["table"]
        assert_near(read, dense.table[words])
        gradient = random.normal(size=(len(words), SIZE)) * 10.0 ** random.integers(-6, 1)
        optimizer.step({"table": torch.tensor(gradient).to(dtype)}, torch.tensor(words), rate)
        dense.step(gradient, words, rate)
        assert_near(table[words], dense.table[words])
        if decayed_until:
            optimizer.settle()
            assert_near(table, dense.table)
    optimizer.settle()
    assert_near(table, dense.table)
    moments = optimizer.tables["table"].moments
    assert_near(moments.m, dense.m)
    assert_near(moments.v, dense.v)
    np.testing.assert_array_equal(moments.n.numpy()[:, 0], dense.n)


@settings(deadline=None, max_examples=30)
@given(RUNS)
def test_settling_twice_is_settling_once(run: Run) -> None:
    table = torch.tensor(first_table(run.seed), dtype=torch.float32)
    optimizer, random = optimizer_of(table, run.weight_decay), np.random.default_rng(run.seed)
    for words, rate, _ in run.steps:
        optimizer.read(torch.tensor(words))
        gradient = torch.tensor(random.normal(size=(len(words), SIZE)), dtype=torch.float32)
        optimizer.step({"table": gradient}, torch.tensor(words), rate)
    optimizer.settle()
    once = table.clone()
    optimizer.settle()
    assert torch.equal(table, once)


def test_outstanding_decay_reaches_a_row_only_when_it_is_read() -> None:
    table = torch.tensor(first_table(0))
    optimizer, before = optimizer_of(table, weight_decay=0.5), table.clone()
    for rate in (0.1, 0.2):
        optimizer.read(torch.tensor([0]))
        optimizer.step({"table": torch.ones(1, SIZE, dtype=torch.float64)}, torch.tensor([0]), rate)
    assert torch.equal(table[1:], before[1:])
    read = optimizer.read(torch.tensor([3]))["table"]
    np.testing.assert_allclose(read, before[[3]] * (1 - 0.1 * 0.5) * (1 - 0.2 * 0.5), rtol=1e-14)
    assert torch.equal(table[[3]], read)
    assert torch.equal(table[[1, 2, 4, 5, 6]], before[[1, 2, 4, 5, 6]])


@settings(deadline=None, max_examples=30)
@given(RUNS)
def test_moments_of_untouched_rows_stay_bit_for_bit(run: Run) -> None:
    optimizer = optimizer_of(torch.tensor(first_table(run.seed), dtype=torch.float32), run.weight_decay)
    moments, random = optimizer.tables["table"].moments, np.random.default_rng(run.seed)
    for words, rate, _ in run.steps:
        before = [part.clone() for part in (moments.m, moments.v, moments.n)]
        optimizer.read(torch.tensor(words))
        gradient = torch.tensor(random.normal(size=(len(words), SIZE)), dtype=torch.float32)
        optimizer.step({"table": gradient}, torch.tensor(words), rate)
        optimizer.settle()
        others = [word for word in range(WORDS) if word not in words]
        for part, old in zip((moments.m, moments.v, moments.n), before, strict=True):
            assert torch.equal(part[others], old[others])
        assert torch.equal(moments.n[words], before[2][words] + 1)


def adamw_of_torch(parameters: list[torch.Tensor], weight_decay: float) -> torch.optim.AdamW:
    return torch.optim.AdamW(parameters, betas=(0.9, 0.999), eps=1e-8, weight_decay=weight_decay, foreach=False)


@each("dtype", [torch.float64, torch.float32])
@each("weight_decay", [0.0, 0.01, 30.0])
def test_with_every_row_in_each_batch_and_for_dense_tensors_it_is_torchs_adamw(
    dtype: torch.dtype, weight_decay: float
) -> None:
    stream = torch.Generator().manual_seed(3)
    table, W, b = (torch.randn(shape, generator=stream, dtype=dtype) for shape in ((WORDS, SIZE), (SIZE, 2), (2,)))
    theirs = [tensor.clone().requires_grad_() for tensor in (table, W, b)]
    wanted = adamw_of_torch(theirs, weight_decay)
    optimizer = LazyAdamW({"W": W, "b": b}, {"table": table}, weight_decay=weight_decay)
    for number in range(60):
        rate, words = 0.01 * (1 - number / 60), torch.randperm(WORDS, generator=stream)
        optimizer.read(words)
        drawn = [torch.randn(tensor.shape, generator=stream, dtype=dtype) for tensor in theirs]
        for tensor, gradient in zip(theirs, drawn, strict=True):
            tensor.grad = gradient.clone()
        wanted.param_groups[0]["lr"] = rate
        wanted.step()
        optimizer.step({"table": drawn[0][words], "W": drawn[1], "b": drawn[2]}, words, rate)
    optimizer.settle()
    for ours, tensor in zip((table, W, b), theirs, strict=True):
        torch.testing.assert_close(ours, tensor.detach(), rtol=tolerance(dtype), atol=tolerance(dtype))


def test_a_row_takes_the_steps_of_torchs_adamw_as_if_only_its_own_batches_existed() -> None:
    table = torch.tensor(first_table(5))
    row = table[[2]].clone().requires_grad_()
    wanted, optimizer = adamw_of_torch([row], 0.0), optimizer_of(table, weight_decay=0.0)
    random = np.random.default_rng(5)
    for number in range(30):
        words = torch.tensor([2, 4] if number % 3 == 0 else [4, 6])
        optimizer.read(words)
        gradient = torch.tensor(random.normal(size=(2, SIZE)))
        optimizer.step({"table": gradient}, words, 0.01)
        if number % 3 == 0:
            row.grad = gradient[:1].clone()
            wanted.param_groups[0]["lr"] = 0.01
            wanted.step()
    torch.testing.assert_close(table[[2]], row.detach(), rtol=1e-12, atol=1e-12)


def test_all_tables_of_a_network_take_their_own_gradients() -> None:
    tables = {"one": torch.tensor(first_table(1)), "two": torch.tensor(first_table(2))}
    optimizer = LazyAdamW({}, tables, weight_decay=0.1)
    alone = {name: optimizer_of(table.clone(), 0.1) for name, table in tables.items()}
    random = np.random.default_rng(0)
    for words in ([0, 3], [3, 6], [1]):
        gradients = {name: torch.tensor(random.normal(size=(len(words), SIZE))) for name in tables}
        read = optimizer.read(torch.tensor(words))
        for name, single in alone.items():
            assert torch.equal(read[name], single.read(torch.tensor(words))["table"])
            single.step({"table": gradients[name]}, torch.tensor(words), 0.01)
        optimizer.step(gradients, torch.tensor(words), 0.01)
    for name, table in tables.items():
        assert torch.equal(table, alone[name].tables["table"].table)
    assert not torch.equal(tables["one"], tables["two"])
