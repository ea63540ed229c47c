"""Texts → fastText's supervised model, from a file of lines that begin with their label, as its tutorial has it.

`defaults`  `train_supervised` and nothing more: words, 5 epochs at the learning rate 0.1
`tuned`     words and bigrams, and what was best of a few on dev texts: with two threads it sometimes dies there with
            "Encountered NaN", with one it survived all that were tried

Lines are split into words by ours, in place of the tutorial's `sed`, and stand in an order drawn by the seed, in place
of the `shuf` of fastText's own example: it reads a file from top to bottom, and of one sorted by class, as mr and imdb
are, it learns the last class. It trains on all texts, for it stops by no dev texts. Install: fasttext-numpy2-wheel.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fasttext
import numpy as np
from numpy.typing import NDArray

from benchmarks.tutorials.curve import Curve, Task, main
from unrolled.text.tokens import words

LABEL = "__label__"
DEFAULT_EPOCHS = 5
SMALL: dict[str, Any] = {"lr": 0.5, "epoch": 25}
TUNED: dict[str, dict[str, Any]] = {
    "ag_news": {"lr": 0.25, "epoch": 10},
    "imdb": {"lr": 0.5, "epoch": 10},
    **dict.fromkeys(("mr", "sst2", "trec", "sms_spam"), SMALL),
}


def learn(task: Task, curve: Curve) -> None:
    """Train on all texts."""
    options = {"wordNgrams": 2, **TUNED[task.data]} if task.kind == "tuned" else {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        mixed = task.whole.take(np.random.default_rng(task.seed).permutation(len(task.whole)))
        pairs = zip(mixed.labels.tolist(), mixed.texts, strict=True)
        path.write_text("".join(f"{LABEL}{label} {' '.join(words(text))}\n" for label, text in pairs), encoding="utf-8")
        model = fasttext.train_supervised(str(path), thread=task.threads, seed=task.seed, verbose=0, **options)

    def predict(texts: list[str]) -> NDArray[np.int64]:
        told = model.predict([" ".join(words(text)) for text in texts])[0]
        return np.array([int(labels[0].removeprefix(LABEL)) for labels in told])

    curve.answer(task, predict, task.whole.texts, options.get("epoch", DEFAULT_EPOCHS))


if __name__ == "__main__":
    main(["defaults", "tuned"], learn)
