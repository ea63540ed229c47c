"""The contents of a model's config and what is wrong with them → the error that says so in one line."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.errors.told import FolderError, SettingError

_FOREIGN = "The folder is damaged or of another program: copy it again, or train the model again."


def other_version(where: str, version: object, known: int) -> FolderError:
    """Make the error of a format_version that this program doesn't read."""
    newer = isinstance(version, int) and version > known
    step = "Install a newer unrolled to read it." if newer else _FOREIGN
    return FolderError(f"format_version {known}", f"{version!r:.40}", step, where=where)


def wrong_keys(where: str, missing: Sequence[str], unknown: Sequence[str]) -> FolderError:
    """Make the error of keys that are missing or that nobody knows."""
    keys_named = [f"{word} {', '.join(map(repr, keys))[:200]}" for word, keys in _named(missing, unknown) if keys]
    return FolderError("exactly the keys of a model's config", " and ".join(keys_named), _FOREIGN, where=where)


def _named(missing: Sequence[str], unknown: Sequence[str]) -> tuple[tuple[str, Sequence[str]], ...]:
    return (("no", missing), ("the unknown", unknown))


def wrong_type(where: str, key: str, expected: str, value: object) -> FolderError:
    """Make the error of a value that isn't of the expected type."""
    return FolderError(expected, f"{value!r:.80}", _FOREIGN, where=f"{where}, {key}")


def wrong_setting(where: str, error: SettingError) -> FolderError:
    """Make the error of a setting that can't have the value found."""
    return FolderError(error.expected, error.received, _FOREIGN, where=f"{where}, {error.where}")


def not_a_model(where: str) -> FolderError:
    """Make the error of a path where no model folder is."""
    step = "Give the folder that `unrolled train -o` wrote."
    return FolderError("a model folder", "no such folder", step, where=where)


def wrong_vocabulary(where: str) -> FolderError:
    """Make the error of a vocabulary that doesn't begin with the unknown word."""
    return FolderError("a list of words that begins with '<unk>'", "another list", _FOREIGN, where=where)


def encoder_required(where: str, encoder: str) -> FolderError:
    """Make the error of a model whose encoder is not part of unrolled, and was not passed."""
    step = f"Load the model in Python: TextClassifier.from_pretrained(folder, encoder={encoder})."
    expected = f"the class of the encoder '{encoder}', which is not part of unrolled"
    return FolderError(expected, "none", step, where=where)


def other_encoder(where: str, encoder: str, received: str) -> FolderError:
    """Make the error of an encoder from outside that is not the model's."""
    return FolderError(f"the class '{encoder}'", f"'{received}'", f"Pass encoder={encoder}.", where=where)


def no_encoder_needed(where: str, encoder: str, received: str) -> FolderError:
    """Make the error of an encoder that was passed for a model whose encoder is part of unrolled."""
    step = "Leave 'encoder' out."
    return FolderError(f"unrolled's own encoder '{encoder}', which needs no class", f"'{received}'", step, where=where)


def other_options(where: str, encoder: str, received: str) -> FolderError:
    """Make the error of an encoder from outside that hasn't the options with which the model was trained."""
    step = f"Pass the class {encoder} as it was when the model was trained, or train the model again."
    return FolderError(f"options that the class '{encoder}' has", received, step, where=f"{where}, encoder_options")


def no_class(received: str) -> FolderError:
    """Make the error of something passed as a model's encoder that isn't a class."""
    step = "Pass the class itself, encoder=MyEncoder: its options are in the folder."
    return FolderError("the class of an encoder", received, step, where="from_pretrained, encoder")
