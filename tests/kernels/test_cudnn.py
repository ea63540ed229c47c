"""Random recurrent layers and batches, in rehearsal of a GPU → torch's kernels equal the plain walk, where they may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.each import each
from tests.kernels.gpu_rehearsal import rehearsal
from unrolled.kernels.compiled.library import plain
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import make_encoder
from unrolled.model.weights import initialize
from unrolled.training.threads import threads

Arrays = dict[str, np.ndarray[Any, Any]]
WORDS, SIZE = 12, 5
many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

# What torch has too, and under which name.
SAME: list[tuple[str, dict[str, Any], str]] = [
    ("lstm", {}, "lstm"),
    ("lstm", {"forget_gate_bias": -1.0}, "lstm"),
    ("rnn", {}, "rnn_tanh"),
    ("rnn", {"nonlinearity": "relu"}, "rnn_relu"),
    ("gru", {"reset": "after"}, "gru"),
]
OTHER: list[tuple[str, dict[str, Any]]] = [
    ("rnn", {"nonlinearity": "sigmoid"}),
    ("gru", {}),
    *(("gru", {"reset": reset, "update_gate": "tanh"}) for reset in ("before", "after")),
]
FUNCTIONS = ("lstm", "gru", "rnn_tanh", "rnn_relu")


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Torch's recurrent functions that were called, in order, and what they were given."""
    calls: list[tuple[str, Any]] = []

    def noted(name: str) -> Callable[..., Any]:
        function = getattr(torch, name)

        def call(*given: Any) -> Any:
            calls.append((name, given))
            return function(*given)

        return call

    for name in FUNCTIONS:
        monkeypatch.setattr(torch, name, noted(name))
    return calls


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    with threads(1):
        yield


def weights_of(encoder: Recurrent, seed: int) -> Arrays:
    """Draw weights, no bias of which is 0, and the words' vectors."""
    random = np.random.default_rng(seed)
    drawn = {
        name: value + random.normal(0, 0.1, value.shape) for name, value in initialize(encoder.weights(), 0).items()
    }
    return {**drawn, "vectors": random.normal(size=(WORDS, SIZE))}


def batch_of(lengths: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    ids = np.random.default_rng(1).integers(0, WORDS, (len(lengths), max(1, *lengths, 1)))
    return ids, np.array(lengths)


def recurrent(name: str, options: dict[str, Any]) -> Recurrent:
    encoder = make_encoder(name, SIZE, {"hidden_size": 3, **options})
    assert isinstance(encoder, Recurrent)
    return encoder


@st.composite
def layers(draw: st.DrawFn) -> tuple[str, Recurrent, Arrays, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Draw an encoder that torch has too, with torch's name for it, its weights and a batch."""
    name, options, torchs = draw(st.sampled_from(SAME))
    more = {
        "hidden_size": draw(st.sampled_from([1, 2, 5, 8])),
        "bidirectional": draw(st.booleans()),
        "num_layers": draw(st.integers(1, 3)),
        "pooling": draw(st.sampled_from(["last", "mean", "max"])),
    }
    encoder = recurrent(name, {**options, **more})
    lengths = draw(st.lists(st.integers(0, 9), min_size=1, max_size=9))
    return torchs, encoder, weights_of(encoder, draw(st.integers(0, 99))), batch_of(lengths)


def read(encoder: Recurrent, weights: Any, ids: Any, lengths: Any, **more: Any) -> Any:
    return encoder.encode(weights, encoder.project_tokens(weights, weights["vectors"]), ids, lengths, **more)


def with_gradients(encoder: Recurrent, weights: Arrays, batch: Any, dtype: str = "f8") -> Arrays:
    """Read with torch, and go back from an uneven sum."""
    leaves = {name: torch.tensor(array.astype(dtype), requires_grad=True) for name, array in weights.items()}
    found = read(encoder, leaves, *batch)
    uneven = torch.linspace(-1, 1, found.numel(), dtype=found.dtype).reshape(found.shape)
    gradients = torch.autograd.grad(
        (found * uneven).sum() + 0 * sum(leaf.sum() for leaf in leaves.values()), list(leaves.values())
    )
    return {"": found.detach().numpy(), **dict(zip(leaves, (g.numpy() for g in gradients), strict=True))}


@many
@given(layer=layers())
def test_states_and_gradients_equal_the_plain_walk_s(layer: Any, taken: list[tuple[str, Any]]) -> None:
    torchs, encoder, weights, batch = layer
    taken.clear()
    with rehearsal():
        found = with_gradients(encoder, weights, batch)
    assert [name for name, _ in taken] == [torchs] * encoder.num_layers * bool(batch[1].any())
    taken.clear()
    expected = with_gradients(encoder, weights, batch)
    assert taken == []
    assert found.keys() == expected.keys() == {"", *weights}
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, atol=1e-10, rtol=1e-10, err_msg=name)


@pytest.mark.parametrize(("name", "options"), OTHER)
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_another_network_is_never_torch_s(
    name: str, options: dict[str, Any], bidirectional: bool, num_layers: int, taken: list[tuple[str, Any]]
) -> None:
    encoder = recurrent(name, {**options, "bidirectional": bidirectional, "num_layers": num_layers})
    weights, batch = weights_of(encoder, 3), batch_of([4, 0, 1, 7])
    with rehearsal():
        found = with_gradients(encoder, weights, batch)
    assert taken == []
    for key, array in with_gradients(encoder, weights, batch).items():
        np.testing.assert_array_equal(found[key], array)


@pytest.mark.parametrize(("name", "options", "torchs"), SAME)
def test_on_a_cpu_and_in_numpy_torch_s_kernels_are_not_asked(
    name: str, options: dict[str, Any], torchs: str, taken: list[tuple[str, Any]]
) -> None:
    encoder = recurrent(name, options)
    weights, batch = weights_of(encoder, 3), batch_of([4, 1])
    for dtype in ("f4", "f8"):
        with_gradients(encoder, weights, batch, dtype)
        with rehearsal():
            read(encoder, {key: array.astype(dtype) for key, array in weights.items()}, *batch)
            with plain():
                with_gradients(encoder, weights, batch, dtype)
    assert taken == []


@pytest.mark.parametrize(("name", "options", "torchs"), SAME)
def test_single_precision_and_reading_without_gradients_too(
    name: str, options: dict[str, Any], torchs: str, taken: list[tuple[str, Any]]
) -> None:
    encoder = recurrent(name, {**options, "bidirectional": True, "num_layers": 2})
    weights, batch = weights_of(encoder, 3), batch_of([4, 0, 9, 1])
    exact = read(encoder, weights, *batch)
    tensors = {key: torch.tensor(array.astype("f4"), requires_grad=True) for key, array in weights.items()}
    for block in (nullcontext, torch.no_grad):
        with rehearsal(), block():
            found = read(encoder, tensors, *batch)
        assert found.dtype == torch.float32
        np.testing.assert_allclose(found.detach().numpy(), exact, atol=1e-6)
    train = [given[7] for _, given in taken]
    assert train == [True, True, False, False]  # cuDNN goes back only from what it computed to train


@pytest.mark.parametrize("num_layers", [1, 3])
def test_drop_falls_between_layers_and_nowhere_else(num_layers: int, taken: list[tuple[str, Any]]) -> None:
    encoder = recurrent("lstm", {"num_layers": num_layers, "bidirectional": True})
    weights = {name: torch.from_numpy(array) for name, array in weights_of(encoder, 3).items()}
    dropped = []

    def drop(x: torch.Tensor) -> torch.Tensor:
        dropped.append(tuple(x.shape))
        return x * 0.5

    with rehearsal():
        found = read(encoder, weights, *batch_of([4, 0, 2]), drop=drop)
    assert dropped == [(6, 6)] * (num_layers - 1)
    assert len(taken) == num_layers
    torch.testing.assert_close(found, read(encoder, weights, *batch_of([4, 0, 2]), drop=drop), atol=1e-12, rtol=0)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("name", "options", "torchs"), SAME)
