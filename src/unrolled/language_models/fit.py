"""Lines and settings → a trained language model, and the record of how it was made."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from unrolled.arrays import IntArray
from unrolled.data.split import split_off
from unrolled.environment.packages import TORCH, versions
from unrolled.errors import language_models as errors
from unrolled.language_models.config import OF_THE_WINDOW, Config
from unrolled.language_models.counting import Counting, Smoothing
from unrolled.language_models.language_model import LanguageModel
from unrolled.language_models.training_config import TrainingConfig
from unrolled.language_models.window import Window
from unrolled.language_models.windows import build_vocabulary, split, windows
from unrolled.prediction.saved_model import refuse_large_vocabulary
from unrolled.settings import Setting, checked, settings_of
from unrolled.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from unrolled.language_models.training import Epoch

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

    def refuse_missing_package(self) -> None:
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


def fit(
    lines: Sequence[str], run_config: LanguageModelRunConfig, report: Callable[[Epoch], Any] = lambda _: None
) -> FitResult:
    """Train a window model on all lines but those held out to stop by, or count the n-grams of all lines."""
    run_config.refuse_missing_package()
    config = run_config.config
    rows, held_out = _parts(lines, run_config)
    texts = [split(lines[row], tokens=config.tokens, lowercase=config.lowercase) for row in rows]
    vocabulary = build_vocabulary(texts, **run_config.vocabulary)
    refuse_large_vocabulary(vocabulary.words)
    seen = np.concatenate([windows(vocabulary.numbers(text), config.order) for text in texts])
    if config.model != "window":
        model = LanguageModel(config, vocabulary, Counting.count(len(vocabulary), seen, config.model))
        return FitResult(model, _record(lines, run_config, len(rows), {}), [])
    from unrolled.language_models.training import train

    network = Window(len(vocabulary), config.order, config.embedding_dim, config.hidden_size)
    kept = [lines[row] for row in held_out]
    outcome = train(network, seen, _known(kept, vocabulary, config), run_config.plan, report)
    best = max(epoch.epoch for epoch in outcome.epochs if epoch.best)
    run = {"stopped": outcome.stopped, "best_epoch": best, "epochs": [asdict(epoch) for epoch in outcome.epochs]}
    return FitResult(LanguageModel(config, vocabulary, outcome.model), _record(lines, run_config, len(rows), run), kept)


def _parts(lines: Sequence[str], run_config: LanguageModelRunConfig) -> tuple[Sequence[int], Sequence[int]]:
    """Hold out lines where the wanted share of them is one or more."""
    fraction = run_config.plan.validation_fraction
    if run_config.config.model != "window" or round(fraction * len(lines)) < 1:
        return range(len(lines)), []
    return split_off(lines, [""] * len(lines), fraction=fraction, seed=run_config.plan.random_state)


def _known(lines: Sequence[str], vocabulary: Vocabulary, config: Config) -> IntArray:
    """Give the windows of held-out lines less those that end in an unknown word: (rows, order)."""
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
