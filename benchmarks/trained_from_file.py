"""A file of labelled texts → a trained model, by fastText or in Python by ours, then judged; told as one JSON line.

{"seconds": of training, reading included, "ended": when training had ended, of the clock of the machine,
"processor_seconds": of the process until then, "accuracy": on the test texts}, or {"error": …}.
    python -m benchmarks.trained_from_file fasttext|unrolled TRAIN TEST OPTIONS      options as a JSON object
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Judge = Callable[[], float]


def fasttext(train: str, test: str, options: dict[str, Any]) -> Judge:
    """Train with fastText's Python bindings, which read the file themselves."""
    import fasttext as library

    model = library.train_supervised(train, verbose=0, **options)
    return lambda: float(model.test(test)[1])


def unrolled(train: str, test: str, options: dict[str, Any]) -> Judge:
    """Train ours as in a script of a few lines."""
    from unrolled import TextClassifier
    from unrolled.data.labelled import read_labelled

    data = read_labelled(train)
    model = TextClassifier("ngrams", optimizer="hogwild", **options).fit(data.texts, data.labels)

    def judge() -> float:
        held_out = read_labelled(test)
        answers = model.predict(held_out.texts)
        return float(np.mean(answers == np.array(held_out.labels)))

    return judge


def main() -> None:
    """Train, tell the times, judge."""
    library, train, test, options = sys.argv[1:]
    began = time.monotonic()
    try:
        judge = {"fasttext": fasttext, "unrolled": unrolled}[library](train, test, json.loads(options))
    except RuntimeError as error:  # fastText's "Encountered NaN."
        print(json.dumps({"error": str(error)}))
        return
    ended = time.monotonic()
    told = {"seconds": ended - began, "ended": ended, "processor_seconds": time.process_time()}
    print(json.dumps({**told, "accuracy": judge()}))


if __name__ == "__main__":
    main()
