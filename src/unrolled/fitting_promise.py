"""A trained model, the texts it was stopped by and those it is to be judged on → the model with temperature, threshold.

The temperature, and the order in which thresholds are tried, come from the texts that also chose the epoch; whether a
threshold keeps the promise is decided on the others alone, and so is how well the temperature calibrates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from unrolled.evaluation.abstention import Judged, Possible, choose, possible, thresholds
from unrolled.evaluation.calibration import calibration_error
from unrolled.evaluation.clopper_pearson import SURE
from unrolled.evaluation.temperature import temperature
from unrolled.fitting_parts import Words
from unrolled.model.abstention import Abstention
from unrolled.model.encoder import Integers
from unrolled.runtime.text_model import Floats, TextModel


def promise(model: TextModel, dev: Words, held_out: Words, target: float) -> tuple[TextModel, dict[str, Any]]:
    """Put what is kept into the model's config, and tell how it was found, as training.json keeps it."""
    (dev_logits, columns), rows = _read(model, *dev), _read(model, *held_out)
    finite = np.isfinite(dev_logits).all(axis=1)
    found = Abstention(target_precision=target, temperature=temperature(dev_logits[finite], columns[finite]))
    calibrated = _with(model, found)
    first, decisive = _judged(calibrated, dev_logits, columns), _judged(calibrated, *rows)
    chosen = choose(decisive, thresholds(first, target=target), target=target)
    ways = Possible(None, None) if chosen else possible(first, decisive, target=target)
    found = replace(found, threshold=chosen.threshold if chosen else None)
    return _with(model, found), {
        **asdict(found),
        "sure": SURE,
        "texts": len(held_out[1]),
        "answered": chosen.answered if chosen else 0,
        "right": chosen.right if chosen else 0,
        "calibration_error_before": calibration_error(*_judged(_with(model, None), *rows)),
        "calibration_error": calibration_error(*decisive),
        "possible_precision": ways.precision,
        "texts_needed": ways.rows,
    }


def _with(model: TextModel, abstention: Abstention | None) -> TextModel:
    return replace(model, config=replace(model.config, abstention=abstention))


def _read(model: TextModel, texts: Sequence[Sequence[str]], labels: Sequence[str]) -> tuple[Floats, Integers]:
    """Compute logits (texts, classes) and the true columns (texts,), -1 where no answer is right."""
    place = {label: number for number, label in enumerate(model.config.labels)}
    return model.logits_of_words(texts), np.array([place.get(label, -1) for label in labels], np.int64)


def _judged(model: TextModel, logits: Floats, columns: Integers) -> Judged:
    """Tell how probable each predicted label is and whether it is right; a text that overflows has no answer."""
    finite = np.asarray(np.isfinite(logits).all(axis=1))
    probabilities = model.softmax(np.where(finite[:, None], logits, 0))
    right = finite & (probabilities.argmax(axis=1) == columns)
    return np.where(finite, probabilities.max(axis=1), 0.0), right
