"""The nine laws of `unrolled.model.encoder`, in parts → each tried on every case of an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unrolled.encoder_laws import encoding, equation, learning
from unrolled.encoder_laws.case import BrokenLawError, Case
from unrolled.encoder_laws.cases import CROSSED, PLAIN, TRAINED, Way, cases, combined_cases, computed
from unrolled.model.registry import EncoderChoice


@dataclass(frozen=True)
class Law:
    """A part of a law: its law's name, how it is tried on a case, and the ways in which the cases are computed."""

    name: str
    check: Callable[[Case], None]
    ways: Sequence[Way]
    any_options: bool = True  # whether it also holds for options and texts together that were drawn at random

    @property
    def meaning(self) -> str:
        """What it says."""
        return (self.check.__doc__ or "").strip()

    def broken_by(self, encoder: EncoderChoice) -> list[str]:
        """Try it on every case, each a way of computing, and list those that break it, and how."""
        found = cases(encoder) + (combined_cases(encoder) if self.any_options else [])
        return [message for case in computed(found, self.ways) if (message := self._broken_by(case))]

    def _broken_by(self, case: Case) -> str:
        try:
            self.check(case)
        except BrokenLawError as error:
            return f"{case}: {error}"
        except Exception as error:  # a mistake in the encoder: it is one of this case
            return f"{case}: {type(error).__name__}: {error}"
        return ""


LAWS = (
    Law("padding", encoding.padding, CROSSED),
    Law("padding", encoding.padding_vectors, CROSSED),
    Law("company", encoding.company, CROSSED),
    Law("shape", encoding.shape, CROSSED),
    Law("shape", encoding.precision, CROSSED),
    Law("emptiness", encoding.emptiness, CROSSED),
    Law("learning", learning.learning, TRAINED, any_options=False),  # rectified units may all be dead
    Law("learning", learning.repeatable, TRAINED),
    Law("learning", learning.overfitting, TRAINED, any_options=False),
    Law("learning", learning.empty_texts, TRAINED),
    Law("order", encoding.order, CROSSED),
    Law("memory", encoding.saved, CROSSED),
    Law("memory", encoding.initialization, PLAIN),
    Law("runtime", encoding.runtime, CROSSED),
    Law("equation", equation.finite_gradients, PLAIN),
    Law("equation", equation.gradients, PLAIN),
)
