"""Encoders of which each breaks one law, and what follows from it → these are reported, with the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from tests.guide_encoder import Total, equation
from unrolled.encoder_laws.case import INPUT_SIZE
from unrolled.encoder_laws.laws import LAWS
from unrolled.encoder_laws.report import check_encoder, report
from unrolled.model.weights import Weight, constant, uniform


def summed(vectors: Any, ids: Any, lengths: Any) -> Any:
    """The sum of each text's vectors."""
    return Total(input_size=vectors.shape[1]).encode({}, vectors, ids, lengths)


@dataclass(frozen=True, kw_only=True)
class Mine(Total):  # type: ignore[misc]
    """The guide's encoder, and a weight."""

    def weights(self) -> dict[str, Weight]:
        return {"g": Weight((self.input_size,), uniform(1.0))}

    def encode(self, weights: Any, projected: Any, ids: Any, lengths: Any, drop: Any = None) -> Any:
        return self.scale * weights["g"] * summed(projected, ids, lengths)


class SeesPadding(Mine):
    def encode(self, weights: Any, projected: Any, ids: Any, lengths: Any, drop: Any = None) -> Any:
        return super().encode(weights, projected, ids, lengths) / ids.shape[1]


class SeesOthers(Mine):
    def encode(self, weights: Any, projected: Any, ids: Any, lengths: Any, drop: Any = None) -> Any:
        return super().encode(weights, projected, ids, lengths) / (1 + int(lengths.sum()))


class OfAnotherShape(Mine):
    @property
    def output_size(self) -> int:
        return int(self.input_size) + 1


class StatesOnes(Mine):
    def empty_encoding(self, weights: Any) -> Any:
        return np.ones(self.input_size)


class HasAnIdleWeight(Mine):
    def weights(self) -> dict[str, Weight]:
        return {**super().weights(), "idle": Weight((2,), constant(1.0))}


class ClaimsOrder(Mine):
    order_sensitive: ClassVar[bool] = True


class Forgets(Mine):
    def weights(self) -> dict[str, Weight]:
        return {"g": Weight((self.input_size,), lambda _, shape: np.random.default_rng().uniform(-1, 1, shape))}


class DependsOnTheLibrary(Mine):
    def encode(self, weights: Any, projected: Any, ids: Any, lengths: Any, drop: Any = None) -> Any:
        found = super().encode(weights, projected, ids, lengths)
        return 1.001 * found if isinstance(found, np.ndarray) else found


class LosesAGradient(Mine):
    def encode(self, weights: Any, projected: Any, ids: Any, lengths: Any, drop: Any = None) -> Any:
        g = weights["g"]
        half = 0.5 * g.detach() + 0.5 * g if isinstance(g, torch.Tensor) else g
        return super().encode({"g": half}, projected, ids, lengths)


class Fails(Mine):
    def empty_encoding(self, weights: Any) -> Any:
        raise KeyError("nothing")


BROKEN = {
    SeesPadding: {"padding", "company"},
    SeesOthers: {"company"},
    OfAnotherShape: {"shape", "emptiness", "learning", "memory", "equation"},
    StatesOnes: {"emptiness"},
    HasAnIdleWeight: {"learning"},
    ClaimsOrder: {"order"},
    Forgets: {"memory", "order", "learning", "runtime", "equation"},
    DependsOnTheLibrary: {"runtime"},
    LosesAGradient: {"equation"},
    Fails: {"emptiness"},
}


def broken(kind: type[Any]) -> dict[str, list[str]]:
    return {name: found for name, found in check_encoder(kind).items() if found}


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_a_broken_law_is_reported(kind: type[Any]) -> None:
    found = broken(kind)
    assert set(found) == BROKEN[kind]
    assert all(line.startswith(f"{kind.__name__}(") for lines in found.values() for line in lines)


def test_every_law_is_broken_by_one_of_them_and_none_by_a_right_one() -> None:
    assert set().union(*BROKEN.values()) == {law.name for law in LAWS}
    assert broken(Mine) == {}


def test_an_equation_of_another_encoder_is_noticed() -> None:
    assert check_encoder(Total, equation)["equation"] == []
    other = check_encoder(Total, lambda total, weights, x: x.mean(axis=0) if len(x) else np.zeros(INPUT_SIZE))
    assert other["equation"]
    assert not any(found for name, found in other.items() if name != "equation")


def test_the_report_has_a_line_for_each_law_and_some_cases_of_broken_ones() -> None:
    lines = list(report({"padding": [], "shape": [f"case {n}" for n in range(5)], "equation": []}, compared=False))
    assert [line.split()[:2] for line in lines[:2]] == [["padding", "holds"], ["shape", "BROKEN"]]
    assert sum("case" in line for line in lines) == 4
    assert "2 more" in lines[5]
    assert "--equation" in lines[-1]
