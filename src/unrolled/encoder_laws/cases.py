"""An encoder and its options → the cases that its laws are tried on, and the ways in which each is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from unrolled.encoder_laws.case import INPUT_SIZE, WORDS, Case, Kind, Precision, require
from unrolled.errors import SettingError
from unrolled.kernels.compiled.library import find_library, plain
from unrolled.model.registry import EncoderChoice, encoder_options, make_encoder
from unrolled.settings import SMALL

ARRAYS: list[tuple[Kind, Precision]] = [("numpy", "f4"), ("numpy", "f8"), ("torch", "f4"), ("torch", "f8")]
Arithmetic: TypeAlias = Literal["kernels", "plain"]
ARITHMETICS: tuple[Arithmetic, ...] = get_args(Arithmetic)
Way: TypeAlias = tuple[Kind, Precision, Arithmetic]
# Kernels take float32 alone. Training takes NumPy's arrays and makes its own tensors of them.
CROSSED: list[Way] = [(*array, way) for array in ARRAYS for way in ARITHMETICS if array[1] == "f4" or way == "plain"]
TRAINED: list[Way] = [("numpy", "f4", way) for way in ARITHMETICS]
PLAIN: list[Way] = [("numpy", "f4", "kernels")]
TOGETHER = 20  # cases of several options


def cases(encoder: EncoderChoice) -> list[Case]:
    """List an encoder with its defaults, large ones made small, and with each other value of each option alone."""
    small, found = _small(encoder), [Case(encoder, {}), Case(encoder, _small(encoder))]
    for option in encoder_options(encoder).values():
        found += [Case(encoder, {**small, option.name: value}) for value in option.other_values()]
    return [case for case in found if is_possible(case)]


def _small(encoder: EncoderChoice) -> dict[str, Any]:
    options = encoder_options(encoder).values()
    return {o.name: SMALL for o in options if o.kind is int and not o.several and o.default and o.default > SMALL}


def combined_cases(encoder: EncoderChoice) -> list[Case]:
    """Draw values of all options together, and texts, always the same; leave out what doesn't go together."""
    random, small, found = np.random.default_rng(0), _small(encoder), []
    options = encoder_options(encoder).values()
    for _ in range(TOGETHER if len(options) > 1 else 0):
        values = {option.name: [small.get(option.name, option.default), *option.other_values()] for option in options}
        chosen = {name: drawn[random.integers(len(drawn))] for name, drawn in values.items()}
        lengths = random.integers(0, 9, random.integers(1, 6))
        texts = tuple(tuple(random.integers(0, WORDS, length).tolist()) for length in lengths)
        found.append(Case(encoder, chosen, texts=texts))
    return [case for case in found if is_possible(case)]


def is_possible(case: Case) -> bool:
    """Return whether a case's options go together."""
    try:
        make_encoder(case.choice, INPUT_SIZE, case.options)
    except SettingError:
        return False
    return True


def computed(found: Sequence[Case], ways: Sequence[Way]) -> Iterator[Case]:
    """Compute the first two cases each way, and every other case one way, by turns."""
    for number, case in enumerate(found):
        for kind, dtype, arithmetic in ways if number < 2 else [ways[number % len(ways)]]:
            with by(arithmetic):
                yield replace(case, kind=kind, dtype=dtype)


@contextmanager
def by(arithmetic: Arithmetic) -> Iterator[None]:
    """Compute with kernels where there are any, or with none, which is proved."""
    library = find_library()
    if isinstance(library, str):
        yield
        return
    library.used.clear()
    with plain() if arithmetic == "plain" else nullcontext():
        yield
    require(arithmetic == "kernels" or not library.used, "a kernel ran where none may")
