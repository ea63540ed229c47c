"""Step (from 0) of a planned number of steps → the factor on the learning rate."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

Schedule: TypeAlias = Literal["constant", "linear", "cosine"]


def factor(schedule: Schedule, step: int, planned: int) -> float:
    """Stay at 1, or fall to 0 in a line or along half a cosine (Loshchilov and Hutter 2017) as the plan runs out."""
    done = min(step / planned, 1.0)
    falling = {"constant": 1.0, "linear": 1.0 - done, "cosine": 0.5 + 0.5 * math.cos(math.pi * done)}
    return falling[schedule]
