"""`rnn,lstm:forget_gate_bias=0` → the networks that are meant, each with its checked options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unrolled.errors import inspection as errors
from unrolled.errors import settings as setting_errors
from unrolled.model.registry import LOGISTIC, encoder_names, encoder_options, make_encoder
from unrolled.settings import Setting


@dataclass(frozen=True)
class EncoderSpec:
    """An encoder with options, called as it was spelt."""

    name: str
    encoder: str
    options: Mapping[str, Any]


def parse_encoders(text: str, common: Mapping[str, Any]) -> list[EncoderSpec]:
    """Read networks separated by commas, their options by colons; `common` options go to every encoder that takes them.

    A name or value that doesn't exist raises a SettingError. A comma before a digit belongs to a list of numbers.
    """
    return [_variant(word.strip(), common) for word in dict.fromkeys(re.split(r",(?!\s*\d)", text))]


def _variant(text: str, common: Mapping[str, Any]) -> EncoderSpec:
    encoder, *given = text.split(":")
    if encoder == LOGISTIC:
        raise setting_errors.no_gradients(encoder, encoder_names())
    if encoder not in encoder_names():
        raise setting_errors.unknown_encoder(encoder, encoder_names())
    known = encoder_options(encoder)
    options = {name: value for name, value in common.items() if name in known and _allows(known[name], value)}
    for option in given:
        name, equals, value = option.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise errors.not_a_variant(text)
        if name not in known:
            raise setting_errors.unknown_setting(f"the encoder '{encoder}'", name, known)
        options[name] = known[name].parse(value.strip())
    make_encoder(encoder, 1, options)
    return EncoderSpec(text, encoder, options)


def _allows(setting: Setting, value: Any) -> bool:
    return not setting.choices or value in setting.choices
