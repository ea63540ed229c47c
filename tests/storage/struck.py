"""An action and a number → the action, struck at its operation of that number: killed, without room or interrupted."""

from __future__ import annotations

import errno
import itertools
import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import pytest

DONE, DONE_THOUGH_STRUCK, REFUSED, INTERRUPTED, KILLED, OTHER = 0, 3, 4, 5, 137, 6
Operation = tuple[Any, str]  # what has it, and its name there
Strike = Callable[[], None]


def struck(
    action: Callable[[], None],
    operations: Iterable[Operation],
    number: int,
    strike: Strike,
    *,
    after: bool = False,
    lasting: bool = False,
) -> bool:
    """Act, where `strike` falls on the operation of a number, before or after it acts; and say whether it fell.

    If it is lasting, it falls on all later ones too.
    """
    counter, hit = itertools.count(1), False

    def armed(operation: Callable[..., Any], acts: bool) -> Callable[..., Any]:
        def run(*arguments: Any, **keywords: Any) -> Any:
            nonlocal hit
            now = next(counter)
            if now < number or (now > number and not lasting):
                return operation(*arguments, **keywords)
            hit = True
            try:
                return operation(*arguments, **keywords) if acts else None
            finally:
                strike()

        return run

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in operations:  # close lets go of the file also where it fails
            patch.setattr(owner, name, armed(getattr(owner, name), after or name == "close"))
        action()
    return hit


def kill() -> None:
    os._exit(KILLED)


def no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt() -> None:
    raise KeyboardInterrupt


def started(action: Callable[[], int]) -> int:
    """Act in a child process, which ends with the action's code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: other tests' libraries have threads
        pid = os.fork()
    if pid == 0:
        code = OTHER
        try:
            code = action()
        finally:
            os._exit(code)
    return pid


def ended(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def in_child(action: Callable[[], int]) -> int:
    return ended(started(action))
