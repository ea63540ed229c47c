"""Words of labelled texts and choices → a trained model, its history, and the record of how it was made.

What trains stands apart: `fitting_network` needs torch, `fitting_logistic` scikit-learn, `fitting_hogwild` neither.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from unrolled import packages
from unrolled.choices import HOGWILD, Choices, settings_for
from unrolled.data.labelled_corpus import LabelledCorpus, gather
from unrolled.errors import TrainingError
from unrolled.errors import settings as setting_errors
from unrolled.errors import training as training_errors
from unrolled.fitting_parts import Parts, Words, parted
from unrolled.fitting_promise import promise
from unrolled.model.abstention import Abstention
from unrolled.model.encoder import Integers
from unrolled.model.find_encoder import LOGISTIC
from unrolled.runtime.config import Config
from unrolled.runtime.saved_model import refuse_large_config
from unrolled.runtime.text_model import TextModel
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.clock import Stopwatch, monotonic
from unrolled.training.outcome import Outcome
from unrolled.training.progress import Report


@dataclass(frozen=True)
class Fitted:
    """What training leaves; `error` is set where it ended badly, the model being the best until then."""

    model: TextModel
    history: list[dict[str, Any]]
    training: dict[str, Any]
    dev: Words
    dev_rows: Integers | None  # of the dev texts given, or else of the training texts; None where all those given
    error: TrainingError | None


def fit(
    choices: Choices,
    labelled: LabelledCorpus,
    dev: LabelledCorpus | None,
    classes: Sequence[str],
    *,
    report: Report,
    started: float | None = None,
    words_after: int = 0,
    last: float = math.inf,
    checkpoints: Checkpoints | None = None,
) -> Fitted:
    """Split off dev texts, train, and tell how it went; `classes` are the labels in the order of the logits."""
    watch = Stopwatch(choices.plan.budget, started=started, last=last, clock=monotonic)
    parts, target = parted(labelled, dev, choices), choices.preparation.target_precision
    refuse_large_config(Config(choices.encoder, choices.encoder_options, choices.reading, tuple(classes)))
    _check_ngrams(choices, int(parts.training[0].lengths.max()))
    watch.words_after = words_after + _words_after(parts)
    learn, checkpoints = _learner(choices), checkpoints or Checkpoints()
    model, outcome = learn(choices, parts.training, parts.dev, classes, watch, report, checkpoints)
    kept: dict[str, Any] = {}
    if target is not None and outcome.history:
        if parts.promise:
            model, kept["abstention"] = promise(model, parts.dev, parts.promise, target)
        else:
            model, kept["abstention"] = _unproved(model, target, parts)
    model = replace(model, fingerprints=parts.fingerprints)
    record = {**_record(choices, labelled, outcome, parts, watch), **kept}
    if choices.start:
        record["started_from"] = choices.start.told(model.vocabulary, labelled.labels)
    history = [asdict(line) for line in outcome.history]
    return Fitted(model, history, record, parts.dev, parts.dev_rows, _error(outcome))


def gathered(choices: Choices, texts: Sequence[str], labels: Sequence[str]) -> LabelledCorpus:
    """Gather texts as `fit` wants them."""
    return gather(zip(texts, labels, strict=True), choices.reading, seed=choices.plan.random_state)


def identity(choices: Choices, labelled: LabelledCorpus, dev: LabelledCorpus | None) -> dict[str, Any]:
    """Tell two runs apart: everything that decides what is trained, and on what; a budget too, as it ends a run."""
    parts = {"encoder": choices.encoder, **choices.encoder_options}
    for part in (choices.reading, choices.preparation, choices.plan):
        parts |= asdict(part)
    return {
        "settings": {name: list(value) if isinstance(value, tuple) else value for name, value in parts.items()},
        "data_sha256": labelled.digest,
        "dev_sha256": dev.digest if dev else None,
        "start_from_sha256": choices.start.sha256 if choices.start else None,
        "start_from_texts_sha256": choices.start.texts_sha256 if choices.start else None,
    }


def versions(choices: Choices) -> dict[str, str]:
    """List what a run computes with."""
    own = (choices.package.name,) if choices.package else ()
    return {"python": platform.python_version(), **packages.versions("unrolled", "numpy", *own, "safetensors")}


def _unproved(model: TextModel, target: float, parts: Parts) -> tuple[TextModel, dict[str, Any]]:
    """Claim nothing where no text can prove it, and fit no temperature to texts that may flatter the model."""
    abstention = Abstention(target_precision=target)
    found = replace(model, config=replace(model.config, abstention=abstention))
    return found, {**asdict(abstention), "unproved": parts.unproved}


def _words_after(parts: Parts) -> int:
    """Count the words to be read after training; the dev texts once more by whoever reports on them."""
    dev = int(parts.dev[0].lengths.sum())
    return 2 * dev if parts.promise is None else 3 * dev + int(parts.promise[0].lengths.sum())


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


def _record(
    choices: Choices, labelled: LabelledCorpus, outcome: Outcome, parts: Parts, watch: Stopwatch
) -> dict[str, Any]:
    """Tell how the model was made, as training.json keeps it."""
    settings, optimizer = {**asdict(choices.preparation), **asdict(choices.plan)}, choices.plan.optimizer
    known = settings_for(choices.encoder, optimizer)
    rows = {"train": len(parts.training[1]), "dev": len(parts.dev[1])}
    return {
        "settings": {name: value for name, value in settings.items() if name in known},
        **({"repeatable": choices.plan.threads == 1} if optimizer == HOGWILD else {}),
        "seed": choices.plan.random_state,
        "data_sha256": labelled.digest,
        "rows": {**rows, **({"promise": len(parts.promise[1])} if parts.promise else {})},
        "fingerprints": parts.fingerprints.counts if parts.fingerprints else None,
        "stopped": outcome.stopped,
        "steps": outcome.steps,
        "best_step": outcome.best_step,
        "seconds": round(watch.elapsed, 3),
        "words_per_second": round(watch.words_per_second),
        "versions": versions(choices),
    }


def _error(outcome: Outcome) -> TrainingError | None:
    if outcome.stopped != "not_finite":
        return None
    kept = f"the model of step {outcome.best_step} is kept" if outcome.history else "no model was usable yet"
    return training_errors.not_finite(outcome.steps, kept)
