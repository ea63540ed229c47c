"""A folder or a file of it and what is wrong with it → the error that says so in one line."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.kinds import FolderError
from unrolled.errors.places import advice

_DAMAGED = "The folder is damaged or of another program: copy it again, or train the model again."
_COPY = "cp -rL MODEL COPY"
_MOVE_AWAY = "Move it away, or choose another folder: --force replaces only that."
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def cannot_write(path: Path, error: OSError, state: str = "nothing of that name was changed") -> FolderError:
    """Make the error of a folder that the system doesn't let us write, and say what stands there now."""
    return FolderError(
        f"could not write the folder: {error.strerror or error}", f"{advice(error)}; {state}.", where=str(path)
    )


def not_saved(error: FolderError, place: Path | None, left: str) -> FolderError:
    """Make the error of a trained model that couldn't be saved where it should be, but elsewhere, or nowhere."""
    where = f"The model is whole in {place}: use it there, or move it." if place else "No other folder took the model."
    step = f"{error.advice} {where}{f' {left.rstrip(chr(46))}.' if left else ''}"
    return FolderError(error.problem, step, where=error.where)


def without_figures(error: FolderError, folder: Path) -> FolderError:
    """Make the error of a model that was saved, and to which its evaluation couldn't be added."""
    advice = error.advice.replace("; nothing of that name was changed", "")  # as the model itself was
    step = f"{advice} The new model in {folder} is whole and lacks only its figures: evaluate gives them again."
    return FolderError(error.problem, step, where=error.where)


def impossible_name(path: Path) -> FolderError:
    """Make the error of a name that no folder can have."""
    return FolderError(f"no folder can have the name {str(path)!r:.80}", "Choose another name.")


def target_is_a_file(path: Path) -> FolderError:
    """Make the error of a file where the folder should go."""
    return FolderError("there is a file of this name", "Choose another name.", where=str(path))


def target_is_full(path: Path) -> FolderError:
    """Make the error of a folder that would be overwritten."""
    next_step = "Choose another name, or overwrite it with --force (force=True)."
    return FolderError("the folder already exists and is not empty", next_step, where=str(path))


def target_is_foreign(folder: Path, names: Sequence[str], error: FolderError) -> FolderError:
    """Make the error of a folder that isn't ours to delete, not even by force: no record tells whose its files are."""
    some = ", ".join(repr(name) for name in names[:3]) + ", …" * (len(names) > 3)
    return FolderError(
        f"--force would delete {some}, and no record shows that unrolled wrote the folder "
        f"({error.where.rpartition(os.sep)[2]}: {error.problem})",
        _MOVE_AWAY,
        where=str(folder),
    )


def not_of_the_folder(path: os.PathLike[str], received: str) -> FolderError:
    """Make the error of a file in a folder of ours that isn't ours to delete: another one, or one that was changed."""
    return FolderError(
        f"--force would delete this file, which is not as unrolled wrote it ({received})",
        _MOVE_AWAY,
        where=os.fspath(path),
    )


def changed_during_write(folder: Path, name: str) -> FolderError:
    """Make the error of a folder that got another file while it was to be replaced, and is as it was."""
    return FolderError(
        f"'{name}' was added or changed while the folder was being replaced", _MOVE_AWAY, where=str(folder)
    )


def target_is_a_model(path: Path) -> FolderError:
    """Make the error of a model's folder where one is needed for more than a model."""
    return FolderError(
        "this is a model's own folder; a folder for a model and data next to it is needed",
        "Choose another name.",
        where=str(path),
    )


def target_is_a_mount(path: Path) -> FolderError:
    """Make the error of a mount point, which can't be exchanged for another folder."""
    return FolderError("a mount point can't be replaced", "Name a folder inside it.", where=str(path))


def cannot_read(path: os.PathLike[str], error: OSError) -> FolderError:
    """Make the error of a file that the system doesn't let us read."""
    reason = "it is a symbolic link" if error.errno == errno.ELOOP else f"'{error.strerror or error}'"
    return FolderError(f"can't read it: {reason}", "Is this the folder of a model?", where=os.fspath(path))


def not_a_regular_file(path: os.PathLike[str], mode: int) -> FolderError:
    """Make the error of a link, folder, pipe or device that stands where a file should."""
    step = f"Copy the folder with the files themselves: {_COPY}." if stat.S_ISLNK(mode) else _DAMAGED
    return FolderError(
        f"this is {_KINDS.get(stat.S_IFMT(mode), 'a device')}, not a regular file", step, where=os.fspath(path)
    )


def hard_link(path: os.PathLike[str], names: int) -> FolderError:
    """Make the error of a file that could be changed under another name."""
    step = f"Copy the folder, and use the copy: {_COPY}."
    return FolderError(
        f"this file has {names:,} names (hard links) and could be changed under another one",
        step,
        where=os.fspath(path),
    )