def test_weights_lie_as_cudnn_wants_them(
    name: str, options: dict[str, Any], torchs: str, bidirectional: bool, taken: list[tuple[str, Any]]
) -> None:
    """In one piece of memory: the matrices of both directions, then their biases; else cuDNN warns and copies them."""
    encoder = recurrent(name, {**options, "bidirectional": bidirectional})
    weights = {key: torch.from_numpy(array) for key, array in weights_of(encoder, 3).items()}
    with rehearsal():
        read(encoder, weights, *batch_of([4, 1]))
    ((_, (vectors, sizes, state, given, *_)),) = taken
    sides, blocks = 1 + bidirectional, len(encoder.blocks)
    shapes = [(blocks * 3, SIZE), (blocks * 3, 3), (blocks * 3,), (blocks * 3,)]
    assert [tuple(array.shape) for array in given] == shapes * sides
    pairs = [given[at : at + 2] for at in range(0, len(given), 2)]
    in_memory = [array for pair in (*pairs[::2], *pairs[1::2]) for array in pair]
    places = np.cumsum([0, *(array.numel() for array in in_memory)])
    assert [array.storage_offset() for array in in_memory] == places[:-1].tolist()
    assert len({array.untyped_storage().data_ptr() for array in given}) == 1
    assert given[0].untyped_storage().nbytes() == places[-1] * 8
    assert all(array.is_contiguous() for array in given)
    assert (sizes.device.type, sizes.dtype, sizes.tolist()) == ("cpu", torch.int64, [2, 1, 1, 1])
    for first in state if isinstance(state, tuple) else (state,):
        assert tuple(first.shape) == (sides, 2, 3)
        assert first.is_contiguous()
        assert not first.any()
    assert vectors.is_contiguous()


@each(("name", "options", "torchs"), SAME)
def test_what_is_not_finite_stays_visible(name: str, options: dict[str, Any], torchs: str) -> None:
    encoder = recurrent(name, options)
    weights = weights_of(encoder, 3)
    weights["vectors"][2] = np.nan
    tensors = {key: torch.from_numpy(array) for key, array in weights.items()}
    with rehearsal():
        found = read(encoder, tensors, np.array([[1, 2], [1, 1]]), np.array([2, 2]))
    assert found[0].isnan().all()
    assert found[1].isfinite().all()
