"""A command that SIGTERM may end → ended so that nothing is left half, and what is left is said on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from unrolled.cli.console import say
from unrolled.training.signals import Terminated, ended_by_sigterm, leaving


@contextmanager
def end_told(left: str) -> Iterator[None]:
    """Let SIGTERM end the block by Terminated, and say what it leaves, unless that tells more itself."""
    try:
        with ended_by_sigterm(), leaving(left):
            yield
    except Terminated as ended:
        say(f"Ended by SIGTERM; {ended.left}")
        raise
