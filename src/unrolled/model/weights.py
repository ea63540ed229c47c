"""Names of weights with shapes and first values → float32 arrays, the same for the same seed."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from unrolled.arrays import AnyArray, Array

Weights: TypeAlias = Mapping[str, Array]
Initializer: TypeAlias = "Callable[[np.random.Generator, tuple[int, ...]], AnyArray]"  # not evaluated


@dataclass(frozen=True)
class Weight:
    """What an encoder declares of one of its weights: its shape, and how its first values are drawn."""

    shape: tuple[int, ...]
    first_values: Initializer


def initialize(declared: Mapping[str, Weight], seed: int) -> dict[str, AnyArray]:
    """Draw every weight; each has a stream of its own, so that no weight's values depend on what else there is."""
    return {
        name: weight.first_values(_stream(seed, name), weight.shape).astype("f4", copy=False)
        for name, weight in declared.items()
    }


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def zeros(_: np.random.Generator, shape: tuple[int, ...]) -> AnyArray:
    """All zero, as biases begin."""
    return np.zeros(shape)


def constant(number: float) -> Initializer:
    """All the same number."""
    return lambda _, shape: np.full(shape, number)


def uniform(bound: float) -> Initializer:
    """Uniform between -bound and bound."""
    return lambda random, shape: random.uniform(-bound, bound, shape)


def normal(deviation: float) -> Initializer:
    """Normal around 0."""
    return lambda random, shape: random.normal(0.0, deviation, shape)


def fan_in(inputs: int) -> Initializer:
    """Uniform with the bound 1 / sqrt(inputs), as torch draws linear and convolutional layers."""
    return uniform(1 / math.sqrt(inputs))


def glorot(inputs: int, outputs: int) -> Initializer:
    """Uniform with the bound sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010)."""
    return uniform(math.sqrt(6 / (inputs + outputs)))


def select(weights: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Take the weights whose names begin with `name.`, without that beginning."""
    start = f"{name}."
    return {key[len(start) :]: value for key, value in weights.items() if key.startswith(start)}


def merge(**parts: Mapping[str, Any]) -> dict[str, Any]:
    """Join the weights of several parts under the parts' names: the inverse of `part`."""
    return {f"{name}.{key}": value for name, weights in parts.items() for key, value in weights.items()}
