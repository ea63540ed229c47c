"""Random recurrent layers and batches → the compiled walk equals the plain one at every SIMD level, with gradients."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.kernels.compiled import recurrent
from unrolled.kernels.compiled.library import Library, plain
from unrolled.kernels.compiled.recurrent import CellSpec
from unrolled.kernels.run_parallel import threads
from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import encoder_names, encoder_options, make_encoder
from unrolled.model.weights import initialize

Arrays = dict[str, np.ndarray[Any, Any]]
WORDS, SIZE = 12, 5
CELLS = [name for name in encoder_names() if isinstance(make_encoder(name, 1, {}), Recurrent)]
many = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def variants(name: str) -> list[dict[str, Any]]:
    """List an encoder's variants: every choice of every closed set of its own."""
    found: list[dict[str, Any]] = [{}]
    for option in encoder_options(name).values():
        if option.choices and option.name != "pooling":
            found = [{**one, option.name: value} for one in found for value in option.choices]
    return found


VARIANTS = [(name, options) for name in CELLS for options in variants(name)]


@st.composite
def layers(draw: st.DrawFn) -> tuple[Recurrent, Arrays, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Draw an encoder, its weights and vectors, and a batch."""
    name, options = draw(st.sampled_from(VARIANTS))
    longest = 3 if options.get("update_gate") == "tanh" else 9  # the slide's misprint magnifies rounding word by word
    lengths = np.array(draw(st.lists(st.integers(0, longest), min_size=1, max_size=9)))
    more = {
        "hidden_size": draw(st.sampled_from([1, 3, 4, 7, 16, 17, 33, 70])),
        "bidirectional": draw(st.booleans()),
        "num_layers": draw(st.integers(1, 2)),
        "pooling": draw(st.sampled_from(["last", "mean", "max"])),
    }
    encoder = make_encoder(name, SIZE, {**options, **more})
    assert isinstance(encoder, Recurrent)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    weights = {
        key: value + random.normal(0, 0.1, value.shape) for key, value in initialize(encoder.weights(), 0).items()
    }
    weights["vectors"] = random.normal(size=(WORDS, SIZE))
    return encoder, weights, random.integers(0, WORDS, (len(lengths), max(1, lengths.max()))), lengths


def read(encoder: Recurrent, weights: Mapping[str, Any], ids: Any, lengths: Any) -> Any:
    return encoder.encode(weights, encoder.project_tokens(weights, weights["vectors"]), ids, lengths)


def with_gradients(encoder: Recurrent, weights: Arrays, ids: Any, lengths: Any, *, dtype: str = "f4") -> Arrays:
    """Read with torch and go back from an uneven sum."""
    leaves = {name: torch.tensor(array.astype(dtype), requires_grad=True) for name, array in weights.items()}
    found = read(encoder, leaves, ids, lengths)
    uneven = torch.linspace(-1, 1, found.numel(), dtype=found.dtype).reshape(found.shape)
    if lengths.any():  # else nothing has a gradient
        (found * uneven).sum().backward()
    return {
        "": found.detach().numpy(),
        **{name: np.asarray(leaf.grad if lengths.any() else 0) for name, leaf in leaves.items()},
    }


@many
@given(layer=layers())
def test_it_equals_the_plain_walk_in_numpy(layer: Any, compiled: Library, called: list[str]) -> None:
    encoder, weights, ids, lengths = layer
    single = {name: array.astype("f4") for name, array in weights.items()}
    called.clear()
    found = read(encoder, single, ids, lengths)
    cell = encoder.cell
    assert cell is not None
    assert f"{cell.function}_forward" in called or not lengths.any()
    called.clear()
    with plain():
        expected = read(encoder, single, ids, lengths)
    largest = max(1, np.abs(expected).max())  # the slide's misprint lets states grow
    np.testing.assert_allclose(found, expected, atol=1e-5 * largest)
    assert called == []
    assert found.dtype == np.float32


@many
@given(layer=layers())
def test_states_and_gradients_equal_the_plain_walk_s_in_float64(
    layer: Any, compiled: Library, called: list[str]
) -> None:
    called.clear()
    found = with_gradients(*layer)
    assert any(name.endswith("_backward") for name in called) or not layer[3].any()
    exact = with_gradients(*layer, dtype="f8")
    for name, array in exact.items():
        np.testing.assert_allclose(found[name], array, atol=2e-5 * max(1, np.abs(array).max(initial=0)), err_msg=name)


@many
@given(layer=layers())
def test_any_number_of_threads_gives_the_same_bits(layer: Any, compiled: Library) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recurrent, "WORTH_A_THREAD", 0)
        alone = with_gradients(*layer)
        for number in (2, 3, 8):
            with threads(number):
                shared = with_gradients(*layer)
            assert all(np.array_equal(alone[name], shared[name]) for name in alone)


@each(("name", "options"), VARIANTS)
def test_texts_of_0_1_and_10000_words(name: str, options: dict[str, Any], compiled: Library) -> None:
    if options.get("update_gate") == "tanh":
        return  # the slide's misprint overflows after some 130 words, in either arithmetic
    encoder = make_encoder(name, SIZE, {**options, "hidden_size": 3, "bidirectional": True})
    weights = {
        **initialize(encoder.weights(), 0),
        "vectors": np.random.default_rng(0).normal(size=(WORDS, SIZE)).astype("f4"),
    }
    lengths = np.array([0, 10_000, 1])
    ids = np.random.default_rng(1).integers(0, WORDS, (3, 10_000))
    assert isinstance(encoder, Recurrent)
    found = read(encoder, weights, ids, lengths)
    with plain():
        np.testing.assert_allclose(found, read(encoder, weights, ids, lengths), atol=1e-5)


@pytest.mark.parametrize("wrong", [-1, WORDS, 10**12])
def test_an_id_outside_the_table_is_refused_before_the_kernel(wrong: int, compiled: Library, called: list[str]) -> None:
    encoder = make_encoder("lstm", SIZE, {"hidden_size": 3})
    weights = {**initialize(encoder.weights(), 0), "vectors": np.zeros((WORDS, SIZE), "f4")}
    assert isinstance(encoder, Recurrent)
    with pytest.raises(IndexError, match=f"{WORDS} rows"):
        read(encoder, weights, np.array([[0, wrong]]), np.array([2]))
    assert not [name for name in called if name.endswith("forward")]


@each("lengths", [[3, 1], [1, -1], [1], [1, 1, 1]])
@each("pooling", ["last", "mean", "max"])
def test_lengths_that_are_not_the_texts_are_no_more_than_an_error(
    lengths: list[int], pooling: str, compiled: Library
) -> None:
    encoder = make_encoder("lstm", SIZE, {"hidden_size": 3, "pooling": pooling, "bidirectional": True})
    weights = {**initialize(encoder.weights(), 0), "vectors": np.zeros((WORDS, SIZE), "f4")}
    assert isinstance(encoder, Recurrent)
    with suppress(IndexError, ValueError):  # a text of -1 words may also pass for one of none
        assert np.isfinite(read(encoder, weights, np.array([[0, 1], [2, 3]]), np.array(lengths))).all()


WRONG = {
    "ids": np.array([0, 0, 3]),
    "orders": [np.array([0, 1, 3])],
    "fewer places": [np.array([0, 1])],
    "active": np.array([1, 2]),
    "more texts": np.array([2, 2]),
    "negative texts": np.array([4, -1]),
    "W": [{"W": np.zeros((2, 6), "f4"), "c": np.zeros(2, "f4")}],
    "c": [{"W": np.zeros((2, 6), "f4"), "c": np.zeros(1, "f4")}],
    "inputs": np.zeros((3, 5), "f4"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_a_walk_would_reach_outside_with_is_refused_before_the_kernel(
    wrong: str, compiled: Library, called: list[str]
) -> None:
    right: dict[str, Any] = {
        "inputs": np.zeros((3, 6), "f4"),
        "ids": np.array([0, 1, 2]),
        "orders": [np.array([0, 1, 2])],
        "active": np.array([2, 1]),
        "weights": [{"W": np.zeros((2, 6), "f4"), "c": np.zeros(2, "f4")}],
    }
    cell = CellSpec("gru_after", 3, saved=4)
    recurrent.forward(compiled, cell, **right, keep=True)
    assert "gru_after_forward" in called
    called.clear()
    names = {
        "fewer places": "orders",
        "more texts": "active",
        "negative texts": "active",
        "W": "weights",
        "c": "weights",
    }
    changed = {**right, names.get(wrong, wrong): WRONG[wrong]}
    if wrong == "W":
        cell = CellSpec("lstm", 4, saved=5)
    with pytest.raises((IndexError, ValueError)):
        recurrent.forward(compiled, cell, **changed, keep=True)
    assert "gru_after_forward" not in called


def test_ids_and_arrays_may_have_any_kind_and_layout(compiled: Library) -> None:
    encoder = make_encoder("gru", SIZE, {"hidden_size": 3, "bidirectional": True, "reset": "after"})
    assert isinstance(encoder, Recurrent)
    weights = {
        **initialize(encoder.weights(), 0),
        "vectors": np.random.default_rng(0).normal(size=(WORDS, SIZE)).astype("f4"),
    }
    ids, lengths = np.array([[1, 2, 3], [4, 5, 6]]), np.array([3, 1])
    expected = read(encoder, weights, ids, lengths)
    for other in (ids.astype("i4"), np.asfortranarray(ids), ids.astype(">i2")):
        assert np.array_equal(read(encoder, weights, other, lengths.astype("i4")), expected)
    spread = {name: np.repeat(array, 2, axis=-1)[..., ::2] for name, array in weights.items()}
    np.testing.assert_allclose(read(encoder, spread, ids, lengths), expected, atol=1e-6)
    projected = encoder.project_tokens(weights, weights["vectors"])
    for view in (np.asfortranarray(projected), projected[::-1][::-1], np.repeat(projected, 2, axis=0)[::2]):
        assert np.array_equal(encoder.encode(weights, view, ids, lengths), expected)


@each(("name", "options"), VARIANTS)
@each("number", [np.nan, np.inf])
def test_what_is_not_finite_stays_visible(name: str, options: dict[str, Any], number: float, compiled: Library) -> None:
    encoder = make_encoder(name, SIZE, {**options, "hidden_size": 3})
    vectors = np.zeros((WORDS, SIZE), "f4")
    vectors[2] = number
    weights = {**initialize(encoder.weights(), 0), "vectors": vectors}
    assert isinstance(encoder, Recurrent)
    batch = np.array([[1, 2], [1, 1]]), np.array([2, 2])
    with np.errstate(all="ignore"):
        found = read(encoder, weights, *batch)
        with plain():
            expected = read(encoder, weights, *batch)
    np.testing.assert_allclose(found, expected, atol=1e-5)
