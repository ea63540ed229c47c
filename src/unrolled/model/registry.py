"""The word that a user types → the encoder of the file with that name, or logistic regression, which has none.

In Python, the class of an encoder from outside the package stands for itself.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard, cast

from unrolled.errors import settings as errors
from unrolled.model import encoders, outside_encoder
from unrolled.model.encoder import Encoder
from unrolled.model.logistic import Logistic
from unrolled.settings import Setting, checked, settings_of

EncoderChoice: TypeAlias = "str | type[Encoder]"  # a name, or a class from outside the package

LINEAR: Mapping[str, type[Logistic]] = {"logistic": Logistic}  # models without an encoder


def encoder_names() -> list[str]:
    """List the encoders there are: one for each file in `encoders/`."""
    return sorted(module.name for module in pkgutil.iter_modules(encoders.__path__))


def network_names() -> list[str]:
    """List all that a user can choose as the encoder: the encoders and logistic regression."""
    return sorted([*encoder_names(), *LINEAR])


def is_linear(choice: EncoderChoice) -> TypeGuard[str]:
    """Return whether it is a linear model of n-gram counts: without word vectors or layers, and with one optimum."""
    return isinstance(choice, str) and choice in LINEAR


def encoder_name(choice: EncoderChoice) -> str:
    """Return the name of an encoder: of one from outside, its class's."""
    return choice if isinstance(choice, str) else choice.__name__


def encoder_class(choice: EncoderChoice) -> type[Any]:
    """Return the one class that the encoder's file defines, or one from outside; SettingError if it is no encoder."""
    if isinstance(choice, type):
        outside_encoder.check_class(choice)
        return choice
    if choice not in encoder_names():
        raise errors.unknown_encoder(choice, network_names())
    module = importlib.import_module(f"{encoders.__name__}.{choice}")
    own = (item for item in vars(module).values() if isinstance(item, type) and item.__module__ == module.__name__)
    (found,) = own
    return found


def resolve_encoder(encoder: EncoderChoice | Encoder) -> tuple[EncoderChoice, dict[str, Any]]:
    """Turn a name, a class or an object into the choice of an encoder and the options that the object was made with.

    What is none of these stays as it is, and is refused where an encoder is made.
    """
    if isinstance(encoder, type):
        return _name_or_class(encoder), {}
    if isinstance(encoder, str) or not dataclasses.is_dataclass(encoder):
        return cast("str", encoder), {}
    return _name_or_class(type(encoder)), outside_encoder.options_of(encoder)


def _name_or_class(kind: type[Encoder]) -> EncoderChoice:
    """Return the name of a class of the package, and any other class."""
    outside_encoder.check_class(kind)
    package, _, name = kind.__module__.rpartition(".")
    return name if package == encoders.__name__ and encoder_class(name) is kind else kind


def encoder_options(choice: EncoderChoice) -> Mapping[str, Setting]:
    """Read the options of an encoder, or of logistic regression, off its signature."""
    settings = settings_of(LINEAR[choice] if is_linear(choice) else encoder_class(choice))
    return {name: setting for name, setting in settings.items() if name != outside_encoder.INPUT_SIZE}


def make_encoder(choice: EncoderChoice, input_size: int, options: Mapping[str, Any]) -> Encoder:
    """Make an encoder with options; one that it lacks raises a SettingError."""
    encoder: Encoder = encoder_class(choice)(input_size=input_size, **_checked(choice, options))
    return encoder


def make_linear(name: str, words: int, classes: int, options: Mapping[str, Any]) -> Logistic:
    """Make a linear model from its name and options; an option that it lacks raises a SettingError."""
    return LINEAR[name](words=words, classes=classes, **_checked(name, options))


def _checked(choice: EncoderChoice, options: Mapping[str, Any]) -> dict[str, Any]:
    known, name = encoder_options(choice), encoder_name(choice)
    for option in (option for option in options if option not in known):
        owners = [other for other in network_names() if option in encoder_options(other)]
        if owners:
            raise errors.setting_of_others(name, option, owners, known)
    return checked(known, options, f"the encoder '{name}'")
