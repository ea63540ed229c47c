"""What a run reports to, when it must end, and where its states are saved: one object from the command to the loop."""

from __future__ import annotations

from dataclasses import dataclass, field

from unrolled.training.callback import Callback, no_callback
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.deadline import Deadline


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """The surroundings of one run; none of them changes what is learnt, only how far."""

    callback: Callback = no_callback
    deadline: Deadline = field(default_factory=Deadline)
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
