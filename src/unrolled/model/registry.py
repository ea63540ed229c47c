"""The word that a user types → the encoder of the file with that name, or logistic regression, which has none."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from unrolled.errors import settings as errors
from unrolled.model import encoders
from unrolled.model.encoder import Encoder
from unrolled.model.logistic import Logistic
from unrolled.settings import Setting, checked, settings_of

LINEAR: Mapping[str, type[Logistic]] = {"logistic": Logistic}  # models without an encoder


def encoder_names() -> list[str]:
    """List the encoders there are: one for each file in `encoders/`."""
    return sorted(module.name for module in pkgutil.iter_modules(encoders.__path__))


def network_names() -> list[str]:
    """List all that a user can choose as the encoder: the encoders and logistic regression."""
    return sorted([*encoder_names(), *LINEAR])


def is_linear(name: str) -> bool:
    """Return whether it is a linear model of n-gram counts: without word vectors or layers, and with one optimum."""
    return name in LINEAR


def encoder_class(name: str) -> type[Any]:
    """Find the one class that the encoder's file defines, or raise a SettingError that names the nearest."""
    if name not in encoder_names():
        raise errors.unknown_encoder(name, network_names())
    module = importlib.import_module(f"{encoders.__name__}.{name}")
    own = (item for item in vars(module).values() if isinstance(item, type) and item.__module__ == module.__name__)
    (found,) = own
    return found


def encoder_options(name: str) -> Mapping[str, Setting]:
    """Read the options of an encoder, or of logistic regression, off its signature."""
    return settings_of(LINEAR[name] if is_linear(name) else encoder_class(name))


def make_encoder(name: str, input_size: int, options: Mapping[str, Any]) -> Encoder:
    """Make an encoder from its name and options; an option that it lacks raises a SettingError."""
    encoder: Encoder = encoder_class(name)(input_size=input_size, **_checked(name, options))
    return encoder


def make_linear(name: str, words: int, classes: int, options: Mapping[str, Any]) -> Logistic:
    """Make a linear model from its name and options; an option that it lacks raises a SettingError."""
    return LINEAR[name](words=words, classes=classes, **_checked(name, options))


def _checked(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    known = encoder_options(name)
    for option in (option for option in options if option not in known):
        owners = [other for other in network_names() if option in encoder_options(other)]
        if owners:
            raise errors.setting_of_others(name, option, owners, known)
    return checked(known, options, f"the encoder '{name}'")
