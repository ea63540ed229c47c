"""Texts → one of our networks, trained with its defaults, to its end or until it reaches what another has reached."""

from __future__ import annotations

import signal
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from benchmarks.judged_models import NETWORKS
from benchmarks.tutorials.curve import Curve, Task, TimeIsUpError, main
from unrolled import TextClassifier
from unrolled.training import state
from unrolled.training.callback import EpochRecord, Message, StepMessage
from unrolled.training.optim import newton

IMPORTED = (state, newton)  # before the clocks start, as the others import theirs


def learn(task: Task, curve: Curve) -> None:
    """Train with the defaults; at the limit as if by Ctrl-C, so that the best epoch is kept."""
    network = NETWORKS[task.kind]
    model = TextClassifier(network.encoder, threads=task.threads, random_state=task.seed, **network.settings)
    named = [[task.classes[label] for label in part] for part in (task.labels, task.dev_labels)]
    read = Read(curve)
    with suppress(TimeIsUpError):
        model.fit(task.texts, named[0], validation_data=(task.dev_texts, named[1]), report=read)
        numbers = np.array([task.classes.index(name) for name in model.classes_])

        def predict(texts: list[str]) -> NDArray[np.int64]:
            found: NDArray[np.int64] = numbers[model.predict_proba(texts).argmax(axis=1)]
            return found

        curve.answer(task, predict, task.texts, read.passes(model.run_config().plan.max_epochs))


class Read:
    """Tells the curve, ends at its limit, and counts how often the texts were read."""

    def __init__(self, curve: Curve) -> None:
        """Take the run's clocks."""
        self.curve, self.share = curve, 0.0

    def __call__(self, message: Message) -> None:
        """Hear of a step or of an evaluation; TimeIsUpError where the target is reached."""
        if self.curve.ended is None and self.curve.is_over():
            self.curve.cut_off()
            signal.raise_signal(signal.SIGINT)
        if isinstance(message, EpochRecord) and message.dev_accuracy is not None:
            self.curve.note(message.dev_accuracy)
        elif isinstance(message, StepMessage):
            self.share = message.step / message.planned_steps

    def passes(self, epochs: int) -> float:
        """Count passes over the texts: parts of the planned epochs, or one of what reads them into a matrix."""
        return self.share * epochs or 1.0


if __name__ == "__main__":
    main(list(NETWORKS), learn)
