"""Every recurrent encoder found, its options, and some texts → the cases on which gradients are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pytest
import torch

from unrolled.arrays import IntArray
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import encoder_class, encoder_names, encoder_options, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.training.threads import threads

IDS = np.array([[3, 7, 1, 1, 12, 4, 9], [5, 99, 99, 99, 99, 99, 99], [2, 8, 8, 6, 99, 99, 99], [99] * 7])
LENGTHS, LABELS = np.array([7, 1, 4, 0]), np.array([0, 1, 1, 0])
TOGETHER: list[dict[str, Any]] = [
    {},
    {"num_layers": 2},
    {"bidirectional": True},
    {"num_layers": 2, "bidirectional": True, "pooling": "mean"},
    {"num_layers": 3, "pooling": "max"},
]
RECURRENT = [name for name in encoder_names() if issubclass(encoder_class(name), Recurrent)]


@dataclass(frozen=True)
class Case:
    """A small network with all its weights far from 0, and a batch of texts, one of them empty."""

    name: str
    options: dict[str, Any]
    ids: IntArray
    lengths: IntArray
    labels: IntArray

    def __str__(self) -> str:
        """Name the case in a test's id."""
        return f"{self.name}-{self.options or 'defaults'}"

    @cached_property
    def network(self) -> TextNetwork:
        """The chain."""
        small: dict[str, Any] = {"hidden_size": 3} if "hidden_size" in encoder_options(self.name) else {}
        lecture = {"pooling": "last"} if self.name in RECURRENT else {}
        return TextNetwork(13, 4, "tuned", make_encoder(self.name, 4, {**small, **lecture, **self.options}), 3)

    @cached_property
    def weights(self) -> dict[str, Any]:
        """Weights in float64."""
        random = np.random.default_rng(7)
        return {n: w + random.normal(0, 0.4, w.shape) for n, w in initialize(self.network.weights(), 7).items()}

    @property
    def texts(self) -> tuple[IntArray, IntArray, IntArray]:
        """Ids, lengths and labels."""
        return self.ids, self.lengths, self.labels

    def autograd(self) -> tuple[Any, dict[str, Any]]:
        """Run the fast path → the logits, and the gradient of every weight."""
        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in self.weights.items()}
        logits = self.network.logits(leaves, np.minimum(self.ids, 12), self.lengths)
        loss = cross_entropy(logits, self.labels)
        gradients = torch.autograd.grad(loss, list(leaves.values()), materialize_grads=True)
        return logits.detach().numpy(), {name: g.numpy() for name, g in zip(leaves, gradients, strict=True)}


def cases() -> list[Case]:
    """List every recurrent encoder with each other choice of each option, and with several layers and directions."""
    found = []
    for name in RECURRENT:
        options = [*TOGETHER, *({o.name: c} for o in encoder_options(name).values() for c in o.choices)]
        found += [Case(name, each, IDS, LENGTHS, LABELS) for each in options]
    return found


@pytest.fixture(params=cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """Each case."""
    found: Case = request.param
    return found


@pytest.fixture
def one_text() -> Any:
    """How to make the case of one text of seven words and any options."""
    return lambda name, **options: Case(name, options, IDS[:1], LENGTHS[:1], LABELS[:1])


@pytest.fixture(
    params=[case for case in cases() if not {*case.options} & {"num_layers", "bidirectional", "pooling"}], ids=str
)
def one_direction(request: pytest.FixtureRequest) -> Case:
    """One text read by one layer in one direction, with each other choice of each option."""
    return Case(request.param.name, request.param.options, IDS[:1], LENGTHS[:1], LABELS[:1])


@pytest.fixture
def first_weights() -> Any:
    """How to make a network of usual size at its first weights and 64 random texts of 60 words."""

    def made(name: str, *, deviation: float | None = None, **options: Any) -> Any:
        random = np.random.default_rng(0)
        network = TextNetwork(1000, 100, "tuned", make_encoder(name, 100, {"pooling": "last", **options}), 2)
        weights = initialize(network.weights(), 0)
        if deviation:
            weights["embeddings.tuned"] = random.normal(0, deviation, (1000, 100))
        return network, weights, random.integers(1, 1000, (64, 60)), np.full(64, 60), random.integers(0, 2, 64)

    return made


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch use one thread: on a busy machine several of them wait for each other."""
    with threads(1):
        yield
