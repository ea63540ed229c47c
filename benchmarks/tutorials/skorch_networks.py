"""Texts → torch modules in skorch's NeuralNetClassifier, as in its "Predicting sentiment on the IMDB dataset".

`lstm`  the tutorial's, its search left out: the 1,000 most frequent words and 50 of a text, Embedding 128, two LSTMs of
        128, the last state, padding read too; RMSprop at 0.01
`cnn`   in the same manner what its users write for more: 20,000 words, 200 of a text, Embedding 100, 100 filters of 3,
        4 and 5 words each, the maximum over time, dropout 0.5; Adam with its defaults

Both: 5 epochs of batches of 128 and a fifth of the texts held out by skorch itself, whose accuracy it tells and does
not stop by. Words are those of scikit-learn's CountVectorizer; others are left out. Install: torch, skorch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback
from torch import nn

from benchmarks.tutorials.curve import Curve, Task, main

EPOCHS, TOLD = 5, 0.8  # the share of the texts that skorch trains on
WORDS = {"lstm": 1_000, "cnn": 20_000}
LENGTHS = {"lstm": 50, "cnn": 200}
OPTIONS: dict[str, dict[str, Any]] = {
    "lstm": {"optimizer": torch.optim.RMSprop, "lr": 0.01},
    "cnn": {"optimizer": torch.optim.Adam, "lr": 0.001},
}


class RNNClassifier(nn.Module):
    """The tutorial's network: probabilities from the last state of two LSTMs."""

    def __init__(self, rows: int, classes: int) -> None:
        """Make the layers; the last row of the table is padding."""
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(rows, 128), nn.LSTM(128, 128, num_layers=2, batch_first=True)
        self.output = nn.Linear(128, classes)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Compute the probabilities (texts, classes)."""
        _, (states, _) = self.lstm(self.embedding(X))
        return torch.softmax(self.output(states[-1]), -1)


class CNNClassifier(nn.Module):
    """Kim's network, as torch's users write it."""

    def __init__(self, rows: int, classes: int) -> None:
        """Make the layers; the last row of the table is padding."""
        super().__init__()
        self.embedding, self.dropout = nn.Embedding(rows, 100), nn.Dropout(0.5)
        self.convolutions = nn.ModuleList(nn.Conv1d(100, 100, size) for size in (3, 4, 5))
        self.output = nn.Linear(300, classes)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Compute the probabilities (texts, classes)."""
        x = self.embedding(X).transpose(1, 2)
        found = [torch.relu(convolution(x)).amax(2) for convolution in self.convolutions]
        return torch.softmax(self.output(self.dropout(torch.cat(found, 1))), -1)


MODULES = {"lstm": RNNClassifier, "cnn": CNNClassifier}


@dataclass
class Numbers:
    """Numbers the most frequent words of texts, and pads with the number behind the last."""

    vectorizer: CountVectorizer
    length: int

    @classmethod
    def of(cls, texts: Sequence[str], most: int, longest: int) -> Numbers:
        """Choose the words; no text is padded beyond the longest one."""
        vectorizer = CountVectorizer(max_features=most).fit(texts)
        split = vectorizer.build_analyzer()
        return cls(vectorizer, max(5, min(longest, max(len(split(text)) for text in texts))))

    @property
    def rows(self) -> int:
        """Count the words and the padding."""
        return len(self.vectorizer.vocabulary_) + 1

    def __call__(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Number texts: (texts, length)."""
        places, split = self.vectorizer.vocabulary_, self.vectorizer.build_analyzer()
        found = np.full((len(texts), self.length), self.rows - 1)
        for row, text in enumerate(texts):
            ids = [places[word] for word in split(text) if word in places][: self.length]
            found[row, : len(ids)] = ids
        return found


class Watch(Callback):  # type: ignore[misc]
    """Tells the accuracy after every epoch, and looks at the clock after every batch."""

    def __init__(self, curve: Curve) -> None:
        """Take the run's clocks."""
        self.curve, self.batches = curve, 0

    def on_batch_end(self, net: Any, batch: Any = None, training: bool = False, **_: Any) -> None:
        """Look at the clock."""
        del net, batch
        if training:
            self.batches += 1
            self.curve.go_on()

    def on_epoch_end(self, net: Any, **_: Any) -> None:
        """Tell the accuracy on the texts that skorch holds out."""
        self.curve.note(float(net.history[-1]["valid_acc"]))


def learn(task: Task, curve: Curve) -> None:
    """Train as the tutorial does."""
    torch.set_num_threads(task.threads)
    torch.manual_seed(task.seed)
    np.random.seed(task.seed)
    numbers = Numbers.of(task.whole.texts, WORDS[task.kind], LENGTHS[task.kind])
    watch, size = Watch(curve), {"module__rows": numbers.rows, "module__classes": len(task.classes)}
    options = {"max_epochs": EPOCHS, "iterator_train__shuffle": True, "verbose": 0, **OPTIONS[task.kind]}
    net = NeuralNetClassifier(MODULES[task.kind], callbacks=[("watch", watch)], **size, **options)
    x = numbers(task.whole.texts)
    with curve.limited():
        net.fit(x, task.whole.labels)
    passes = TOLD * watch.batches / math.ceil(TOLD * len(x) / net.batch_size)
    curve.answer(task, lambda texts: np.asarray(net.predict(numbers(texts))), task.whole.texts, passes)


if __name__ == "__main__":
    main(list(MODULES), learn)
