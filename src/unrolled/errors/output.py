"""A file to write answers to → the error of a place where it can't go."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from unrolled.errors.kinds import DataError, SettingError
from unrolled.errors.places import advice

_START_OVER = "Or start over: with --force and without --resume"


def output_exists(path: Path) -> DataError:
    """Make the error of a file that would be overwritten."""
    step = "Choose another name, or overwrite it with --force."
    return DataError("the file already exists and is not empty", step, where=str(path))


def other_kind(path: Path) -> DataError:
    """Make the error of a file that --force doesn't overwrite, as it isn't what the command writes, or was edited."""
    step = "Choose another name, or move it away: --force replaces only what this command wrote."
    return DataError(
        "the file already exists and isn't an output of this command, or was edited", step, where=str(path)
    )


def output_is_folder(path: Path) -> DataError:
    """Make the error of a folder where a file is to be written, which nothing overwrites."""
    return DataError("this is a folder, not a file", "Give a file name, perhaps in it.", where=str(path))


def cannot_write(path: Path, error: OSError) -> DataError:
    """Make the error of a file that the system doesn't let us write."""
    step = f"{advice(error)}; nothing of that name was changed."
    return DataError(f"could not write the file: {error.strerror or error}", step, where=str(path))


def cannot_print(error: OSError) -> DataError:
    """Make the error of a standard output, or another part of the system, that refuses its service."""
    if isinstance(error, io.UnsupportedOperation):
        return DataError(
            "expected a standard output to print to, got a closed one", "Leave it open, or name a file with -o."
        )
    step = "Fix what it names, such as a full disk, and run the command again."
    return DataError(f"expected the system to do its part, got '{error.strerror or error}'", step)


def too_large(error: MemoryError) -> DataError:
    """Make the error of sizes that together need more memory than there is."""
    step = (
        "Train with smaller sizes, such as --embedding-dim, or fewer words (--max-features); "
        "if it is the texts that are long, refuse those with --max-row-length."
    )
    return DataError(f"out of memory: {error or 'the sizes are too large'}", step)


def texts_too_large(error: MemoryError) -> DataError:
    """Make the error of texts that a model of given sizes needs more memory for than there is."""
    step = "Refuse long texts with --max-row-length, such as --max-row-length 100000, or give fewer texts at a time."
    return DataError(f"out of memory: {error or 'the texts are too long'}", step)


def unwritten_format(path: Path, known: Sequence[str]) -> SettingError:
    """Make the error of a file whose suffix names a format that isn't written."""
    step = "Choose one of these, or a name without a suffix."
    return SettingError(
        f"this format can't be written; a name must end in {' '.join(known)}, perhaps followed by .gz or .zst",
        step,
        where=str(path),
    )


def linked_to_other_format(path: Path, target: Path) -> SettingError:
    """Make the error of a link to a file whose name tells another format than the link's."""
    step = "Give the file itself, or choose another name."
    return SettingError(f"the link leads to '{target}', whose name says another format", step, where=str(path))


def contradicting_format(path: Path, recorded: str, chosen: str) -> SettingError:
    """Make the error of a format that was asked for in a file whose suffix names another."""
    step = "Leave --output-format out, or choose another name."
    return SettingError(f"the suffix says {recorded}, and --output-format says '{chosen}'", step, where=str(path))


def only_in_tables() -> SettingError:
    """Make the error of cells that are to be made harmless where there are none."""
    step = "Choose csv or tsv by OUT's suffix or --output-format, or leave it out: JSON is no spreadsheet's."
    return SettingError(
        "only csv and tsv have cells to protect, and the answers are JSON Lines", step, where="--spreadsheet-safe"
    )


def other_version(path: Path) -> DataError:
    """Make the error of a run to resume whose record is of another version of unrolled."""
    step = f"Finish it with the version that began it. {_START_OVER}."
    return DataError("the unfinished run was begun by another version of unrolled", step, where=str(path))


def output_is_input(written: str, name: str, read: str) -> SettingError:
    """Make the error of an output that is what the command reads, is in it, or would replace it."""
    return SettingError(
        f"the command reads '{read}' ({name}), which this output would change", "Choose another name.", where=written
    )


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system refuses in the block to the error of a file that can't be written."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from error


def not_resumable(path: Path | None) -> SettingError:
    """Make the error of a wish to resume what can't be resumed."""
    received = str(path) if path else "standard output"
    return SettingError(f"{received} can't be resumed", "Give a file with -o, or leave --resume out.", where="--resume")


def unfinished(path: Path) -> DataError:
    """Make the error of a file into which an earlier run was cut off."""
    return DataError(
        "an unfinished run exists", "Use --resume to continue it, or --force to start over.", where=str(path)
    )


def not_left_by_a_run(path: Path) -> DataError:
    """Make the error of something that stands where a run keeps its answers on the way, and is none of these."""
    return DataError(
        "something that no unfinished run left has the name that this run needs",
        "Move it away, or give OUT another name.",
        where=str(path),
    )


def damaged_progress(path: Path, reason: str) -> DataError:
    """Make the error of a kept run whose record or answers aren't what was written."""
    return DataError(
        f"the unfinished run's record or answers are damaged ({reason})", f"{_START_OVER}.", where=str(path)
    )


def other_run(path: Path, recorded: Sequence[str]) -> DataError:
    """Make the error of a run to resume that another model, other options or another machine began."""
    return DataError(
        f"the unfinished run was begun otherwise, so its answers may differ: {'; '.join(recorded)}",
        f"Give them as they were. {_START_OVER}.",
        where=str(path),
    )


def other_input(path: Path, rows: int) -> DataError:
    """Make the error of a run to resume over other rows than those it answered."""
    return DataError(
        f"the first {rows:,} rows are not those that the unfinished run answered",
        f"Give the same input. {_START_OVER}.",
        where=str(path),
    )


@contextmanager
def temporary_folder() -> Iterator[None]:
    """Turn what the system refuses in the block to the error of a temporary folder without room."""
    try:
        yield
    except OSError as error:
        raise no_temporary_room(tempfile.gettempdir(), error) from error


def no_temporary_room(folder: str, error: OSError) -> DataError:
    """Make the error of a temporary folder that can't take the numbers of all words."""
    where = f"temporary folder {folder}"
    return DataError(
        f"no room for the ids of all words: {error.strerror or error}",
        "Make room there, or name a folder with room by the variable TMPDIR.",
        where=where,
    )
