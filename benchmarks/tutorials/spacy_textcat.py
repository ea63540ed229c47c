"""Texts → spaCy's text categoriser, trained as `spacy init config --pipeline textcat` and `spacy train` do.

`bow`       `--optimize efficiency`: a linear model of hashed words
`ensemble`  what the component `textcat` is if nothing is said: the same, and a convolutional network of 2 layers
`accuracy`  `--optimize accuracy`: the same, with a convolutional network of 8 layers and 256 columns

That is: Adam, batches of 100 words growing to 1,000, the dev texts judged every 200 steps, an end after 1,600 steps
without a better score. Word vectors, which `accuracy` wants, are left out: nobody here has any.
Install: spacy.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.cli.init_config import init_config
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train

from benchmarks.tutorials.curve import Curve, Task, main

OPTIMIZE = {"bow": "efficiency", "ensemble": "efficiency", "accuracy": "accuracy"}


def learn(task: Task, curve: Curve) -> None:
    """Train as `spacy train` does, the texts being in memory."""
    read = register(task, curve)
    config = init_config(lang="en", pipeline=["textcat"], optimize=OPTIMIZE[task.kind], gpu=False)
    config["paths"]["vectors"] = None
    if "tok2vec" in config["components"]:
        config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] = False
    if task.kind == "ensemble":
        del config["components"]["textcat"]["model"]
    config["system"]["seed"] = task.seed
    for part in ("train", "dev"):
        config["corpora"][part] = {"@readers": "unrolled_texts.v1", "part": part}
    config["training"]["logger"] = {"@loggers": "unrolled_curve.v1"}
    nlp = init_nlp(config)
    with TemporaryDirectory() as folder:
        output = Path(folder) if task.test else None
        with curve.limited(lambda: float(nlp.evaluate([*examples(nlp, task, "dev")])["cats_micro_f"])):
            train(nlp, output, stdout=io.StringIO(), stderr=io.StringIO())
        best = spacy.load(output / "model-best") if output else nlp  # as `spacy train` leaves it
        curve.answer(task, lambda texts: predicted(best, texts, task.classes), task.texts, read.passes)


def predicted(nlp: Any, texts: list[str], classes: list[str]) -> NDArray[np.int64]:
    """Label texts."""
    return np.array([classes.index(max(doc.cats, key=doc.cats.get)) for doc in nlp.pipe(texts)])


def examples(nlp: Any, task: Task, part: str) -> Iterator[Any]:
    """Make spaCy's examples of one part of the texts."""
    texts, labels = (task.texts, task.labels) if part == "train" else (task.dev_texts, task.dev_labels)
    for text, label in zip(texts, labels.tolist(), strict=True):
        own = {name: float(number == label) for number, name in enumerate(task.classes)}
        yield Example.from_dict(nlp.make_doc(text), {"cats": own})


@dataclass
class Read:
    """How many words there are to train on and, as of the last judgement, how many were read."""

    words: int = 1
    read: int = 0

    @property
    def passes(self) -> float:
        """Count passes over the texts."""
        return self.read / self.words


def register(task: Task, curve: Curve) -> Read:
    """Let spaCy's configuration name our texts and our curve."""
    made: dict[str, list[Any]] = {}
    told = Read()

    @spacy.registry.readers("unrolled_texts.v1")  # type: ignore[untyped-decorator]
    def texts(part: str) -> Callable[[Any], Iterable[Any]]:
        def read(nlp: Any) -> Iterable[Any]:
            if part not in made:
                made[part] = [*examples(nlp, task, part)]
            if part == "train":
                told.words = sum(map(len, made[part]))
            return iter(made[part])

        return read

    @spacy.registry.loggers("unrolled_curve.v1")  # type: ignore[untyped-decorator]
    def logger() -> Callable[..., Any]:
        def setup(*_: Any) -> tuple[Callable[[Any], None], Callable[[], None]]:
            def step(found: Any) -> None:
                if found is not None:
                    told.read = found["words"]
                    curve.note(float(found["other_scores"]["cats_micro_f"]))
                curve.go_on()

            return step, lambda: None

        return setup

    return told


if __name__ == "__main__":
    main(list(OPTIMIZE), learn)
