"""A setting's name and what was given → the error of a user who chose something impossible."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from unrolled.errors.kinds import SettingError, nearest


def wrong_value(name: str, allowed: str, value: object) -> SettingError:
    """Make the error of a value that the setting can't have."""
    return SettingError(f"expected {allowed}, got {value!r:.80}", "Choose an allowed value.", where=f"setting '{name}'")


def no_size(text: object) -> SettingError:
    """Make the error of an option that is no size in bytes."""
    return SettingError(f"expected a size such as 256M or 2G, got '{text!s:.60}'", "Choose an allowed value.")


def no_character(text: object) -> SettingError:
    """Make the error of a length of rows that lets none pass."""
    return SettingError(f"expected at least 1 character, got '{text!s:.60}'", "Choose an allowed value.")


def no_time(text: object) -> SettingError:
    """Make the error of an option that is no duration."""
    return SettingError(f"expected a time such as 30s or 10m, got '{text!s:.60}'", "Choose an allowed value.")


def unknown_setting(owner: str, name: str, known: Iterable[str]) -> SettingError:
    """Make the error of a setting that nobody has."""
    return SettingError(f"{owner} has no such setting", nearest(name, known), where=f"setting '{name}'")


def setting_of_others(encoder: str, name: str, owners: Iterable[str], known: Iterable[str]) -> SettingError:
    """Make the error of an option that other encoders have and the chosen one lacks."""
    return SettingError(
        f"the encoder '{encoder}' has no option '{name}', which belongs to {', '.join(sorted(owners))}; "
        f"its options: {', '.join(sorted(known)) or 'none'}",
        f"Leave '{name}' out or choose another encoder.",
        where=f"setting '{name}'",
    )


def setting_of_neural_training(encoder: str, name: str, value: object, known: Iterable[str]) -> SettingError:
    """Make the error of a setting that has no meaning for an encoder that isn't trained step by step."""
    return SettingError(
        f"'{name}' (here {value!r:.80}) is for training neural networks, not for the encoder '{encoder}', "
        f"whose settings are {', '.join(sorted(known))}",
        f"Leave '{name}' out or choose another encoder.",
        where=f"setting '{name}'",
    )


def setting_of_other_optimizer(optimizer: str, name: str, value: object, known: Iterable[str]) -> SettingError:
    """Make the error of a setting that has no meaning for the chosen optimizer."""
    return SettingError(
        f"'{name}' (here {value!r:.80}) is a setting of adamw, not of the optimizer '{optimizer}', "
        f"whose settings are {', '.join(sorted(known))}",
        f"Leave '{name}' out or choose the optimizer adamw.",
        where=f"setting '{name}'",
    )


def optimizer_of_others(optimizer: str, encoders: Iterable[str], received: str) -> SettingError:
    """Make the error of an optimizer that can't train the encoder."""
    return SettingError(
        f"'{optimizer}' can't train the encoder '{received}', only {', '.join(sorted(encoders))} with num_layers 0",
        f"Choose such an encoder, or leave 'optimizer' out to train '{received}' by adamw.",
        where="setting 'optimizer'",
    )


def no_hidden_layers(optimizer: str, layers: int) -> SettingError:
    """Make the error of hidden layers under an optimizer that trains none."""
    return SettingError(
        f"the optimizer '{optimizer}' trains no hidden layers, and num_layers is {layers}",
        "Leave 'num_layers' out, or leave 'optimizer' out to train the layers by adamw.",
        where="setting 'num_layers'",
    )


def start_with_hidden_layers(optimizer: str, layers: int) -> SettingError:
    """Make the error of a model to start from whose hidden layers the optimizer can't train."""
    return SettingError(
        f"the optimizer '{optimizer}' trains no hidden layers, and the base model has num_layers {layers}",
        "Leave 'optimizer' out to train the layers by adamw, or train a model from the beginning.",
        where="setting 'optimizer'",
    )


