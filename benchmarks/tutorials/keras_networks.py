"""Texts → the networks of Keras's text tutorials, trained as there, on the torch backend.

`cnn`     "Text classification from scratch": 20,000 words, 500 a text, Embedding 128, two strided Conv1D of 128 filters
          of 7 words, the maximum over time, Dense 128; 3 epochs
`kim`     the same texts and Embedding; Conv1D of 100 filters of 3, 4 and 5 words each, the maximum over time; 5 epochs
`bilstm`  "Bidirectional LSTM on IMDB": 20,000 words, 200 a text, two bidirectional LSTMs of 64; 2 epochs

All: Adam, batches of 32. TextVectorization needs TensorFlow, so words are numbered here, by the first tutorial's rules,
which make <br /> a space. Texts are padded to the tutorial's length or to the longest text, whichever is shorter, and
as in the tutorials: behind, the first words kept, but for `bilstm` in front, the last words kept. The first tutorial
holds dev texts out and stops by none; where test texts are judged, the others train on all texts.
Install: torch, keras.
"""

from __future__ import annotations

import math
import os
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.tutorials.curve import Curve, Task, main

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from keras import layers

WORDS, SIZE, BATCH = 20_000, 128, 32
LENGTHS = {"cnn": 500, "kim": 500, "bilstm": 200}
SIDES = {"cnn": "post", "kim": "post", "bilstm": "pre"}
EPOCHS = {"cnn": 3, "kim": 5, "bilstm": 2}
PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")


def split(text: str) -> list[str]:
    """Split as the tutorial's TextVectorization does: lower case, without tags and punctuation, at spaces."""
    return PUNCTUATION.sub("", text.lower().replace("<br />", " ")).split()


Numbering = Callable[[Sequence[str]], NDArray[np.int32]]


def numbering(texts: Sequence[str], most: int, side: str) -> Numbering:
    """Number the most frequent words from 2 on, the others 1, and pad with 0 at a side → what does it to any texts."""
    parts = [split(text) for text in texts]
    frequent = Counter(word for part in parts for word in part).most_common(WORDS - 2)
    places = {word: number for number, (word, _) in enumerate(frequent, start=2)}
    length = min(most, max(map(len, parts)))

    def number(others: Sequence[str]) -> NDArray[np.int32]:
        numbers = [[places.get(word, 1) for word in split(text)] for text in others]
        return np.asarray(keras.utils.pad_sequences(numbers, maxlen=length, padding=side, truncating=side))

    return number


def network(kind: str, length: int, classes: int) -> Any:
    """Build the tutorial's network."""
    inputs = keras.Input((length,), dtype="int32")
    x = layers.Embedding(WORDS, SIZE)(inputs)
    if kind == "cnn":
        x = layers.Dropout(0.5)(x)
        for _ in range(2):
            x = layers.Conv1D(128, 7, padding="valid", activation="relu", strides=3)(x)
        x = layers.Dense(128, activation="relu")(layers.GlobalMaxPooling1D()(x))
        x = layers.Dropout(0.5)(x)
    elif kind == "kim":
        windows = [layers.Conv1D(100, size, activation="relu")(x) for size in (3, 4, 5)]
        x = layers.Concatenate()([layers.GlobalMaxPooling1D()(found) for found in windows])
        x = layers.Dropout(0.5)(x)
    else:
        x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
        x = layers.Bidirectional(layers.LSTM(64))(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


class Watch(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells the dev accuracy after every epoch, and looks at the clock after every batch."""

    def __init__(self, curve: Curve) -> None:
        """Take the run's clocks."""
        super().__init__()
        self.curve, self.batches = curve, 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Look at the clock."""
        del batch, logs
        self.batches += 1
        self.curve.go_on()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Tell the accuracy."""
        del epoch
        self.curve.note(float(logs["val_accuracy"]))


def learn(task: Task, curve: Curve) -> None:
    """Train as the tutorials do."""
    torch.set_num_threads(task.threads)
    keras.utils.set_random_seed(task.seed)
    whole = task.test is not None and task.kind != "cnn"
    own, labels = (task.whole.texts, task.whole.labels) if whole else (task.texts, task.labels)
    number = numbering(own, LENGTHS[task.kind], SIDES[task.kind])
    texts, dev = number(own), number(task.dev_texts)
    model = network(task.kind, texts.shape[1], len(task.classes))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    held_out = (dev, task.dev_labels)
    options = {"batch_size": BATCH, "epochs": EPOCHS[task.kind], "validation_data": held_out, "verbose": 0}
    watch = Watch(curve)
    with curve.limited(lambda: float(model.evaluate(*held_out, verbose=0)[1])):
        model.fit(texts, labels, callbacks=[watch], **options)
    passes = watch.batches / math.ceil(len(texts) / BATCH)
    curve.answer(task, lambda found: model.predict(number(found), verbose=0).argmax(1), own, passes)


if __name__ == "__main__":
    main(list(EPOCHS), learn)
