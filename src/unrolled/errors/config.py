"""The contents of a model's config and what is wrong with them → the error that says so in one line."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.errors.kinds import FolderError, SettingError

_FOREIGN = "The folder is damaged or of another program: copy it again, or train the model again."


def other_version(where: str, version: object, known: int) -> FolderError:
    """Make the error of a format_version that this program doesn't read."""
    newer = isinstance(version, int) and version > known
    step = "Install a newer unrolled to read it." if newer else _FOREIGN
    return FolderError(
        f"format_version is {version!r:.40}, and this version of unrolled reads {known}", step, where=where
    )


def wrong_keys(where: str, missing: Sequence[str], unknown: Sequence[str]) -> FolderError:
    """Make the error of keys that are missing or unknown."""
    keys_named = [f"{word} {', '.join(map(repr, keys))[:200]}" for word, keys in _named(missing, unknown) if keys]
    return FolderError(f"the keys aren't those of a model's config: {' and '.join(keys_named)}", _FOREIGN, where=where)


def _named(missing: Sequence[str], unknown: Sequence[str]) -> tuple[tuple[str, Sequence[str]], ...]:
    return (("no", missing), ("the unknown", unknown))


def wrong_type(where: str, key: str, expected: str, value: object) -> FolderError:
    """Make the error of a value that isn't of the expected type."""
    return FolderError(f"expected {expected}, got {value!r:.80}", _FOREIGN, where=f"{where}, {key}")


def wrong_setting(where: str, error: SettingError) -> FolderError:
    """Make the error of a setting that can't have the value found."""
    return FolderError(error.problem, _FOREIGN, where=f"{where}, {error.where}")


def not_a_model(where: str) -> FolderError:
    """Make the error of a path where no model folder is."""
    step = "Give the folder that `unrolled train -o` wrote."
    return FolderError("no such model folder", step, where=where)


def wrong_vocabulary(where: str) -> FolderError:
    """Make the error of a vocabulary that doesn't begin with the unknown word."""
    return FolderError("the list of words doesn't begin with '<unk>'", _FOREIGN, where=where)


def encoder_required(where: str, encoder: str) -> FolderError:
    """Make the error of a model whose encoder is not part of unrolled, and was not passed."""
    step = f"Load the model in Python: TextClassifier.from_pretrained(folder, encoder={encoder})."
    return FolderError(f"the model's encoder '{encoder}' is not part of unrolled", step, where=where)


def other_encoder(where: str, encoder: str, received: str) -> FolderError:
    """Make the error of an encoder from outside that is not the model's."""
    return FolderError(
        f"the model's encoder is the class '{encoder}', not '{received}'", f"Pass encoder={encoder}.", where=where
    )


def no_encoder_needed(where: str, encoder: str, received: str) -> FolderError:
    """Make the error of an encoder that was passed for a model whose encoder is part of unrolled."""
    step = "Leave 'encoder' out."
    return FolderError(
        f"the model's encoder '{encoder}' is unrolled's own and needs no class, got '{received}'", step, where=where
    )


def other_options(where: str, encoder: str, received: str) -> FolderError:
    """Make the error of an encoder from outside that hasn't the options with which the model was trained."""
    step = f"Pass the class {encoder} as it was when the model was trained, or train the model again."
    return FolderError(
        f"the class '{encoder}' doesn't have the options that the model was trained with: {received}",
        step,
        where=f"{where}, encoder_options",
    )


def no_class(received: str) -> FolderError:
    """Make the error of something passed as a model's encoder that isn't a class."""
    step = "Pass the class itself, encoder=MyEncoder: its options are in the folder."
    return FolderError(f"must be the class of an encoder, got {received}", step, where="from_pretrained, encoder")
