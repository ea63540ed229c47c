"""A model and a process → another fingerprint wherever an answer's last bit might be another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled.kernels import run_parallel
from unrolled.kernels.compiled.library import find_library
from unrolled.prediction.run_identity import digest, run_identity
from unrolled.prediction.saved_model import load, save
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ("<unk>", "good", "bad")


def model_of(labels: tuple[str, str] = ("no", "yes"), words: tuple[str, ...] = WORDS, **more: Any) -> TextModel:
    config = Config("average", {"num_layers": 0}, TextConfig(embedding_dim=2, **more), labels)
    random = np.random.default_rng(0)
    weights = {
        name: random.normal(size=w.shape).astype("f4") for name, w in config.network(len(words)).weights().items()
    }
    return TextModel(config, Vocabulary(words), weights)


def test_a_model_read_back_from_any_folder_is_the_same(tmp_path: Path) -> None:
    save(tmp_path / "model", model_of(), {"README.md": b"any"})
    assert digest(load(tmp_path / "model")) == digest(model_of())


def test_another_label_word_reading_or_bit_of_a_weight_is_another_model() -> None:
    model = model_of()
    flipped = {name: weight.copy() for name, weight in model.weights.items()}
    flipped["classifier.b"].view("u4")[0] ^= 1
    swapped = {**model.weights, "classifier.W": model.weights["classifier.W"].T.copy()}
    others = [
        model_of(("no", "si")),
        model_of(words=("<unk>", "good", "worse")),
        model_of(lowercase=False),
        replace(model, weights=flipped),
        replace(model, weights=swapped),
    ]
    assert len({digest(one) for one in [model, *others]}) == 6


def test_threads_memory_and_what_computes_are_in_it() -> None:
    found = run_identity(model_of())
    assert json.loads(json.dumps(found)) == found, "it is kept in a record"
    with run_parallel.threads(3):
        assert run_identity(model_of()) == {**found, "threads": 3}
    assert run_identity(replace(model_of(), cache_memory=7)) == {**found, "cache_memory": 7}
    assert found["numpy"] == np.__version__
    library = find_library()
    assert found["kernels"] == ("none" if isinstance(library, str) else f"{library.level} {library.digest}")


def test_other_kernels_are_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_identity(model_of())
    monkeypatch.setattr("unrolled.prediction.run_identity.find_library", lambda: "no kernels were compiled")
    assert run_identity(model_of()) == {**before, "kernels": "none"}
