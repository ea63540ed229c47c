"""Training texts → a model of every library, for benchmarks of prediction: trained briefly, or with first weights.

How long a label takes doesn't depend on what was learnt. So networks have first weights, ours and the rivals'; their
vocabularies are all words of the training texts, as by default. fastText is trained for an epoch, spaCy on a few texts,
logistic regression by its defaults.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.contestants import LAST, Size
from benchmarks.label_a_file import PATTERN
from unrolled.model.registry import encoder_options, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.corpus import split
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

OURS = ("average", "ngrams", "cnn", "lstm")
DEFAULTS = Size(64, 100, (2, 3, 4))
SPACY_TEXTS, ATTEMPTS = 1000, 10


def ours(folder: Path, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Path]:
    """Save a model of ours with all defaults for every encoder."""
    reading, found = TextConfig(), {}
    vocabulary = Vocabulary.build(split(texts, reading), min_count=1, max_features=None)
    for encoder in OURS:
        options = {name: option.default for name, option in encoder_options(encoder).items()}
        options |= LAST if encoder == "lstm" else {}
        config = Config(encoder, options, reading, tuple(sorted(set(labels))))
        weights = initialize(config.network(len(vocabulary)).weights(), 0)
        found[encoder] = folder / f"ours-{encoder}"
        saved_model.save(found[encoder], TextModel(config, vocabulary, weights), {})
    return found


def _train_fasttext(source: Path, longest: int) -> Any:
    """Train for one epoch; the same command dies of NaN at one time and not at another."""
    from fasttext import train_supervised

    for _ in range(ATTEMPTS):
        with suppress(RuntimeError):
            return train_supervised(str(source), wordNgrams=longest, epoch=1, thread=1, verbose=0)
    raise RuntimeError(f"fastText met NaN {ATTEMPTS} times")


def fasttext(folder: Path, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Path]:
    """Train fastText, on words and on bigrams too."""
    source, found = folder / "fasttext.txt", {}
    lines = (f"__label__{label} {' '.join(text.split())}\n" for text, label in zip(texts, labels, strict=True))
    source.write_text("".join(lines), encoding="utf-8")
    for name, longest in (("fasttext", 1), ("fasttext, bigrams", 2)):
        found[name] = folder / f"{name}.bin"
        _train_fasttext(source, longest).save_model(str(found[name]))
    return found


def sklearn(folder: Path, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Path]:
    """Fit tf-idf and logistic regression."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    joblib.dump(make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, labels), folder / "sklearn.joblib")
    return {"sklearn": folder / "sklearn.joblib"}


def spacy(folder: Path, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Path]:
    """Train spaCy's linear categoriser, and its ensemble, which is its default, by one pass over a few texts."""
    from spacy import blank
    from spacy.training import Example
    from spacy.util import minibatch

    every, found = sorted(set(labels)), {}
    for name, model in (("spacy, bow", "spacy.TextCatBOW.v3"), ("spacy, ensemble", None)):
        nlp = blank("en")
        bow = {"exclusive_classes": True, "ngram_size": 1, "length": 262_144, "no_output_layer": False}
        nlp.add_pipe("textcat", config={"model": {"@architectures": model, **bow}} if model else {})
        examples = [
            Example.from_dict(nlp.make_doc(text), {"cats": {each: float(each == label) for each in every}})
            for text, label in zip(texts[:SPACY_TEXTS], labels[:SPACY_TEXTS], strict=True)
        ]
        nlp.initialize(lambda examples=examples: examples)
        for batch in minibatch(examples, 32):
            nlp.update(batch)
        found[name] = folder / name
        nlp.to_disk(found[name])
    return found


def scripts(folder: Path, texts: Sequence[str], labels: Sequence[str]) -> dict[str, Path]:
    """Write a cnn for ONNX Runtime's script and an lstm for torch's, with their vocabulary."""
    import torch

    from benchmarks.onnx_networks import model_of
    from benchmarks.torch_networks import Network, Recurrent

    counts = Counter(word for text in texts for word in PATTERN.findall(text.lower()))
    words, classes = [UNKNOWN, *(word for word, _ in counts.most_common())], sorted(set(labels))
    told: dict[str, Any] = {"words": words, "labels": classes}
    (folder / "vocabulary.json").write_text(json.dumps(told))
    encoder = make_encoder("cnn", DEFAULTS.embedding_dim, {"filter_sizes": DEFAULTS.filter_sizes})
    network = TextNetwork(len(words), DEFAULTS.embedding_dim, "tuned", encoder, len(classes))
    (folder / "cnn.onnx").write_bytes(model_of(network, initialize(network.weights(), 0)))
    lstm = Network(len(words), DEFAULTS.embedding_dim, Recurrent("LSTM", 100, 128, 1, False), len(classes))
    torch.save(lstm.state_dict(), folder / "lstm.pt")
    return dict.fromkeys(("onnx, cnn", "torch, lstm packed", "torch, lstm padded"), folder)


MAKERS = {"fasttext": fasttext, "sklearn": sklearn, "spacy": spacy, "onnxruntime": scripts}
