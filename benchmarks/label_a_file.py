"""A library, its model and a file of lines → a file of labels, one a line: the script that a user of it would write.

Run as a process: python -m benchmarks.label_a_file LIBRARY MODEL LINES LABELS THREADS. `benchmarks.models_to_compare`
makes the models. torch's and ONNX Runtime's scripts read a text as tutorials do: a pattern finds its words, a dict
their numbers, and batches of 64 are padded in the order of the file.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

BATCH, LEAST = 64, 5  # texts at once, and words that a padded batch has at least: the widest filter
PATTERN = re.compile(r"\w+|[^\w\s]")
Label = Callable[[Path, list[str], int], list[str]]


def fasttext(model: Path, lines: list[str], threads: int) -> list[str]:
    """Label all lines in one call, which has one thread."""
    del threads
    from fasttext import load_model

    answers, _ = load_model(str(model)).predict(lines)
    return [answer[0].removeprefix("__label__") for answer in answers]


def sklearn(model: Path, lines: list[str], threads: int) -> list[str]:
    """Label all lines by a pipeline of tf-idf and logistic regression; neither has threads."""
    del threads
    import joblib

    return list(joblib.load(model).predict(lines))


def spacy(model: Path, lines: list[str], threads: int) -> list[str]:
    """Label all lines as a stream."""
    del threads
    from spacy import load

    found = (doc.cats for doc in load(model).pipe(lines))
    return [max(cats, key=cats.__getitem__) for cats in found]


def batches(lines: Sequence[str], numbers: dict[str, int]) -> Iterator[tuple[Any, Any]]:
    """Number words and pad: ids (texts, length), lengths (texts,), in NumPy."""
    import numpy as np

    for start in range(0, len(lines), BATCH):
        texts = [
            [numbers.get(word, 0) for word in PATTERN.findall(line.lower())] for line in lines[start : start + BATCH]
        ]
        lengths = np.array([max(1, len(text)) for text in texts])
        ids = np.zeros((len(texts), max(LEAST, lengths.max())), np.int64)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
        yield ids, lengths


def onnx_cnn(model: Path, lines: list[str], threads: int) -> list[str]:
    """Label batch by batch in ONNX Runtime."""
    import onnxruntime

    told = json.loads((model / "vocabulary.json").read_text())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(model / "cnn.onnx"), options, providers=["CPUExecutionProvider"])
    numbers = {word: number for number, word in enumerate(told["words"])}
    found = [session.run(None, {"ids": ids})[0].argmax(1) for ids, _ in batches(lines, numbers)]
    return [told["labels"][number] for batch in found for number in batch.tolist()]


def torch_lstm(model: Path, lines: list[str], threads: int, *, variant: str) -> list[str]:
    """Label batch by batch in torch."""
    import torch

    from benchmarks.torch_networks import Network, Recurrent, TorchBatch

    torch.set_num_threads(threads)
    told = json.loads((model / "vocabulary.json").read_text())
    network = Network(len(told["words"]), 100, Recurrent("LSTM", 100, 128, 1, False), len(told["labels"]))
    network.load_state_dict(torch.load(model / "lstm.pt"))
    network.eval()
    numbers = {word: number for number, word in enumerate(told["words"])}
    answers: list[int] = []
    with torch.inference_mode():
        for ids, lengths in batches(lines, numbers):
            nothing = torch.zeros(0)
            batch = TorchBatch(torch.from_numpy(ids), torch.from_numpy(lengths), nothing, nothing, nothing)
            answers += network(batch, variant).argmax(1).tolist()
    return [told["labels"][number] for number in answers]


def torch_packed(model: Path, lines: list[str], threads: int) -> list[str]:
    """Label in torch, the words of a batch packed."""
    return torch_lstm(model, lines, threads, variant="packed")


def torch_padded(model: Path, lines: list[str], threads: int) -> list[str]:
    """Label in torch, the padding read too."""
    return torch_lstm(model, lines, threads, variant="padded")


LIBRARIES: dict[str, Label] = {
    label.__name__: label for label in (fasttext, sklearn, spacy, onnx_cnn, torch_packed, torch_padded)
}


def main() -> None:
    """Read, label, write."""
    library, model, lines, labels, threads = sys.argv[1:]
    with open(lines, encoding="utf-8") as file:
        texts = file.read().split("\n")[:-1]
    answers = LIBRARIES[library](Path(model), texts, int(threads))
    with open(labels, "w", encoding="utf-8") as file:
        file.writelines(f"{answer}\n" for answer in answers)


if __name__ == "__main__":
    main()