def unknown_encoder(name: object, known: Iterable[str]) -> SettingError:
    """Make the error of an encoder that doesn't exist."""
    step = nearest(f"{name:.40}" if isinstance(name, str) else "", known)
    return SettingError(f"there is no encoder {name!r:.40}", step, where="setting 'encoder'")


def backwards(name: str, value: tuple[int, int]) -> SettingError:
    """Make the error of a range whose end is before its beginning."""
    first, last = value
    return SettingError(
        f"the range {first},{last} ends before it begins", f"Write {last},{first}.", where=f"setting '{name}'"
    )


def not_divisible(name: str, value: int, divided: str, size: int) -> SettingError:
    """Make the error of a number that doesn't divide a size."""
    divisors = sorted({number for n in range(1, math.isqrt(size) + 1) if size % n == 0 for number in (n, size // n)})
    allowed = ", ".join(map(str, divisors[:30])) + (", …" if len(divisors) > 30 else "")
    return SettingError(
        f"expected a divisor of {divided} {size}: {allowed}, got {value}",
        f"Change '{name}' or '{divided}'.",
        where=f"setting '{name}'",
    )


def filter_beyond_texts(size: int, longest: int) -> SettingError:
    """Make the error of a filter that no text is long enough for."""
    return SettingError(
        f"filters of size {size:,} are longer than the longest training text ({longest:,} words)",
        "Choose shorter filters.",
        where="setting 'filter_sizes'",
    )


def ngrams_beyond_texts(shortest: int, longest: int) -> SettingError:
    """Make the error of n-grams that no text is long enough for."""
    return SettingError(
        f"n-grams of at least {shortest:,} words are longer than the longest training text ({longest:,} words)",
        "Choose shorter n-grams.",
        where="setting 'ngram_range'",
    )


def not_as_started(name: str, own: object, value: object) -> SettingError:
    """Make the error of a setting that a model to go on from has otherwise."""
    step = f"Leave '{name}' out, or train a model from the beginning."
    return SettingError(f"the base model has {own!r:.60}, not {value!r:.60}", step, where=f"setting '{name}'")


def target_precision_without_fingerprints() -> SettingError:
    """Make the error of a precision that couldn't be proved again: a later model has to know what this one has seen."""
    step = "Leave --no-fingerprints (fingerprints=False) out, or train a model without a target precision."
    return SettingError(
        "no precision can be claimed for a model without fingerprints of its texts",
        step,
        where="setting 'fingerprints'",
    )


def frozen_without_vectors() -> SettingError:
    """Make the error of vectors that would stay as they were drawn at random."""
    step = "Give vectors=…, or leave the embeddings trainable."
    return SettingError(
        "without given vectors, frozen embeddings stay random and never learn", step, where="setting 'embeddings'"
    )


def start_is_no_path(received: str) -> SettingError:
    """Make the error of something to start from that can't be a folder's name."""
    step = "Give the folder that a model was saved to."
    return SettingError(
        f"must be the path of a model folder or None, got {received}", step, where="setting 'base_model'"
    )


def no_gradients(encoder: str, known: Iterable[str]) -> SettingError:
    """Make the error of a classifier that is fitted without following gradients through layers or time."""
    return SettingError(
        f"'{encoder}' has no layers to follow gradients through; these have: {', '.join(sorted(known))}",
        "Leave it out.",
        where="setting 'encoder'",
    )


def no_such_device(name: str) -> SettingError:
    """Make the error of a device that this machine or this build of torch lacks."""
    return SettingError(
        f"torch can't use the device '{name}' here", "Use 'cpu', or install a torch build for it.", where="device"
    )


def unknown_target_label(label: str, labels: Sequence[str]) -> SettingError:
    """Make the error of a target precision for a label that no text has."""
    return SettingError(
        f"no training text has the label '{label}'", nearest(label, labels), where="setting 'target_precision'"
    )
