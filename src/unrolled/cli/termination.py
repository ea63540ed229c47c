"""A command that SIGTERM may end → ended so that nothing is left half, and what is left is said on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from unrolled.cli.console import info
from unrolled.training.signals import Terminated, report_if_terminated, terminated_by_sigterm


@contextmanager
def exit_on_sigterm(left: str) -> Iterator[None]:
    """Turn SIGTERM in the block into Terminated, with a message of what it leaves unless that has one itself."""
    try:
        with terminated_by_sigterm(), report_if_terminated(left):
            yield
    except Terminated as ended:
        info(f"Ended by SIGTERM; {ended.left}")
        raise
