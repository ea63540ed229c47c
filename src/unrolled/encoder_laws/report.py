"""An encoder → a line for each law that it keeps, and for each that it breaks how."""

from __future__ import annotations

from collections.abc import Iterator

from unrolled.encoder_laws.cases import PLAIN
from unrolled.encoder_laws.equation import Equation, equals
from unrolled.encoder_laws.laws import LAWS, Law
from unrolled.model.registry import EncoderChoice, encoder_class
from unrolled.training.threads import threads

SHOWN = 3  # cases that break a law


def check_encoder(encoder: EncoderChoice, equation: Equation | None = None) -> dict[str, list[str]]:
    """Try all laws on an encoder, a class or a name of one → for each law the cases that break it, and how."""
    encoder_class(encoder)  # refuses what is no encoder
    more = [] if equation is None else [Law("equation", equals(equation), PLAIN)]
    with threads(1):
        broken: dict[str, list[str]] = {law.name: [] for law in LAWS}
        for law in (*LAWS, *more):
            broken[law.name] += law.broken_by(encoder)
    return broken


def report(broken: dict[str, list[str]], *, compared: bool) -> Iterator[str]:
    """Write the lines; `compared` says whether there was an equation to compare with."""
    for name, found in broken.items():
        note = (
            " (gradients alone; --equation compares with NumPy of yours)" if name == "equation" and not compared else ""
        )
        yield f"{name:10} {'BROKEN' if found else 'holds'}{note}"
        yield from (f"  {line}" for line in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"  … and in {len(found) - SHOWN} more cases"
