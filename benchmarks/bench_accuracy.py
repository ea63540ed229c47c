"""trec and sst2 → accuracy, seconds and words/s of every encoder, beside logistic regression and fastText.

Reads ../shared/data beside the project (see its README); writes benchmarks/results.md. Three seeds each; the dev part
of trec is split off its training texts by each seed, sst2 has its own. Run by `make bench`.
"""

from __future__ import annotations

import platform
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from benchmarks.command_line import FOLDER, command_line
from benchmarks.real_texts import PARTS, read
from unrolled import TextClassifier
from unrolled.model.find_encoder import encoder_names
from unrolled.model.tokens import words

RESULTS = FOLDER / "results.md"
SEEDS = (0, 1, 2)
JUDGED = [name for name, parts in PARTS.items() if "test" in parts]

Pairs = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Run:
    """What one training gave."""

    accuracy: float
    seconds: float
    words_per_second: float | None


def accuracy(predicted: Sequence[str], labels: Sequence[str]) -> float:
    """Share of right answers."""
    return sum(a == b for a, b in zip(predicted, labels, strict=True)) / len(labels)


def ours(encoder: str) -> Callable[[Pairs, Pairs | None, Pairs, int], Run]:
    """Train one of our encoders with its defaults."""

    def run(train: Pairs, dev: Pairs | None, test: Pairs, seed: int) -> Run:
        began = time.perf_counter()
        model = TextClassifier(encoder, random_state=seed).fit(*train, validation_data=dev)
        seconds = time.perf_counter() - began
        speed = model.training_["words_per_second"]
        return Run(accuracy(list(model.predict(test[0])), test[1]), seconds, speed)

    return run


def logistic(train: Pairs, dev: Pairs | None, test: Pairs, seed: int) -> Run:
    """scikit-learn's logistic regression on tf-idf of uni- and bigrams, with its defaults."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    del dev, seed
    began = time.perf_counter()
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000)).fit(*train)
    return Run(accuracy(list(model.predict(test[0])), test[1]), time.perf_counter() - began, None)


def fasttext(train: Pairs, dev: Pairs | None, test: Pairs, seed: int) -> Run:
    """fastText with bigrams on our words; the learning rate 0.1, since it dies with NaN above."""
    import fasttext as library

    del dev
    split = [[" ".join(words(text)) for text in part[0]] for part in (train, test)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"__label__{label} {text}\n" for text, label in zip(split[0], train[1], strict=True))
        file.flush()
        began = time.perf_counter()
        options = {"lr": 0.1, "epoch": 25, "wordNgrams": 2, "dim": 100, "thread": 2, "verbose": 0, "seed": seed}
        model = library.train_supervised(file.name, **options)
        seconds = time.perf_counter() - began
    predicted = [label[0].removeprefix("__label__") for label in model.predict(split[1])[0]]
    return Run(accuracy(predicted, test[1]), seconds, None)


def table(name: str, rows: dict[str, list[Run]]) -> str:
    """Lay out a data set's results in Markdown."""
    lines = [f"## {name}", "", "| model | test accuracy, % | seconds | training words/s |", "|---|---|---|---|"]
    for model, runs in rows.items():
        scores = [100 * run.accuracy for run in runs]
        spread = statistics.stdev(scores) if len(scores) > 1 else 0.0
        seconds = statistics.mean(run.seconds for run in runs)
        speeds = [run.words_per_second for run in runs if run.words_per_second]
        speed = f"{statistics.mean(speeds):,.0f}" if speeds else ""
        lines.append(f"| {model} | {statistics.mean(scores):.2f} ± {spread:.2f} | {seconds:.1f} | {speed} |")
    return "\n".join(lines)


def main() -> None:
    """Run everything, data set by data set, and write the results."""
    parser = command_line(__doc__)
    parser.add_argument("--data", nargs="+", choices=JUDGED, default=["trec", "sst2"])
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    models = {name: ours(name) for name in encoder_names()}
    models |= {"logistic regression, tf-idf": logistic, "fastText, bigrams": fasttext}
    parts = []
    for name in chosen.data:
        train, test = (read(name, part) for part in ("train", "test"))
        dev = read(name, "dev") if "dev" in PARTS[name] else None
        rows: dict[str, list[Run]] = {}
        for model, run in models.items():
            rows[model] = [run(train, dev, test, seed) for seed in SEEDS]
            print(name, model, [round(100 * run.accuracy, 2) for run in rows[model]], flush=True)
        parts.append(table(name, rows))
    RESULTS.write_text("\n\n".join([header(), *parts]) + "\n", encoding="utf-8")


def header() -> str:
    """Say where and how this was measured."""
    return (
        "# Accuracy\n\nWritten by `make bench`. Means ± standard deviations over three seeds, defaults throughout, no "
        "pretrained vectors.\nSeconds are those of one training, early stopping and reading of dev texts included; "
        f"times of one run on one\nmachine ({platform.machine()}, 2 cores), to be compared within this file only. "
        f"Python {platform.python_version()}, torch {torch.__version__}."
    )


if __name__ == "__main__":
    main()
