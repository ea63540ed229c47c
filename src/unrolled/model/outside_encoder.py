"""An encoder from outside the package, a class or an object of one → its class and options, or what it lacks."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from unrolled.errors import encoders as errors
from unrolled.model.encoder import Encoder
from unrolled.settings import Setting, settings_of

INPUT_SIZE = "input_size"  # the field that the network sets
_MEMBERS = [name for name in vars(Encoder) if not name.startswith("_")]
_KINDS = (int, float, bool, str)


@cache
def check_class(kind: type[Any]) -> None:
    """Raise a SettingError that says in what a class isn't an encoder."""
    name = kind.__name__
    if not dataclasses.is_dataclass(kind):
        raise errors.no_dataclass(name)
    fields = {field.name for field in dataclasses.fields(kind)}
    if missing := [member for member in _MEMBERS if member not in fields and not hasattr(kind, member)]:
        raise errors.missing_members(name, missing)
    for parameter in inspect.signature(kind).parameters.values():
        if parameter.default is parameter.empty and parameter.name != INPUT_SIZE:
            raise errors.option_without_default(name, parameter.name)
    for setting in _settings(kind).values():
        if not _can_be_saved(setting):
            raise errors.unsupported_option(name, setting.name)


def _settings(kind: type[Any]) -> Mapping[str, Setting]:
    try:
        return settings_of(kind)
    except (IndexError, NameError, TypeError):  # a type that no setting may have, or that can't be evaluated
        raise errors.unsupported_types(kind.__name__) from None


def _can_be_saved(setting: Setting) -> bool:
    return setting.kind in _KINDS and setting.is_allowed(setting.default)


def options_of(encoder: Any) -> dict[str, Any]:
    """Return the options that an object of an encoder's class was made with."""
    return {name: getattr(encoder, name) for name in settings_of(type(encoder)) if name != INPUT_SIZE}


def check_input_size(encoder: Any, size: int) -> None:
    """Raise a SettingError for an object that was made for word vectors of another size.

    One whose class has a default for its input size may leave it at that.
    """
    own, default = getattr(encoder, INPUT_SIZE), settings_of(type(encoder)).get(INPUT_SIZE)
    if own != size and not (default and own == default.default):
        raise errors.other_input_size(type(encoder).__name__, own, size)
