"""Texts → a network in a plain script of torch, trained as the common tutorials of torch for sentiment do.

`cnn`     Embedding 100, Conv1d of 100 filters of 3, 4 and 5 words each, the maximum over time
`bilstm`  Embedding 100, a bidirectional nn.LSTM of 128 on packed texts, its last states
`padded`  the same on padded texts, each direction read at its last word

All: the 25,000 most frequent words, 256 of a text at most, random batches of 64 padded to their longest text, dropout
0.5, Adam with its defaults, 5 epochs. Install: torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from benchmarks.torch_networks import Network, Recurrent, TextCNN
from benchmarks.torch_networks import TorchBatch as Padded
from benchmarks.tutorials.curve import Curve, Task, accuracy, main, shuffled

WORDS, LONGEST, SIZE, BATCH, EPOCHS = 25_000, 256, 100, 64, 5
VARIANTS = {"cnn": "padded", "bilstm": "packed", "padded": "padded"}
LEAST = 5  # words that a padded batch has at least: the widest filter
Texts = Sequence[torch.Tensor]


def numbered(task: Task) -> tuple[Texts, Texts]:
    """Number the most frequent words from 2 on, the others 1."""
    texts, dev = ([text.lower().split() for text in part] for part in (task.texts, task.dev_texts))
    frequent = Counter(word for text in texts for word in text).most_common(WORDS - 2)
    places = {word: number for number, (word, _) in enumerate(frequent, start=2)}
    found = [[torch.tensor([places.get(word, 1) for word in text[:LONGEST]]) for text in part] for part in (texts, dev)]
    return found[0], found[1]


def padded(texts: Texts) -> Padded:
    """Pad a batch with 0 to its longest text."""
    ids = pad_sequence([text.long() for text in texts], batch_first=True)
    ids = nn.functional.pad(ids, (0, max(0, LEAST - ids.shape[1])))
    nothing = torch.zeros(0)
    return Padded(ids, torch.tensor([max(1, len(text)) for text in texts]), nothing, nothing, nothing)


def judged(model: Network, variant: str, dev: Texts, task: Task) -> float:
    """Measure the accuracy on the dev texts."""
    model.eval()
    with torch.no_grad():
        parts = [dev[start : start + BATCH] for start in range(0, len(dev), BATCH)]
        answers = torch.cat([model(padded(part), variant).argmax(1) for part in parts])
    return accuracy(answers.numpy(), task.dev_labels)


def learn(task: Task, curve: Curve) -> None:
    """Train as the tutorials do."""
    torch.set_num_threads(task.threads)
    torch.manual_seed(task.seed)
    random, variant = np.random.default_rng(task.seed), VARIANTS[task.kind]
    texts, dev = numbered(task)
    layer = TextCNN(SIZE, (3, 4, 5), 100) if task.kind == "cnn" else Recurrent("LSTM", SIZE, 128, 1, True)
    model = Network(WORDS, SIZE, layer, len(task.classes))
    model.embedding.padding_idx = 0
    optimizer, criterion = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    labels = torch.from_numpy(task.labels)
    with curve.limited(lambda: judged(model, variant, dev, task)):
        for _ in range(EPOCHS):
            model.train()
            for rows in shuffled(len(texts), BATCH, random):
                optimizer.zero_grad()
                loss = criterion(model(padded([texts[row] for row in rows]), variant), labels[rows])
                loss.backward()
                optimizer.step()
                curve.go_on()
            curve.note(judged(model, variant, dev, task))


if __name__ == "__main__":
    main(list(VARIANTS), learn)