def a_pickle(path: os.PathLike[str]) -> FolderError:
    """Make the error of a file in a format that can hold code."""
    return FolderError(
        "a pickle can run code, and a model folder holds no code",
        "Remove it, or train the model again with unrolled; it was not opened.",
        where=os.fspath(path),
    )


def no_manifest(path: Path) -> FolderError:
    """Make the error of a folder that isn't a model's, or of a model from before there were manifests."""
    step = "Give the folder that `unrolled train` or `unrolled lm train` wrote; if it did, train the model again."
    return FolderError("this is no model folder: it has no manifest.json", step, where=str(path))


def not_in_manifest(path: Path, name: str) -> FolderError:
    """Make the error of a file that a model needs and its manifest doesn't know."""
    return FolderError(f"the manifest doesn't list '{name}'", _DAMAGED, where=str(path))


def other_size(path: os.PathLike[str], recorded: int, size: int) -> FolderError:
    """Make the error of a file that is shorter or longer than the manifest tells."""
    return FolderError(
        f"the manifest lists {recorded:,} bytes, and the file has {size:,}", _DAMAGED, where=os.fspath(path)
    )


def other_hash(path: os.PathLike[str], recorded: str, found: str) -> FolderError:
    """Make the error of a file that was changed since the manifest was written."""
    return FolderError(
        f"the content has changed: the manifest lists sha256 {recorded[:12]}…, and the file has {found[:12]}…",
        _DAMAGED,
        where=os.fspath(path),
    )


def is_changing(path: os.PathLike[str]) -> FolderError:
    """Make the error of a file that is written while it is read."""
    step = "Wait until it is whole, or copy the folder and use the copy."
    return FolderError("another process is writing to this file", step, where=os.fspath(path))


def no_memory(path: Path) -> FolderError:
    """Make the error of a model that is too large for this machine, or for a limit set to the process."""
    step = "Close other programs, raise the limit, or train a smaller model."
    return FolderError("the model doesn't fit into memory", step, where=str(path))


def too_large(path: os.PathLike[str], count: int, most: int) -> FolderError:
    """Make the error of settings that ask for more numbers than any model of ours has."""
    return FolderError(
        f"the settings ask for {count:,} weights, and at most {most:,} are read", _DAMAGED, where=os.fspath(path)
    )


def too_many_weights(count: int, most: int) -> FolderError:
    """Make the error of a model with more numbers than any is read with."""
    step = "Choose smaller sizes, such as embedding_dim or max_features."
    return FolderError(f"the model would have {count:,} weights, and at most {most:,} are allowed", step)


def wrong_size(path: os.PathLike[str], expected: str, size: int) -> FolderError:
    """Make the error of a file that is too large, cut or prolonged."""
    return FolderError(f"expected {expected}, got {size:,} bytes", _DAMAGED, where=os.fspath(path))


def wrong_content(path: os.PathLike[str], expected: str, problem: str) -> FolderError:
    """Make the error of a file whose content isn't of the expected form."""
    return FolderError(f"expected {expected}, got {shortened(problem, 200)}", _DAMAGED, where=os.fspath(path))


def missing_tensor(path: os.PathLike[str], name: str, shape: Sequence[int]) -> FolderError:
    """Make the error of a weight that the settings ask for and the file lacks."""
    return _wrong_tensor(path, name, f"shape {list(shape)}", "no such tensor")


def extra_tensor(path: os.PathLike[str], name: str) -> FolderError:
    """Make the error of a weight that the settings don't know."""
    return _wrong_tensor(path, name, "no such tensor", "one")


def wrong_shape(path: os.PathLike[str], name: str, expected: Sequence[int], received: object) -> FolderError:
    """Make the error of a weight whose shape isn't the one that the settings imply."""
    return _wrong_tensor(path, name, f"shape {list(expected)}", f"shape {shortened(str(received), 60)}")


def wrong_dtype(path: os.PathLike[str], name: str, received: object) -> FolderError:
    """Make the error of a weight that isn't kept in 32 bits."""
    return _wrong_tensor(path, name, "dtype 'F32'", f"dtype {shortened(repr(received), 60)}")


def not_finite(path: os.PathLike[str], name: str) -> FolderError:
    """Make the error of a weight with a NaN or an infinity in it."""
    return _wrong_tensor(path, name, "finite numbers", "NaN or infinity")


def shortened(text: str, length: int) -> str:
    """Cut what comes from a file to a length that fits a message."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _wrong_tensor(path: os.PathLike[str], name: str, expected: str, received: str) -> FolderError:
    return FolderError(
        f"expected {expected}, got {received}", _DAMAGED, where=f"{os.fspath(path)}, tensor {shortened(repr(name), 80)}"
    )
