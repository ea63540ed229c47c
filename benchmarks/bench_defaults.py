"""Encoders and settings to try, development texts → the mean dev accuracy of each, from which defaults were chosen.

A dozen configurations an encoder at most; each seed splits off its own tenth of the training texts as dev texts
(sst2 has its own), and no test text is read. What was measured is kept in build/defaults.jsonl, so that the search can
be made in pieces. From the project's root: python -m benchmarks.bench_defaults --encoders cnn --data mr sst2 trec
"""

from __future__ import annotations

import json
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

KEPT = ROOT / "build" / "defaults.jsonl"
Settings = Mapping[str, Any]


def of_epochs(epochs: int, **others: Any) -> Settings:
    """Let the learning rate fall to 0 within so many epochs, none of which is left out."""
    return {"max_epochs": epochs, "patience": epochs, **others}


def averaged(**others: Any) -> Settings:
    """Keep the rate, and judge and keep the mean of the weights of each epoch, until it gains no more."""
    return {"schedule": "constant", "ema_decay": 0.5, "max_epochs": 40, "patience": 5, **others}


BOTH: Settings = {"bidirectional": True}
CANDIDATES: Mapping[str, list[Settings]] = {
    "cnn": [
        {},
        of_epochs(8),
        of_epochs(8, learning_rate=1e-3),
        of_epochs(8, embedding_dropout=0.7),
        of_epochs(8, embedding_dim=300),
        of_epochs(8, num_filters=200),
        averaged(),
        averaged(ema_decay=0.75),
        averaged(learning_rate=1.5e-3),
        averaged(embedding_dim=300),
        averaged(embedding_dim=300, learning_rate=1.5e-3),
        averaged(num_filters=200),
    ],
    "lstm": [
        BOTH,
        of_epochs(10, **BOTH),
        of_epochs(10, **BOTH, pooling="max"),
        of_epochs(10, **BOTH, pooling="mean"),
        of_epochs(10, **BOTH, learning_rate=1e-3),
        of_epochs(10, **BOTH, embedding_dim=300),
        averaged(**BOTH),
        averaged(**BOTH, ema_decay=0.75),
        averaged(**BOTH, pooling="max"),
        averaged(**BOTH, learning_rate=1.5e-3),
    ],
    "ngrams": [
        {},
        of_epochs(8),
        of_epochs(8, num_layers=0),
        of_epochs(8, embedding_dropout=0.7),
        of_epochs(8, embedding_dropout=0.3),
        of_epochs(8, learning_rate=1e-3),
        of_epochs(8, buckets=400_000),
        averaged(),
        averaged(ema_decay=0.75),
        averaged(learning_rate=1.5e-3),
        averaged(num_layers=0),
        averaged(num_layers=0, learning_rate=6e-3),
    ],
}


def name(settings: Settings) -> str:
    """Spell settings in one order."""
    return json.dumps(dict(sorted(settings.items())))


def measure(encoder: str, data: str, settings: Settings, seed: int) -> dict[str, Any]:
    """Train once."""
    train, dev = read(data, "train"), read(data, "dev") if "dev" in PARTS[data] else None
    began = time.process_time()
    model = TextClassifier(encoder, random_state=seed, **settings).fit(*train, validation_data=dev)
    taken, best = time.process_time() - began, [record for record in model.history_ if record["best"]][-1]
    told = {"encoder": encoder, "data": data, "settings": name(settings), "seed": seed}
    scores = {"accuracy": best["dev_accuracy"], "loss": best["dev_loss"], "last": model.history_[-1]["dev_accuracy"]}
    return {**told, **scores, "epoch": best["epoch"], "epochs": len(model.history_), "processor_seconds": taken}


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
    """Lay out an encoder's configurations: dev accuracy, the epoch kept and processor seconds, by data set."""
    rows = []
    for settings in map(name, CANDIDATES[encoder]):
        cells = []
        for one in data:
            own = [r for r in records if (r["encoder"], r["data"], r["settings"]) == (encoder, one, settings)]
            means = [statistics.mean(r[key] for r in own) if own else 0 for key in ("accuracy", "loss", "epoch")]
            seconds = statistics.mean(r["processor_seconds"] for r in own) if own else 0
            told = f"{100 * means[0]:.2f} ({len(own)}) {means[1]:.3f} e{means[2]:.0f} {seconds:.0f} s"
            cells.append(told if own else "")
        rows.append([settings, *cells])
    return table([encoder, *data], rows)


if __name__ == "__main__":
    main()
