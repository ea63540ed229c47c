"""A kind of model → a small valid folder of it; a folder → its answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.calibration.abstention import Abstention
from unrolled.language_models import saved_language_model
from unrolled.language_models.config import Config as LanguageConfig
from unrolled.language_models.counting import Counting
from unrolled.language_models.language_model import LanguageModel
from unrolled.language_models.window import Window, WindowModel
from unrolled.model.weights import Weight, initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.storage import strict_json
from unrolled.storage.config import Config
from unrolled.storage.manifest import MANIFEST, with_manifest
from unrolled.text.fingerprints import TextFingerprints
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ("<unk>", *(f"w{number}" for number in range(12)), "w1 w2")
LABELS = ("bad", "good", "mixed")
TEXTS = ["w1 w2 w3", "", "w4 new w4 w5 w6 w7 w8", "w9", "W1 w1 " * 20]
OPTIONS: dict[str, dict[str, Any]] = {
    "lstm": {"hidden_size": 4, "bidirectional": True},
    "cnn": {"num_filters": 4},
    "ngrams": {"buckets": 7, "hidden_size": 4},
    "logistic": {},
    "transformer": {"hidden_size": 4, "num_heads": 2, "dim_feedforward": 6},
    "average": {"hidden_size": 4},
    "concatenate": {"hidden_size": 4, "max_length": 3},
}
PROMISED = {"average": Abstention(target_precision=0.9, temperature=1.25, threshold=0.5)}
REMEMBERING = "remembering"  # a cnn with fingerprints, which are read too
CLASSIFIERS, LANGUAGE_MODELS = (*OPTIONS, REMEMBERING), ("window", "kneser-ney")
KNOWN = TextFingerprints.of(np.arange(5, 10, dtype=np.uint64) << np.uint64(60), np.array([1, 7], np.uint64))
KINDS = (*CLASSIFIERS, *LANGUAGE_MODELS)
CONFIG, VOCABULARY, WEIGHTS, COUNTS = "config.json", "vocabulary.json", "model.safetensors", "counts.txt"


def write_valid(folder: Path, kind: str) -> Path:
    """Write a small model of a kind that has learnt nothing, with all files that training leaves."""
    told = {"training.json": b"{}\n", "history.jsonl": b"{}\n", "README.md": b"# A model\n"}
    if kind in CLASSIFIERS:
        encoder = "cnn" if kind == REMEMBERING else kind
        config = Config(encoder, OPTIONS[encoder], TextConfig(embedding_dim=5), LABELS, PROMISED.get(kind))
        weights = _drawn(config.network(len(WORDS)).weights())
        model = TextModel(config, Vocabulary(WORDS), weights, fingerprints=KNOWN if kind == REMEMBERING else None)
        saved_model.save(folder, model, {**told, "metrics.json": b"{}\n"})
        return folder
    words = ["<unk>", "</s>", *WORDS[1:-1]]
    small: dict[str, int] = {"embedding_dim": 3, "hidden_size": 4} if kind == "window" else {}
    own = LanguageConfig(model=kind, order=3, **small)  # type: ignore[arg-type]
    predictor: Any
    if kind == "window":
        network = Window(len(words), 3, 3, 4)
        predictor = WindowModel(network, _drawn(network.weights()))
    else:
        ngrams = np.array([[1, 1, 2], [1, 2, 3], [2, 3, 0], [3, 0, 1]])
        predictor = Counting(len(words), ngrams, np.array([3, 1, 2, 1]), "kneser-ney")
    saved_language_model.save(folder, LanguageModel(own, Vocabulary(words), predictor), told)
    return folder


def _drawn(declared: Mapping[str, Weight]) -> dict[str, Any]:
    chance = np.random.default_rng(1)
    return {name: weight + chance.normal(0, 0.3, weight.shape) for name, weight in initialize(declared, 0).items()}


def answers(folder: Path, kind: str) -> np.ndarray[Any, Any]:
    """Load a folder and predict: distributions, (texts, labels) or (texts, words)."""
    if kind in CLASSIFIERS:
        return saved_model.load(folder, fingerprints=kind == REMEMBERING).probabilities(TEXTS)
    model = saved_language_model.load(folder)
    return np.array([[p for _, p in model.next_words(text, 10**6)] for text in TEXTS])


def seal(folder: Path) -> None:
    """Write the manifest anew, as an attacker can; a sparse file of terabytes gets a hash of nobody."""
    files = {path.name: path.read_bytes() for path in _regular(folder) if path.stat().st_size < 2**28}
    content = json.loads(with_manifest(files)[MANIFEST])
    for path in _regular(folder):
        content["files"].setdefault(path.name, {"sha256": "0" * 64, "size": path.stat().st_size})
    (folder / MANIFEST).write_bytes(strict_json.to_bytes(content))


def _regular(folder: Path) -> list[Path]:
    names = (MANIFEST, "README.md")
    return [path for path in folder.iterdir() if path.is_file() and path.name not in names]
