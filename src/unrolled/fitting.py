"""Labelled texts and choices → a trained model, its history, and the record of how it was made.

What trains stands apart: `fitting_network` needs torch, `fitting_logistic` scikit-learn, `fitting_hogwild` neither.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from unrolled.choices import HOGWILD, Choices, settings_for
from unrolled.data.split import split_off
from unrolled.errors import TrainingError
from unrolled.errors import settings as setting_errors
from unrolled.errors import texts as errors
from unrolled.errors import training as training_errors
from unrolled.model.corpus import split
from unrolled.model.find_encoder import LOGISTIC
from unrolled.runtime.text_model import TextModel
from unrolled.training.clock import Stopwatch, monotonic
from unrolled.training.outcome import Outcome
from unrolled.training.progress import Report

Labelled = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Fitted:
    """What training leaves; `error` is set where it ended badly, the model being the best until then."""

    model: TextModel
    history: list[dict[str, Any]]
    training: dict[str, Any]
    dev: Labelled
    error: TrainingError | None


def fit(
    choices: Choices,
    labelled: Labelled,
    dev: Labelled | None,
    classes: Sequence[str],
    *,
    report: Report,
    started: float | None = None,
    words_after: int = 0,
) -> Fitted:
    """Split off dev texts, train, and tell how it went; `classes` are the labels in the order of the logits."""
    watch = Stopwatch(choices.plan.budget, started=started, clock=monotonic)
    (texts, labels), (dev_texts, dev_labels) = _with_dev(labelled, dev, choices)
    words, dev_words = split(texts, choices.reading), split(dev_texts, choices.reading)
    _check_ngrams(choices, int(words.lengths.max()))
    watch.words_after = words_after + 2 * len(dev_words.ids)  # read once more by whoever reports on it
    learn = _learner(choices)
    model, outcome = learn(choices, (words, labels), (dev_words, dev_labels), classes, watch, report)
    record = _record(choices, labelled, outcome, (len(texts), len(dev_texts)), watch)
    return Fitted(model, [asdict(line) for line in outcome.history], record, (dev_texts, dev_labels), _error(outcome))


def _check_ngrams(choices: Choices, longest: int) -> None:
    """Refuse n-grams that no text is long enough for: nothing would be read."""
    shortest = choices.encoder_options.get("ngram_range", (1,))[0]
    if shortest > max(longest, 1):
        raise setting_errors.ngrams_beyond_texts(shortest, longest)


def _learner(choices: Choices) -> Callable[..., tuple[TextModel, Outcome]]:
    """Import what trains the encoder and nothing else: torch, scikit-learn or neither."""
    if choices.encoder == LOGISTIC:
        from unrolled import fitting_logistic

        return fitting_logistic.learn
    if choices.plan.optimizer == HOGWILD:
        from unrolled import fitting_hogwild

        return fitting_hogwild.learn
    from unrolled import fitting_network

    return fitting_network.learn


def _with_dev(labelled: Labelled, dev: Labelled | None, choices: Choices) -> tuple[Labelled, Labelled]:
    """Pair the training texts with the dev texts, given or split off."""
    texts, labels = labelled
    if len(set(labels)) < 2:
        raise errors.one_class(sorted(set(labels)))
    if dev is not None:
        if not dev[0]:
            raise errors.empty_dev_texts()
        unknown = sorted(set(dev[1]) - set(labels))
        if unknown:
            raise errors.unknown_dev_labels(unknown)
        return labelled, dev
    fraction, seed = choices.preparation.validation_fraction, choices.plan.random_state
    parts = split_off(texts, labels, fraction=fraction, seed=seed)
    if not parts[1]:
        raise errors.no_dev_texts()
    kept, held_out = (([texts[row] for row in rows], [labels[row] for row in rows]) for rows in parts)
    return kept, held_out


def _record(
    choices: Choices, labelled: Labelled, outcome: Outcome, rows: tuple[int, int], watch: Stopwatch
) -> dict[str, Any]:
    """Tell how the model was made, as training.json keeps it."""
    packages = filter(None, ("unrolled", "numpy", choices.package, "safetensors"))
    settings, optimizer = {**asdict(choices.preparation), **asdict(choices.plan)}, choices.plan.optimizer
    known = settings_for(choices.encoder, optimizer)
    return {
        "settings": {name: value for name, value in settings.items() if name in known},
        **({"repeatable": choices.plan.threads == 1} if optimizer == HOGWILD else {}),
        "seed": choices.plan.random_state,
        "data_sha256": _digest(labelled),
        "rows": {"train": rows[0], "dev": rows[1]},
        "stopped": outcome.stopped,
        "steps": outcome.steps,
        "best_step": outcome.best_step,
        "seconds": round(watch.elapsed, 3),
        "words_per_second": round(watch.words_per_second),
        "versions": {"python": platform.python_version(), **{package: version(package) for package in packages}},
    }


def _digest(labelled: Sequence[Sequence[str]]) -> str:
    """Hash texts and labels, each with its length, so that no two data sets meet by joining."""
    digest = hashlib.sha256()
    for part in (text.encode(errors="surrogatepass") for pair in zip(*labelled, strict=True) for text in pair):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def _error(outcome: Outcome) -> TrainingError | None:
    if outcome.stopped != "not_finite":
        return None
    kept = f"the best model, of step {outcome.best_step}, is kept" if outcome.history else "no model was usable yet"
    return training_errors.not_finite(outcome.steps, kept)
