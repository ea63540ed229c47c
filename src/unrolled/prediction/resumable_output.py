"""Answers → a file that appears when it is whole; killed on the way, it can be resumed.

Until then a folder `.OUT.partial` is next to OUT: the answers so far, the record of how far these are valid, a lock.
The record is replaced in one step, after the answers that it speaks of were synced. So whenever the process dies, the
answers begin with what the record says; what stands behind it is cut off.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from unrolled.errors import output as errors
from unrolled.prediction import progress_record
from unrolled.prediction.answer_file import OF_ANSWERS, is_full
from unrolled.prediction.compression import end_member, text_file
from unrolled.prediction.output_format import packing_of
from unrolled.prediction.progress_record import Progress
from unrolled.prediction.stream import Counts
from unrolled.storage.differences import diff
from unrolled.storage.file_lock import acquire
from unrolled.storage.name_length import reject_long_name
from unrolled.storage.older_output import reject_other

ANSWERS, RECORD, FRESH, LOCK = OWN = ("answers", "progress.json", "progress.new", ".answers.lock")  # all there is
SECONDS = 1.0  # between two records, at least: to sync takes its time
Run = Callable[[], Mapping[str, Any]]


@contextmanager
def opened(output: Path, run: Run, *, force: bool, resume: bool) -> Iterator[ResumableOutput | None]:
    """Open a file that is put in place at the end of the block; None where there is nothing left to resume.

    `run` tells what the answers depend on. What is left by a block that fails can be resumed.
    """
    with errors.writing(output):
        partial = ResumableOutput(output, run)
        reject_long_name(output, output.absolute(), len(partial.folder.name) - len(output.name))
        _reject_foreign(partial.folder)
        partial.folder.mkdir(exist_ok=True)
        try:
            with acquire(output, partial.folder / LOCK):
                try:
                    yield from _within(partial, force=force, resume=resume)
                finally:
                    partial.close()
        finally:
            with suppress(OSError):
                partial.folder.rmdir()  # which fails if anything is in it


def _reject_foreign(folder: Path) -> None:
    """Raise a DataError where something has the folder's name, or is in it, that no run of ours left there."""
    if not os.path.lexists(folder):
        return
    if not stat.S_ISDIR(os.lstat(folder).st_mode):
        raise errors.not_left_by_a_run(folder)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name not in OWN or not _is_plain(entry.stat(follow_symlinks=False)):
                raise errors.not_left_by_a_run(folder / entry.name)


def _is_plain(status: os.stat_result) -> bool:
    """Return whether it is a regular file that has no second name."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _within(partial: ResumableOutput, *, force: bool, resume: bool) -> Iterator[ResumableOutput | None]:
    if is_full(partial.output) and not force:
        if not resume or partial.is_unfinished:
            raise errors.output_exists(partial.output)
        yield None
        return
    if is_full(partial.output):
        reject_other(partial.output, OF_ANSWERS)
    if not partial.is_unfinished:
        partial.begin()
    elif resume:
        partial.go_on()
    elif force:
        partial.begin()
    else:
        raise errors.unfinished(partial.output)
    yield partial
    partial.finish()


class ResumableOutput:
    """A file of answers on its way."""

    def __init__(self, output: Path, run: Run) -> None:
        """Take its final name, and what tells on what the answers depend."""
        self.output, self.run, self.folder = output, run, output.parent / f".{output.name}.partial"
        self.answers, self.record = self.folder / ANSWERS, self.folder / RECORD
        self.progress: Progress | None = None  # that the file on the disk has, and that is trained further
        self.due, self.closing = monotonic() + SECONDS, ExitStack()

    @property
    def is_unfinished(self) -> bool:
        """Return whether there are answers to go on with."""
        return self.record.exists() and self.answers.exists()

    def begin(self) -> None:
        """Begin with no answers."""
        self.record.unlink(missing_ok=True)
        self.answers.unlink(missing_ok=True)
        self._write_to(self._opened(os.O_CREAT | os.O_EXCL))

    def go_on(self) -> None:
        """Go on behind the answers that the record speaks of; DataError where anything isn't as it was."""
        self.progress = progress_record.read(self.record)
        if changes := diff(self.progress.run, self.run()):
            raise errors.other_run(self.output, changes)
        raw, left = self._opened(0), self.progress.bytes
        while piece := raw.read(min(left, 1 << 20)):
            raw.sha256.update(piece)
            left -= len(piece)
        if left or raw.sha256.hexdigest() != self.progress.answers:
            raise errors.damaged_progress(self.answers, "other answers")
        raw.truncate()
        self._write_to(raw)

    def save(self, counts: Counts, rows: str) -> None:
        """Record that all rows so far, of such a digest, are answered, unless that was done just before."""
        end_member(self.file)  # at every segment's end: which bytes come out must not depend on the time
        if monotonic() < self.due:
            return
        self._sync()
        size, answers = os.fstat(self.raw.fileno()).st_size, self.raw.sha256.hexdigest()
        self.progress = Progress(counts, rows, size, answers, self.run())
        fresh = self.folder / FRESH
        fresh.unlink(missing_ok=True)
        with fresh.open("xb") as file:
            file.write(progress_record.to_bytes(self.progress))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.record)
        self.due = monotonic() + SECONDS

    def finish(self) -> None:
        """Move the whole file into place."""
        end_member(self.file, last=True)
        self._sync()
        self.closing.close()
        self.answers.replace(self.output)

    def close(self) -> None:
        """Close the file; what can't be resumed is deleted."""
        with suppress(OSError):  # what couldn't be written was told before
            self.closing.close()
        if not self.is_unfinished:
            for path in (self.answers, self.record, self.folder / FRESH):
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _opened(self, flags: int) -> _Digested:
        flags |= os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        raw = self.closing.enter_context(_Digested(os.open(self.answers, flags, 0o666)))
        if not _is_plain(os.fstat(raw.fileno())):
            raise errors.not_left_by_a_run(self.answers)
        return raw

    def _write_to(self, raw: _Digested) -> None:
        self.raw, self.file = raw, text_file(raw, packing_of(self.output))
        self.closing.enter_context(self.file)

    def _sync(self) -> None:
        self.file.flush()
        os.fsync(self.raw.fileno())


class _Digested(io.FileIO):
    """A file that is written from one end to the other, and the digest of all that was written."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle, "r+b")
        self.sha256 = hashlib.sha256()

    def write(self, content: Any) -> int:
        """Write what the system takes at once, as any raw file does."""
        count = super().write(content)
        self.sha256.update(memoryview(content)[:count])
        return count
