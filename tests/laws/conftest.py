"""Every encoder found, its options and the kinds of arrays → the cases that the laws are tested on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from unrolled.arrays import Array, IntArray
from unrolled.errors import SettingError
from unrolled.kernels.compiled.library import Library, find_library, plain
from unrolled.model.encoder import Encoder
from unrolled.model.network import encode_texts
from unrolled.model.registry import encoder_names, encoder_options, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize, merge
from unrolled.settings import SMALL, Setting
from unrolled.text.text_config import Channels
from unrolled.text.vocabulary import Vocabulary, pad
from unrolled.training.threads import threads

Kind: TypeAlias = Literal["numpy", "torch"]
Precision: TypeAlias = Literal["f4", "f8"]
Texts: TypeAlias = tuple[tuple[int, ...], ...]
ARRAYS: list[tuple[Kind, Precision]] = [("numpy", "f4"), ("numpy", "f8"), ("torch", "f4"), ("torch", "f8")]
Arithmetic: TypeAlias = Literal["kernels", "plain"]
ARITHMETICS: tuple[Arithmetic, ...] = get_args(Arithmetic)
Way: TypeAlias = tuple[Kind, Precision, Arithmetic]
WAYS: list[Way] = [(*array, way) for array in ARRAYS for way in ARITHMETICS if array[1] == "f4" or way == "plain"]
INPUT_SIZE, WORDS, CLASSES = 6, 23, 2
VOCABULARY = Vocabulary(["<unk>", *(f"word{number}" for number in range(1, WORDS))])
TEXTS: Texts = ((3, 7, 1), (), (9, 2, 9, 4, 20, 11, 5), (8,), (12, 1), (1, 1, 6, 19, 0))


@dataclass(frozen=True)
class Case:
    """One encoder with its options, one kind of array, and some texts."""

    name: str
    options: Mapping[str, Any]
    kind: Kind = "numpy"
    dtype: Precision = "f4"
    texts: Texts = TEXTS
    seed: int = 5

    def __str__(self) -> str:
        """Name the case in a test's id."""
        options = "-".join(f"{name}={value}".replace(" ", "") for name, value in self.options.items())
        return f"{self.name}-{options or 'defaults'}"

    @property
    def words(self) -> int:
        """Count the words that a text may have."""
        return len(VOCABULARY)

    @cached_property
    def encoder(self) -> Encoder:
        """Make the encoder."""
        return make_encoder(self.name, INPUT_SIZE, self.options)

    @cached_property
    def weights(self) -> dict[str, Array]:
        """Draw weights; the biases too are not 0, so that nothing can hide behind a 0."""
        random = np.random.default_rng(self.seed)
        drawn = initialize(self.encoder.weights(), self.seed)
        return {name: self.array(value + random.normal(0, 0.1, value.shape)) for name, value in drawn.items()}

    @cached_property
    def table(self) -> np.ndarray[Any, Any]:
        """Draw the vectors of all words, and of what else has a row: (rows, INPUT_SIZE)."""
        return np.random.default_rng(6).normal(size=(self.network().rows, INPUT_SIZE))

    @cached_property
    def batch(self) -> tuple[IntArray, IntArray]:
        """Number the texts' words as the network reads them, and pad: ids (texts, length) and lengths (texts,)."""
        words = [[VOCABULARY.words[number] for number in text] for text in self.texts]
        return pad(encode_texts(self.network(), words, VOCABULARY))

    def network(self, channels: Channels = "tuned") -> TextNetwork:
        """Put the encoder into the chain."""
        size = INPUT_SIZE // len(channels.split("+"))
        return TextNetwork(WORDS, size, channels, self.encoder, CLASSES)

    def array(self, values: np.ndarray[Any, Any]) -> Array:
        """Bring numbers to the case's kind and precision."""
        values = np.asarray(values, self.dtype)
        return torch.from_numpy(values) if self.kind == "torch" else values

    def read(self, ids: IntArray, lengths: IntArray) -> np.ndarray[Any, Any]:
        """Encode texts given by ids: (texts, output_size)."""
        projected = self.encoder.project_tokens(self.weights, self.array(self.table))
        return np.asarray(self.encoder.encode(self.weights, projected, ids, lengths))

    def encode(self, vectors: np.ndarray[Any, Any], lengths: IntArray) -> np.ndarray[Any, Any]:
        """Encode texts given by their words' vectors: (texts, output_size)."""
        weights = merge(encoder=self.weights)
        with np.errstate(invalid="ignore", over="ignore"):  # inf - inf of the junk that a law puts into padding
            return np.asarray(self.network().encode(weights, self.array(vectors), lengths))

    def agree(self, found: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> bool:
        """Say whether two arrays are the same up to rounding in the case's precision."""
        if found.shape != expected.shape or found.dtype != expected.dtype:
            return False
        if not (np.isfinite(found).all() and np.isfinite(expected).all()):
            return False
        largest = max(np.abs(found).max(initial=1), np.abs(expected).max(initial=1))  # words' vectors are about 1
        if self.options.get("update_gate") == "tanh":
            largest *= 2 ** max(map(len, self.texts))  # 1 - z reaches 2: each word may double what was rounded before
        if self.name == "transformer":
            largest *= 2 ** self.options.get("num_layers", 1)  # each divides by a spread that may be less than 1, twice
        return bool(np.abs(found - expected).max(initial=0) <= {"f4": 1e-6, "f8": 1e-12}[self.dtype] * largest)


def small(name: str) -> dict[str, Any]:
    """Make the large defaults of an encoder small."""
    options = encoder_options(name)
    large = [o.name for o in options.values() if o.kind is int and not o.several and o.default and o.default > SMALL]
    return dict.fromkeys(large, SMALL)


def cases() -> list[Case]:
    """List every encoder with its defaults, and with each other value of each option alone."""
    found = []
    for name in encoder_names():
        found += [Case(name, {}), Case(name, small(name))]
        for option in encoder_options(name).values():
            found += [Case(name, {**small(name), option.name: value}) for value in option.other_values()]
    return [case for case in found if possible(case)]


def possible(case: Case) -> bool:
    """Say whether a case's options go together."""
    try:
        make_encoder(case.name, INPUT_SIZE, case.options)
    except SettingError:
        return False
    return True


def any_value(setting: Setting) -> SearchStrategy[Any]:
    """Draw a small value of a setting."""
    drawn: SearchStrategy[Any]
    if setting.choices:
        drawn = st.sampled_from(setting.choices)
    elif setting.kind is bool:
        drawn = st.booleans()
    elif setting.kind is float:
        drawn = st.floats(-2, 2, width=16)
    else:
        drawn = st.integers(0, 4) if setting.several or (setting.default or 0) <= SMALL else st.integers(1, 8)
    drawn = (
        st.lists(drawn, min_size=setting.size or 1, max_size=setting.size or 3).map(tuple) if setting.several else drawn
    )
    return (st.none() | drawn if setting.optional else drawn).filter(setting.is_allowed)


@st.composite
def combinations(draw: st.DrawFn, name: str) -> Case:
    """Draw a case of an encoder: its options together, texts, and the kind of array."""
    each = {option.name: any_value(option) for option in encoder_options(name).values()}
    options = draw(st.fixed_dictionaries(each).filter(lambda values: possible(Case(name, values))))
    texts = draw(st.lists(st.lists(st.integers(0, WORDS - 1), max_size=8).map(tuple), min_size=1, max_size=5))
    return Case(name, options, *draw(st.sampled_from(ARRAYS)), tuple(texts))


def of_encoder(name: str) -> list[Case]:
    """List the cases of an encoder."""
    return [case for case in cases() if case.name == name]


def spread_over(ways: Sequence[Way], found: Sequence[Case]) -> Iterator[tuple[Case, Way]]:
    """Take the defaults each way, and each other case one way, by turns: Hypothesis crosses the rest."""
    for number, case in enumerate(found):
        yield from ((case, way) for way in (ways if number < 2 else [ways[number % len(ways)]]))


@pytest.fixture(params=encoder_names())
def plain_cases(request: pytest.FixtureRequest) -> Iterator[Case]:
    """Each case of an encoder, on NumPy in float32."""
    return noted((case, nullcontext()) for case in of_encoder(request.param))


@pytest.fixture(params=encoder_names())
def crossed_cases(request: pytest.FixtureRequest) -> Iterator[Case]:
    """The cases of an encoder on the kinds of array, in float32 with the kernels that there are and without any."""
    found = spread_over(WAYS, of_encoder(request.param))
    return noted((replace(case, kind=kind, dtype=dtype), computed(way)) for case, (kind, dtype, way) in found)


@pytest.fixture(params=encoder_names())
def trained_cases(request: pytest.FixtureRequest) -> Iterator[Case]:
    """The cases of an encoder, trained with kernels and without."""
    ways: list[Way] = [("numpy", "f4", way) for way in ARITHMETICS]
    return noted((case, computed(way[2])) for case, way in spread_over(ways, of_encoder(request.param)))


def noted(found: Iterable[tuple[Case, AbstractContextManager[None]]]) -> Iterator[Case]:
    """Give the cases one by one, each computed its way."""
    for case, way in found:
        with way:
            yield case


@contextmanager
def computed(way: Arithmetic) -> Iterator[None]:
    """Compute with kernels where there are any, or with none, which is proved."""
    library = find_library()
    if isinstance(library, str):
        yield
        return
    library.used.clear()
    with plain() if way == "plain" else nullcontext():
        yield
    assert way == "kernels" or not library.used


@pytest.fixture(scope="session", params=encoder_names())
def draw_case(request: pytest.FixtureRequest) -> Callable[[st.DataObject], Case]:
    """How to draw a case with any options, for every encoder."""
    return lambda data: data.draw(combinations(request.param))


@pytest.fixture(scope="session")
def draw_way() -> Callable[[st.DataObject], AbstractContextManager[None]]:
    """How to draw what computes while a block runs."""
    ways = ARITHMETICS if isinstance(find_library(), Library) else ("plain",)
    return lambda data: computed(data.draw(st.sampled_from(ways)))


@pytest.fixture(scope="session")
def every_case() -> list[Case]:
    """All cases, to see that nothing is left out."""
    return cases()


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch use one thread: on a busy machine several of them wait for each other at every tiny array."""
    with threads(1):
        yield
