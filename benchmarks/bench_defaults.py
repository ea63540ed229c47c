"""Encoders and settings to try, training texts → the mean accuracy of each, from which defaults were chosen.

A dozen configurations an encoder at most. The seed draws a tenth of the texts that choose nothing and are judged once,
and of the others a tenth to stop by; no test text is read. Comparing best dev accuracies instead favours settings whose
epochs differ most. What was measured is kept in build/judged.jsonl, so that the search can be made in pieces. From the
project's root: python -m benchmarks.bench_defaults --encoders cnn --data mr sst2 trec
"""

from __future__ import annotations

import json
import random
import statistics
import time
import warnings
from collections.abc import Mapping
from itertools import product
from typing import Any

from benchmarks.command_line import command_line
from benchmarks.real_texts import PARTS, ROOT, TUNED_ON, read
from benchmarks.side_by_side import table
from unrolled import TextClassifier

KEPT = ROOT / "build" / "judged.jsonl"
Settings = Mapping[str, Any]


def falling(epochs: int = 20, patience: int = 4, **others: Any) -> Settings:
    """Let the learning rate fall to 0 within so many epochs, and keep the best one's weights."""
    return {"schedule": "linear", "ema_decay": 0.0, "max_epochs": epochs, "patience": patience, **others}


def averaged(ema_decay: float = 0.75, **others: Any) -> Settings:
    """Keep the rate, and judge and keep the mean of the weights of each epoch, until it gains no more."""
    return {"schedule": "constant", "ema_decay": ema_decay, "max_epochs": 40, "patience": 5, **others}


def _pooled(**own: Any) -> list[Settings]:
    last, mean, highest = ({"pooling": pooling, **own} for pooling in ("last", "mean", "max"))
    return [falling(**last), averaged(**last), averaged(**mean), averaged(**highest)]


CANDIDATES: Mapping[str, list[Settings]] = {
    "cnn": [
        falling(),
        averaged(),
        averaged(ema_decay=0.5, learning_rate=1.5e-3),
        averaged(ema_decay=0.5, learning_rate=1.5e-3, embedding_dim=300),
        averaged(embedding_dropout=0.3),
        averaged(embedding_dropout=0.1),
    ],
    "ngrams": [
        falling(num_layers=1),
        averaged(num_layers=1),
        averaged(num_layers=0),
        averaged(ema_decay=0.5, num_layers=0),
        averaged(num_layers=0, buckets=400_000),
        averaged(num_layers=0, embedding_dim=25),
        averaged(num_layers=0, embedding_dim=25, buckets=400_000),
    ],
    "average": [falling(), averaged(), averaged(num_layers=0)],
    "lstm": _pooled(bidirectional=True),
    "rnn": [*_pooled(), averaged(pooling="max", learning_rate=1.5e-3)],
    "gru": _pooled(),
    "transformer": [falling(), averaged(), averaged(learning_rate=1.5e-3)],
    "logistic": [{"C": 10.0}, {"C": 30.0}, {"C": 100.0}],
    "concatenate": [falling(), averaged(), averaged(embedding_dropout=0.7)],
}


def name(settings: Settings) -> str:
    """Spell settings in one order."""
    return json.dumps(dict(sorted(settings.items())))


def measure(encoder: str, data: str, settings: Settings, seed: int) -> dict[str, Any]:
    """Train once, and judge on texts that chose nothing."""
    rows = [row for part in ("train", "dev") if part in PARTS[data] for row in zip(*read(data, part), strict=True)]
    random.Random(seed).shuffle(rows)
    (judged, told), (texts, labels) = (
        zip(*part, strict=True) for part in (rows[: len(rows) // 10], rows[len(rows) // 10 :])
    )
    began = time.process_time()
    model = TextClassifier(encoder, random_state=seed, **settings).fit(texts, labels)
    taken, history = time.process_time() - began, model.history_
    best = [record for record in history if record["best"]][-1]
    run = {"encoder": encoder, "data": data, "settings": name(settings), "seed": seed, "epochs": len(history)}
    scores = {"judged": model.score(judged, told), "dev": best["dev_accuracy"], "epoch": best["epoch"]}
    return {**run, **scores, "processor_seconds": taken}


def kept() -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """Read what was measured before."""
    records = map(json.loads, KEPT.read_text("utf-8").splitlines() if KEPT.exists() else [])
    return {tuple(record[key] for key in ("encoder", "data", "settings", "seed")): record for record in records}


def main() -> None:
    """Measure what isn't kept yet, and print the means."""
    parser = command_line(__doc__)
    parser.add_argument("--encoders", nargs="+", choices=CANDIDATES, default=list(CANDIDATES))
    parser.add_argument("--data", nargs="+", choices=PARTS, default=TUNED_ON)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--report", action="store_true", help="measure nothing")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    KEPT.parent.mkdir(exist_ok=True)
    found = kept()
    for seed, encoder, data in product(range(chosen.seeds), chosen.encoders, chosen.data):
        for settings in CANDIDATES[encoder]:
            key = (encoder, data, name(settings), seed)
            if key not in found and not chosen.report:
                found[key] = measure(encoder, data, settings, seed)
                with KEPT.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(found[key]) + "\n")
    for encoder in chosen.encoders:
        print(report(encoder, chosen.data, list(found.values())), end="\n\n")


def report(encoder: str, data: list[str], records: list[dict[str, Any]]) -> str:
    """Lay out an encoder's configurations by data set: accuracy, (seeds), the epoch kept and processor seconds."""
    rows = []
    for settings in map(name, CANDIDATES[encoder]):
        cells = []
        for one in data:
            own = [r for r in records if (r["encoder"], r["data"], r["settings"]) == (encoder, one, settings)]
            keys = ("judged", "epoch", "processor_seconds")
            accuracy, epoch, seconds = (statistics.mean(r[key] for r in own) if own else 0 for key in keys)
            cells.append(f"{100 * accuracy:.2f} ({len(own)}) e{epoch:.0f} {seconds:.0f} s" if own else "")
        rows.append([settings, *cells])
    return table([encoder, *data], rows)


if __name__ == "__main__":
    main()
