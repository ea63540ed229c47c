"""`lstm --bidirectional`, as `train` would be told → a model to compare: its encoder and its settings."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from unrolled.cli.app import Commands
from unrolled.cli.console import info
from unrolled.comparison.candidate import Candidate, every
from unrolled.errors import comparison as errors
from unrolled.errors import settings as setting_errors
from unrolled.model.registry import encoder_names, encoder_options, is_linear
from unrolled.training.find_learner import missing_package
from unrolled.training.resolve_config import SETTINGS, all_options

_OF_THE_COMPARISON = ("budget", "max_steps", "random_state", "threads", "device")  # one for all models


def parse_candidates(models: Sequence[str]) -> list[Candidate]:
    """List the models, each once; `all` stands for all that can be trained here.

    Raises a SettingError for one that can't be trained so.
    """
    named = [one for model in models for one in (_trainable() if model == "all" else [parse_candidate(model)])]
    found: list[Candidate] = []
    for candidate in named:
        if not any((candidate.encoder, candidate.settings) == (one.encoder, one.settings) for one in found):
            found.append(candidate)
    return found


def _trainable() -> list[Candidate]:
    """List the models that what is installed can train; name the others, or raise the error where there is no model."""
    found = [(model, missing_package(model.run_config())) for model in every()]
    lacking = {model.name: error for model, error in found if error}
    if lacking:
        *_, error = lacking.values()
        if len(lacking) == len(found):
            raise error
        info(f"Not compared, as a package is missing: {', '.join(lacking)}. {error.advice}")
    return [model for model, error in found if not error]


def parse_candidate(text: str) -> Candidate:
    """Read one model, in the words of `train`."""
    try:
        encoder, *options = shlex.split(text)
    except ValueError as error:
        raise errors.not_a_model(text) from error
    found = Candidate(" ".join([encoder, *options]), encoder, _settings(text, options))
    found.run_config()
    return found


def parse_networks(models: Sequence[str], common: Mapping[str, Any]) -> list[Candidate]:
    """Read networks, each once, with options of encoders alone; `common` ones go to every encoder that allows them."""
    return [_network(text, common) for text in dict.fromkeys(models)]


def _network(text: str, common: Mapping[str, Any]) -> Candidate:
    found = parse_candidate(text)
    if is_linear(found.encoder):
        raise setting_errors.no_gradients(found.encoder, encoder_names())
    known = encoder_options(found.encoder)
    for name in found.settings.keys() - known.keys():
        raise errors.not_of_a_model(text, name)
    fitting = {n: v for n, v in common.items() if n in known and (not known[n].choices or v in known[n].choices)}
    return replace(found, settings={**fitting, **found.settings})


def _settings(text: str, words: Sequence[str]) -> dict[str, Any]:
    """Parse the words as `train` does; options that are not the model's settings are rejected."""
    train: Any = Commands(name="unrolled").get_command(None, "train")

    def parsed(words: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = train.make_context("unrolled train", ["TRAIN", "-o", "MODEL", *words]).params
        return found

    plain, given = parsed([]), parsed(words)
    changed = {name: value for name, value in given.items() if value != plain[name]}
    known = {*SETTINGS, *all_options()} - {*_OF_THE_COMPARISON}
    for name in changed:
        if name not in known:
            raise errors.not_of_a_model(text, name)
    return changed
