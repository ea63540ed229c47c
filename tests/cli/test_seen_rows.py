"""Files of which some rows taught a model → `evaluate`, `train --test` and the card say how many, as counted here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled import TextClassifier
from unrolled.evaluation import evaluate
from unrolled.prediction import saved_model

Pairs = list[tuple[str, str]]


def made(count: int, seed: int) -> Pairs:
    return [(f"{('a fine', 'a dull')[n % 2]} film number{seed}x{n}", ("good", "bad")[n % 2]) for n in range(count)]


OLD, DEV, NEW, OTHER = made(60, 1), made(20, 2), made(30, 3), made(40, 4)
FILE = [
    *OLD[:25],
    *OLD[:5],
    *DEV[:7],
    *NEW[:3],
    *OTHER,
    ("A  DULL film NUMBER1x1", "bad"),
    ("a fine film number4x1", "bad"),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, `child`, trained further from it, and `unknown`, like it but for its fingerprints."""
    place = tmp_path_factory.mktemp("models")
    old, dev, new = (([text for text, _ in pairs], [label for _, label in pairs]) for pairs in (OLD, DEV, NEW))
    TextClassifier("logistic").fit(*old, validation_data=dev).save_pretrained(place / "model")
    TextClassifier(base_model=place / "model").fit(*new).save_pretrained(place / "child")
    TextClassifier("logistic", fingerprints=False).fit(*old).save_pretrained(place / "unknown")
    return place


@pytest.fixture
def data(write: Callable[..., Path], tmp_path: Path) -> Callable[[str, Pairs], Path]:
    def written(name: str, pairs: Pairs) -> Path:
        return write(tmp_path / name, [{"text": text, "label": label} for text, label in pairs])

    return written


def test_evaluate_counts_the_rows_that_taught_the_model(
    unrolled: Callable[..., Any], models: Path, data: Callable[..., Path]
) -> None:
    file = data("file.csv", FILE)
    done = unrolled("evaluate", models / "model", file, "--json")
    (found,) = done.answers
    seen = found["trained_on"]
    taught = [text for text, _ in (*OLD, *DEV)]
    rows = [text for text, _ in FILE if " ".join(text.lower().split()) in taught]
    assert (seen["rows"], seen["texts"]) == (25 + 5 + 1, 25)
    assert (seen["selection_rows"], seen["selection_texts"]) == (7, 7)
    assert seen["rows"] + seen["selection_rows"] == len(rows)
    assert seen["unseen_rows"] == len(FILE) - len(rows)
    others = [(text, label) for text, label in FILE if text not in rows]
    loaded = saved_model.load(models / "model")
    own = evaluate([y for _, y in others], loaded.probabilities([x for x, _ in others]), loaded.config.labels)
    assert seen["unseen_accuracy"]["value"] == own.accuracy.value < found["accuracy"]["value"]
    assert f"trained on 31 of {len(FILE)} rows ({3100 / len(FILE):.1f} %), and 7 more" in done.err
    told = unrolled("evaluate", models / "model", file)
    assert (
        f"accuracy on the {len(others)} rows that didn't teach the model: {100 * own.accuracy.value:.1f} %" in told.out
    )


def test_what_a_base_model_has_seen_counts(
    unrolled: Callable[..., Any], models: Path, data: Callable[..., Path]
) -> None:
    (found,) = unrolled("evaluate", models / "child", data("file.csv", FILE), "--json").answers
    seen = found["trained_on"]
    assert seen["rows"] + seen["selection_rows"] == 25 + 5 + 1 + 7 + 3
    done = unrolled("evaluate", models / "child", data("old.csv", OLD))
    assert "Every row taught the model" in done.out
    assert "trained_on" not in done.out
    new = unrolled("evaluate", models / "child", data("other.csv", OTHER))
    assert "taught" not in new.out + new.err
    assert "trained on" not in new.err


@pytest.mark.parametrize("how", ["left out", "of an older version"])
def test_without_fingerprints_nobody_knows(
    unrolled: Callable[..., Any], models: Path, data: Callable[..., Path], how: str, tmp_path: Path
) -> None:
    model = models / "unknown"
    if how != "left out":
        model = tmp_path / "older"
        shutil.copytree(models / "model", model)
        (model / "fingerprints.safetensors").unlink()
        manifest = json.loads((model / "manifest.json").read_text())
        del manifest["files"]["fingerprints.safetensors"]
        (model / "manifest.json").write_text(json.dumps(manifest))
    done = unrolled("evaluate", model, data("file.csv", FILE), "--json")
    assert done.answers[0]["trained_on"] is None
    assert "has no fingerprints" in done.err
    assert unrolled("predict", model, stdin=b"a text\n").code == 0


def test_train_says_of_test_and_dev_rows_what_taught_the_model_and_the_card_repeats_it(
    unrolled: Callable[..., Any], models: Path, data: Callable[..., Path], tmp_path: Path
) -> None:
    grown, test, folder = data("grown.csv", [*OLD, *NEW]), data("test.csv", FILE), tmp_path / "more"
    go_on = ("train", grown, "-o", folder, "--base-model", models / "model")
    done = unrolled(*go_on, "--test", test)
    assert done.code == 0, done.err
    seen = json.loads((folder / "metrics.json").read_text())["test"]["trained_on"]
    assert seen["rows"] + seen["selection_rows"] == 41
    assert seen["unseen_rows"] == len(FILE) - 41
    assert f"34 of {len(FILE)} test rows" in done.err
    assert f"38 of {len(FILE)} test rows" in done.err
    accuracy = 100 * seen["unseen_accuracy"]["value"]
    assert f"accuracy on the {len(FILE) - 41} rows that didn't teach the model: {accuracy:.1f} %" in done.out
    card = (folder / "README.md").read_text()
    assert f"Of the {len(FILE)} test rows 41 taught this model; accuracy on the other" in card
    assert f"{accuracy:.1f} %" in card
    done = unrolled(*go_on, "--force")
    of_dev = json.loads((folder / "metrics.json").read_text())["dev"]
    assert 0 < of_dev["trained_on"]["rows"] < of_dev["rows"], "OLD taught the model to start from, NEW didn't"
    assert "rows that didn't teach the model to start from" in done.out
    assert "taught the model it was trained further from" in (folder / "README.md").read_text()
