"""Texts → one of our encoders, trained with its defaults, until it reaches what another has reached."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from benchmarks.tutorials.curve import Curve, Task, TimeIsUpError, main
from unrolled import TextClassifier, fitting_hogwild, fitting_network
from unrolled.training.progress import EpochRecord, StepMessage

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "cnn": ("cnn", {}),
    "bilstm": ("lstm", {"bidirectional": True}),
    "ngrams": ("ngrams", {"optimizer": "hogwild"}),
}
IMPORTED = (fitting_hogwild, fitting_network)  # before the clocks start, as the others import theirs


def learn(task: Task, curve: Curve) -> None:
    """Train with the defaults."""

    def report(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, EpochRecord):
            curve.note(message.dev_accuracy)
        curve.go_on()

    encoder, options = KINDS[task.kind]
    model = TextClassifier(encoder, threads=task.threads, random_state=task.seed, **options)
    named = [[task.classes[label] for label in part] for part in (task.labels, task.dev_labels)]
    with suppress(TimeIsUpError):
        model.fit(task.texts, named[0], validation_data=(task.dev_texts, named[1]), report=report)


if __name__ == "__main__":
    main(list(KINDS), learn)
