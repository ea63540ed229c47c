"""A command that SIGTERM may end → ended so that nothing is left half, and what is left is said on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from unrolled.cli.console import info
from unrolled.training.signals import Terminated, on_sigterm, terminate


@contextmanager
def exit_on_sigterm(left: str) -> Iterator[None]:
    """Let SIGTERM end the block by Terminated, and say what it leaves, unless that tells more itself."""
    try:
        with terminate(), on_sigterm(left):
            yield
    except Terminated as ended:
        info(f"Ended by SIGTERM; {ended.left}")
        raise
