"""What is known of a run → valid JSON files that hold exactly it; what isn't known isn't written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.each import each
from unrolled.storage import training_record
from unrolled.storage.config import Config
from unrolled.storage.model_card import model_card
from unrolled.text.text_config import TextConfig

CONFIG = Config("average", {}, TextConfig(), ("a", "é"))
TRAINING = {
    "settings": {"learning_rate": 1e-3, "budget": None, "schedule": "linear"},
    "seed": 3,
    "rows": {"train": 90, "dev": 10},
    "stopped": "patience",
    "steps": 60,
    "best_step": 40,
    "versions": {"numpy": "2.4"},
}
HISTORY: list[dict[str, Any]] = [
    {"epoch": 1, "loss": None, "dev_loss": 0.1 + 0.2, "best": True},
    {"epoch": 2, "loss": 0.5, "dev_loss": 1e-300, "best": False},
]
METRICS = {
    "dev": {
        "rows": 10,
        "accuracy": {"value": 0.5, "low": 0.25, "high": 0.75},
        "macro_f1": {"value": 0.4, "low": 0.1, "high": 0.7},
        "per_class": {"é\n": {"f1": 0.0}},
    }
}


def test_each_file_holds_what_it_was_given() -> None:
    files = training_record.files(CONFIG, TRAINING, HISTORY, METRICS)
    assert set(files) == {"README.md", "training.json", "history.jsonl", "metrics.json"}
    assert json.loads(files["training.json"]) == TRAINING
    assert json.loads(files["metrics.json"]) == METRICS
    lines = files["history.jsonl"].decode().split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == HISTORY
    assert files["README.md"].decode() == model_card(CONFIG, TRAINING, METRICS)


@each(
    ("training", "history", "metrics", "names"),
    [
        ({}, [], None, {"README.md"}),
        ({}, [], {}, {"README.md"}),
        (TRAINING, [], None, {"README.md", "training.json"}),
        ({}, HISTORY, None, {"README.md", "history.jsonl"}),
        ({}, [], METRICS, {"README.md", "metrics.json"}),
    ],
)
def test_what_is_not_known_is_not_written(training: Any, history: Any, metrics: Any, names: set[str]) -> None:
    files = training_record.files(CONFIG, training, history, metrics)
    assert set(files) == names
    assert files["README.md"].decode() == model_card(CONFIG, training, metrics or {})


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_never_written(number: float) -> None:
    for training, history in (({**TRAINING, "seconds": number}, []), (TRAINING, [{"loss": number}])):
        with pytest.raises(ValueError, match="not JSON compliant"):
            training_record.files(CONFIG, training, history)
