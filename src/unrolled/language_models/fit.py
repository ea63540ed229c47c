"""Lines and settings → a trained language model, and the record of how it was made."""

from __future__ import annotations

import hashlib
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

import numpy as np

from unrolled.arrays import IntArray
from unrolled.data.split import split_off
from unrolled.environment.packages import TORCH, versions
from unrolled.errors import language_models as errors
from unrolled.language_models.config import OF_THE_WINDOW, Config
from unrolled.language_models.counting import Counting, Smoothing
from unrolled.language_models.language_model import LanguageModel
from unrolled.language_models.perplexity import perplexity
from unrolled.language_models.training_config import TrainingConfig
from unrolled.language_models.window import Window, WindowModel
from unrolled.language_models.windows import build_vocabulary, split, windows
from unrolled.prediction.saved_model import reject_large_vocabulary
from unrolled.settings import Setting, checked, settings_of
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.callback import EpochRecord
from unrolled.training.run_context import RunContext
from unrolled.training.session import train

SETTINGS: Mapping[str, Setting] = {
    **settings_of(Config),
    **settings_of(build_vocabulary),
    **settings_of(TrainingConfig),
}
_ONLY_TRAINED = {*OF_THE_WINDOW, *settings_of(TrainingConfig)} - {"random_state"}


@dataclass(frozen=True)
class LanguageModelRunConfig:
    """What was chosen, every default resolved."""

    config: Config
    vocabulary: Mapping[str, Any]
    plan: TrainingConfig

    def reject_missing_package(self) -> None:
        """Raise the MissingExtraError of a window model that can't be trained here."""
        if self.config.model == "window":
            TORCH.require("training a window model", get_args(Smoothing))


def resolve_config(settings: Mapping[str, Any]) -> LanguageModelRunConfig:
    """Check the settings; the first impossible one raises a SettingError."""
    values = checked(SETTINGS, settings, "a language model")
    config, limits, plan = (
        {name: values[name] for name in settings_of(part)} for part in (Config, build_vocabulary, TrainingConfig)
    )
    chosen = LanguageModelRunConfig(Config(**config), limits, TrainingConfig(**plan))
    for name in settings:
        if chosen.config.model != "window" and name in _ONLY_TRAINED:
            raise errors.setting_of_the_window(name, chosen.config.model)
    return chosen


@dataclass(frozen=True)
class FitResult:
    """What training leaves: the model, what training.json tells of it, and the lines that were held out."""

    model: LanguageModel
    training: Mapping[str, Any]
    held_out: Sequence[str]


def fit(lines: Sequence[str], run_config: LanguageModelRunConfig, context: RunContext | None = None) -> FitResult:
    """Train a window model on all lines but those held out to stop by, or count the n-grams of all lines.

    Raises TrainingError for a loss that is not finite.
    """
    run_config.reject_missing_package()
    config = run_config.config
    rows, held_out = _parts(lines, run_config)
    texts = [split(lines[row], tokens=config.tokens, lowercase=config.lowercase) for row in rows]
    vocabulary = build_vocabulary(texts, **run_config.vocabulary)
    reject_large_vocabulary(vocabulary.words)
    seen = np.concatenate([windows(vocabulary.numbers(text), config.order) for text in texts])
    if config.model != "window":
        model = LanguageModel(config, vocabulary, Counting.count(len(vocabulary), seen, config.model))
        return FitResult(model, _record(lines, run_config, len(rows), {}), [])
    left_out = [lines[row] for row in held_out]
    model, run = _train(run_config, vocabulary, seen, _known(left_out, vocabulary, config), context or RunContext())
    return FitResult(model, _record(lines, run_config, len(rows), run), left_out)


def _train(
    run_config: LanguageModelRunConfig, vocabulary: Vocabulary, seen: IntArray, held_out: IntArray, context: RunContext
) -> tuple[LanguageModel, dict[str, Any]]:
    """Train a window model on windows (rows, order), and record how it went."""
    from unrolled.language_models.window_learner import WindowLearner

    config = run_config.config
    network = Window(len(vocabulary), config.order, config.embedding_dim, config.hidden_size)
    learner = WindowLearner(network, seen, held_out, run_config.plan)
    result = train(learner, context)
    if result.stopped == "not_finite":
        raise errors.not_finite(math.ceil(result.steps / learner.limits.steps_per_epoch))
    best = max(record.epoch for record in result.history if record.best)
    run = {"stopped": result.stopped, "best_epoch": best, "epochs": list(map(_epoch, result.history))}
    return LanguageModel(config, vocabulary, WindowModel(network, result.weights)), run


def held_out_perplexity(record: EpochRecord) -> float | None:
    """Return the perplexity of the held-out lines' known words, if lines are held out."""
    return None if record.dev_loss is None else perplexity(-record.dev_loss)


def _epoch(record: EpochRecord) -> dict[str, Any]:
    score = held_out_perplexity(record)
    return {"epoch": record.epoch, "loss": record.loss, "perplexity": score, "best": record.best}


def _parts(lines: Sequence[str], run_config: LanguageModelRunConfig) -> tuple[Sequence[int], Sequence[int]]:
    """Hold out lines where the wanted share of them is one or more."""
    fraction = run_config.plan.validation_fraction
    if run_config.config.model != "window" or round(fraction * len(lines)) < 1:
        return range(len(lines)), []
    return split_off(lines, [""] * len(lines), fraction=fraction, seed=run_config.plan.random_state)


def _known(lines: Sequence[str], vocabulary: Vocabulary, config: Config) -> IntArray:
    """Return the windows of held-out lines less those that end in an unknown word: (rows, order)."""
    texts = (vocabulary.numbers(split(line, tokens=config.tokens, lowercase=config.lowercase)) for line in lines)
    rows = np.concatenate([np.empty((0, config.order), np.int64), *(windows(text, config.order) for text in texts)])
    known: IntArray = rows[rows[:, -1] != 0]
    return known


def _record(
    lines: Sequence[str], run_config: LanguageModelRunConfig, trained_on: int, run: Mapping[str, Any]
) -> dict[str, Any]:
    packages = ("unrolled", "numpy", *((TORCH.name,) if run else ()))
    return {
        "settings": {**run_config.vocabulary, **(asdict(run_config.plan) if run else {})},
        "data_sha256": hashlib.sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest(),
        "lines": {"train": trained_on, "held_out": len(lines) - trained_on},
        **run,
        "versions": {"python": platform.python_version(), **versions(*packages)},
    }
