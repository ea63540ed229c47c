"""A run that can't start or go on → its error."""

from __future__ import annotations

from unrolled.errors.kinds import TrainingError


def not_finite(step: int, outcome: str) -> TrainingError:
    """Make the error of a loss that became NaN or infinite at a step (from 1)."""
    return TrainingError(
        f"the loss is not finite; {outcome}",
        "Try a smaller learning rate or (adamw) max_grad_norm; for a gru with the update gate tanh, shorter texts.",
        where=f"step {step}",
    )
