"""An encoder from outside the package and what it lacks → the error of the researcher who wrote it."""

from __future__ import annotations

from collections.abc import Iterable

from unrolled.errors.kinds import SettingError

_ALLOWED = "options that are int, float, bool, str, a Literal, a tuple of these, or one of these and None"
_GUIDE = "docs/adding-an-encoder.md has an example."


def no_dataclass(encoder: str) -> SettingError:
    """Make the error of an encoder's class that isn't a dataclass, so that its options are unknown."""
    step = f"Write @dataclass(frozen=True, kw_only=True) before the class; {_GUIDE}"
    return SettingError(f"{encoder} must be a dataclass whose fields are its options", step, where="setting 'encoder'")


def missing_members(encoder: str, missing: Iterable[str]) -> SettingError:
    """Make the error of an encoder's class that lacks a part of the contract."""
    names = ", ".join(missing)
    step = f"Add {names} to the class; {_GUIDE}"
    return SettingError(f"the encoder {encoder} has no {names}", step, where="setting 'encoder'")


def option_without_default(encoder: str, option: str) -> SettingError:
    """Make the error of a field of an encoder, other than its input size, that has no default."""
    step = f"Give '{option}' a default: it is an option, and only input_size comes from the network."
    return SettingError(f"the option '{option}' has no default", step, where=f"encoder {encoder}")


def unsupported_types(encoder: str) -> SettingError:
    """Make the error of an encoder whose options have types that can't be read off its class."""
    step = "Change the types of the fields: options are checked and written to config.json."
    return SettingError(f"only these types of options are supported: {_ALLOWED}", step, where=f"encoder {encoder}")


def unsupported_option(encoder: str, option: str) -> SettingError:
    """Make the error of an encoder's option that can't be checked and saved."""
    step = f"Change the type or the default of '{option}': options are checked and written to config.json."
    return SettingError(
        f"the option '{option}' is not supported; supported are {_ALLOWED}", step, where=f"encoder {encoder}"
    )


def option_of_the_classifier(encoder: str, option: str) -> SettingError:
    """Make the error of an encoder's option that has the name of a setting of training."""
    step = f"Give the option '{option}' another name."
    return SettingError(f"TextClassifier has a setting '{option}' of its own", step, where=f"encoder {encoder}")


def other_input_size(encoder: str, size: int, expected: int) -> SettingError:
    """Make the error of an encoder that was made for word vectors of another size."""
    step = f"Make it with input_size={expected}, or pass the class {encoder} and its options to TextClassifier."
    return SettingError(f"the input_size is {size}, and the word vectors have size {expected}", step, where=encoder)
