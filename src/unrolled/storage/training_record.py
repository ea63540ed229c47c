"""How a model was made and how good it is → training.json, history.jsonl, metrics.json and README.md, as bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unrolled.storage import strict_json
from unrolled.storage.config import Config
from unrolled.storage.model_card import model_card

Json = Mapping[str, Any]


def files(config: Config, training: Json, history: Sequence[Json], metrics: Json | None = None) -> dict[str, bytes]:
    """Write what is known; nothing is known of the training of a model that was only loaded."""
    written = {"README.md": model_card(config, training, metrics or {}).encode()}
    if training:
        written["training.json"] = strict_json.to_bytes(training)
    if history:
        written["history.jsonl"] = "".join(strict_json.to_line(line) + "\n" for line in history).encode()
    if metrics:
        written["metrics.json"] = strict_json.to_bytes(metrics)
    return written
