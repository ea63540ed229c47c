"""A kind of trouble → a comparison as it could come out, in full: realistic numbers, nasty names and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from unrolled.comparison.result import (
    ComparisonResult,
    Coverage,
    Disagreement,
    Epoch,
    McNemar,
    Model,
    OfLength,
    Recommendation,
    Run,
)
from unrolled.evaluation.bootstrap import Interval

# name, accuracy in percent, parameters, milliseconds alone, seconds an epoch, epochs
KNOWN = (
    ("logistic", 77.4, 90_000, 0.021, 0.2, 1),
    ("average", 79.9, 1_230_000, 0.034, 0.5, 9),
    ("ngrams", 80.3, 4_500_000, 0.041, 0.8, 7),
    ("feed_forward", 77.0, 1_310_000, 0.045, 0.7, 8),
    ("cnn", 81.2, 1_480_000, 0.31, 2.4, 6),
    ("cnn --embeddings both", 81.3, 2_700_000, 0.36, 3.1, 6),
    ("cnn --widths 3,4,5,6 --feature-maps 300 --dropout 0.5", 81.0, 3_900_000, 0.9, 7.0, 6),
    ("rnn", 70.2, 1_260_000, 0.42, 5.5, 12),
    ("gru", 79.5, 1_400_000, 0.77, 14.0, 8),
    ("gru --bidirectional", 80.4, 1_600_000, 1.4, 29.0, 8),
    ("lstm", 79.0, 1_450_000, 0.95, 19.0, 9),
    ("lstm --bidirectional", 80.9, 1_700_000, 1.8, 40.0, 7),
    ("recursive <b>&\u05d0\u05d1", 78.0, 1_300_000, 2.6, 61.0, 4),
    ("transformer", 61.0, 2_000_000, 3.3, 90.0, 2),
    ("\u6df1\u5c64\u5b66\u7fd2 \u30e2\u30c7\u30eb", 78.8, 1_234_567, 0.5, 4.0, 5),
)
TEXTS = (
    "a <script>alert(1)</script> & \"quoted\" 'text'",
    "\u05d4\u05e1\u05e8\u05d8 \u05d4\u05d6\u05d4 \u05d4\u05d9\u05d4 \u05de\u05e6\u05d5\u05d9\u05df!",
    "\u0627\u0644\u0641\u064a\u0644\u0645 \u0631\u0627\u0626\u0639 (2 hours)",
    "loved it \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd",
    "tricky \u202eesrever\u202c, \x00 null, \ud800 surrogate, \x1b[31m escape\nand a line",
    "word " * 900,
    "\u4e2d\u6587" * 500,
    "http" + "s://example.invalid/" + "x" * 300,
    "",
)


def interval(value: float, half: float, low: float = 0.0, high: float = 1.0) -> Interval:
    return Interval(value, max(value - half, low), min(value + half, high))


def model(number: int, leader: float, test_rows: int, labels: Sequence[str], seeds: int) -> Model:
    """Make the model of this number in `KNOWN`, or beyond."""
    random = np.random.default_rng(number)
    name, percent, parameters, alone, pace, epochs = KNOWN[number % len(KNOWN)]
    name = name if number < len(KNOWN) else f"{name} {number}"
    share = percent / 100
    half = 1.96 * float(np.sqrt(share * (1 - share) / test_rows))
    runs = [run(seed, share + float(random.normal(0, 0.006)), pace, epochs, random) for seed in range(seeds)]
    away = share - leader
    difference = None if away == 0 else interval(away, half * 0.6, -1.0)
    p = 0.0004 if away < -0.03 else 0.02
    tests = [McNemar(seed, 90 + seed, 70 - seed, p, min(1.0, 14 * p)) for seed in range(seeds)] if difference else []
    validation = float(np.mean([run.validation_accuracy for run in runs]))
    size, rate = 4 * parameters + 9000, 2000 / alone
    return Model(
        name, name.split()[0], {}, "finished", "", parameters, size, pace * epochs, rate,
        alone, validation, interval(share, half), interval(share - 0.011, half), difference,
        None if difference is None else difference.low - 0.001, tests, runs, by_length(share, test_rows, random),
        coverage(share, test_rows * seeds), confusion(len(labels), share, test_rows * seeds, random),
    )  # fmt: skip


def run(seed: int, share: float, pace: float, epochs: int, random: np.random.Generator) -> Run:
    history = []
    for n in range(1, epochs + 3):
        reached = share - 0.25 * float(np.exp(-n / (epochs / 3))) + float(random.normal(0, 0.004))
        history.append(Epoch(n, n * pace, 0.7 * 0.8**n if seed else None, 0.5 + 0.01 * n, reached))
    return Run(
        seed, share, max(epoch.validation_accuracy for epoch in history), history[-1].seconds, "patience", history
    )


def by_length(share: float, test_rows: int, random: np.random.Generator) -> list[OfLength]:
    ends = (0, 8, 14, 20, 27, 40, 120)
    rows = max(test_rows // 6, 1)
    half = 1.96 * float(np.sqrt(share * (1 - share) / rows))
    levels = [share - 0.04 + 0.015 * n + float(random.normal(0, 0.01)) for n in range(6)]
    return [
        OfLength(low + 1, high, rows, interval(level, half))
        for low, high, level in zip(ends, ends[1:], levels, strict=False)
    ]


def coverage(share: float, rows: int) -> list[Coverage]:
    places = [n / 10 for n in range(1, 11)]
    return [
        Coverage(1.05 - 0.1 * n, round(rows * part), part, interval(1 - (1 - share) * part, 0.02))
        for n, part in enumerate(places, start=1)
    ]


def confusion(classes: int, share: float, rows: int, random: np.random.Generator) -> list[list[int]]:
    shares = random.dirichlet(np.full(classes, 0.4), classes) * (1 - share) + np.eye(classes) * share
    each = random.multinomial(rows, np.full(classes, 1 / classes))
    return [random.multinomial(n, p / p.sum()).tolist() for n, p in zip(each, shares, strict=True)]


def compared(
    models: int = 15, *, labels: Sequence[str] = ("negative", "positive"), test_rows: int = 1066, seeds: int = 3
) -> ComparisonResult:
    """Make a comparison in which all was finished: cnn is selected, ngrams recommended where they take part."""
    names = [name for name, *_ in KNOWN[:models]]
    selected = "cnn" if "cnn" in names else names[-1]
    leader = next(percent for name, percent, *_ in KNOWN if name == selected) / 100
    made = [model(n, leader, test_rows, labels, seeds) for n in range(models)]
    made = [
        replace(m, surely_above=-0.008, difference=interval(-0.003, 0.004, -1)) if m.name == "ngrams" else m
        for m in made
    ]
    highest = max(m.validation_accuracy or 0.0 for m in made) + 0.001
    made = [replace(m, validation_accuracy=highest) if m.name == selected else m for m in made]
    take = "ngrams" if "ngrams" in names else selected
    reason = "it is the smallest and fastest of the models that surely lose no more than 1.0 point."
    answers = [
        Disagreement(7 * n + 2, text, labels[0], {m.name: labels[(n * k) % len(labels)] for k, m in enumerate(made)})
        for n, text in enumerate(TEXTS)
    ]
    return ComparisonResult(
        "mr.train.csv", "mr.test.csv", 9596, test_rows, labels, 0.01, seeds, 600.0, 431.2, "Linux, x86_64, 2 cores",
        {"unrolled": "0.1.0", "numpy": "2.4.6"}, selected, Recommendation(take, reason), made, answers, 321,
        ("Each model was trained with three seeds.",),
    )  # fmt: skip


def unfinished(found: ComparisonResult, *names: str) -> ComparisonResult:
    """Let the clock stop some of the models."""

    def stop(model: Model) -> Model:
        runs = [replace(run, stopped="budget") for run in model.runs]
        return replace(model, state="unfinished", reason="the clock stopped seed 1 in epoch 3.", runs=runs)

    return replace(found, models=[stop(m) if m.name in names else m for m in found.models])


def failed(found: ComparisonResult, *names: str) -> ComparisonResult:
    """Let some of the models fail, and the one after each not run."""

    def fail(model: Model) -> Model:
        return Model(model.name, model.encoder, {}, "failed", "expected a finite loss, got NaN in step 12 <b>.")

    return replace(found, models=[fail(m) if m.name in names else m for m in found.models])


def random_results(seed: int) -> ComparisonResult:
    """Draw accuracies, bounds and states, the selected model being the highest on validation among the finished."""
    random = np.random.default_rng(seed)
    found = compared(int(random.integers(1, 9)), test_rows=int(random.integers(20, 5000)))
    done = random.random(len(found.models)) < 0.8
    models = [_redrawn(model, random, finished=bool(own)) for model, own in zip(found.models, done, strict=True)]
    rivals = [model for model in models if model.state == "finished"] or models
    selected = max(rivals, key=lambda model: model.validation_accuracy or 0.0).name
    take = Recommendation(selected, "it is.") if done.any() else None
    return replace(found, models=models, selected=selected, recommendation=take)


def _redrawn(model: Model, random: np.random.Generator, *, finished: bool) -> Model:
    validation, test = random.normal(0.8, 0.02, 2).round(3)
    return replace(
        model,
        state="finished" if finished else "unfinished",
        validation_accuracy=float(validation),
        accuracy=interval(float(test), 0.02),
        surely_above=float(random.normal(-0.01, 0.02)) if finished else None,
    )


LABELS_20 = [f"topic {n}" for n in range(18)] + [
    "\u05d7\u05d3\u05e9\u05d5\u05ea",
    "a <b>very</b> long label, that nobody can read in a cell",
]
LABELS_40 = [f"label {n}" for n in range(40)]


def without_costs(model: Model) -> Model:
    return replace(model, milliseconds_alone=None, texts_per_second=None, training_seconds=None, size=None)


def all_kinds() -> dict[str, ComparisonResult]:
    """Make one of every kind of trouble."""
    whole = compared()
    every = [m.name for m in whole.models]
    nothing = replace(
        failed(whole, *every), selected="", recommendation=None, disagreements=(), disagreeing=0, budget=None, notes=()
    )
    few = compared(5, test_rows=30, seeds=1)
    too_few = replace(
        few, recommendation=Recommendation("cnn", "no interval is narrow enough: about 5,400 texts would do.", 5400)
    )
    mixed = failed(unfinished(whole, "lstm --bidirectional", "transformer"), "rnn", "gru --bidirectional")
    waiting = replace(mixed, models=[*mixed.models, Model("gru --layers 3", "gru", {}, "not_run", "no time was left.")])
    stopped = replace(unfinished(compared(3), "logistic", "average", "ngrams"), recommendation=None)
    return {
        "whole": whole,
        "one": compared(1),
        "nothing": nothing,
        "few texts": too_few,
        "mixed": waiting,
        "all unfinished": stopped,
        "20 labels": compared(4, labels=LABELS_20),
        "40 labels": compared(4, labels=LABELS_40),
        "without costs": replace(whole, models=[without_costs(m) for m in whole.models]),
        "no models": replace(nothing, models=()),
    }  # fmt: skip
