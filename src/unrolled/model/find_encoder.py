"""The word that a user types → the encoder of the file with that name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from unrolled.errors import settings as errors
from unrolled.model import encoders
from unrolled.model.encoder import Encoder
from unrolled.settings import Setting, checked, settings_of


def encoder_names() -> list[str]:
    """List the encoders there are: one for each file in `encoders/`."""
    return sorted(module.name for module in pkgutil.iter_modules(encoders.__path__))


def encoder_class(name: str) -> type[Any]:
    """Find the one class that the encoder's file defines, or raise a SettingError that names the nearest."""
    if name not in encoder_names():
        raise errors.unknown_encoder(name, encoder_names())
    module = importlib.import_module(f"{encoders.__name__}.{name}")
    own = (item for item in vars(module).values() if isinstance(item, type) and item.__module__ == module.__name__)
    (found,) = own
    return found


def encoder_options(name: str) -> Mapping[str, Setting]:
    """Read the options of an encoder off its signature."""
    return settings_of(encoder_class(name))


def make_encoder(name: str, input_size: int, options: Mapping[str, Any]) -> Encoder:
    """Make an encoder from its name and options; an option that it lacks raises a SettingError."""
    known = encoder_options(name)
    for option in options:
        owners = [other for other in encoder_names() if option in encoder_options(other)]
        if option not in known and owners:
            raise errors.setting_of_others(name, option, owners, known)
    encoder: Encoder = encoder_class(name)(input_size=input_size, **checked(known, options, f"the encoder '{name}'"))
    return encoder
