"""What a training run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from unrolled.arrays import AnyArray
from unrolled.training.callback import EpochRecord

StopReason = Literal[
    "max_epochs", "patience", "max_steps", "budget", "interrupted", "not_finite", "converged", "max_iterations"
]


@dataclass
class TrainingResult:
    """The weights that are kept, and how they were found; of a network the best by dev accuracy, then dev loss."""

    weights: dict[str, AnyArray]
    stopped: StopReason = "max_epochs"
    steps: int = 0
    best_step: int = 0
    history: list[EpochRecord] = field(default_factory=list)
