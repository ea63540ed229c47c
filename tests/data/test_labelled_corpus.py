"""Pairs of a text and a label → the words, labels, keys and hash that the texts themselves have."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled import TextClassifier
from unrolled.data import gather, split_off
from unrolled.data.split import split_keys
from unrolled.errors import DataError
from unrolled.text import corpus
from unrolled.text.text_config import TextConfig
from unrolled.text.tokens import words

pairs = st.lists(st.tuples(st.text(max_size=9), st.sampled_from(["yes", "no", "10"])), max_size=12)


@given(pairs, st.integers(0, 3), st.sampled_from([1, 10, 10**6]))
def test_a_gathered_corpus_is_what_its_texts_are(given: list[tuple[str, str]], seed: int, characters: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "CHARACTERS", characters)
        found = gather(iter(given), TextConfig(), seed=seed)
    assert list(found.corpus) == [words(text) for text, _ in given]
    assert found.labels == [label for _, label in given]
    parts = [part.encode(errors="surrogatepass") for part in chain.from_iterable(given)]
    joined = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
    assert found.digest == hashlib.sha256(joined).hexdigest()
    texts = [text for text, _ in given]
    train, held_out = split_keys(found.keys, found.labels, fraction=0.3)
    assert (train.tolist(), held_out.tolist()) == split_off(texts, found.labels, fraction=0.3, seed=seed)


def labelled(count: int) -> list[tuple[str, str]]:
    return [(f"{('a fine', 'a dull')[n % 2]} film number{n}", ("pos", "neg")[n % 2]) for n in range(count)]


@pytest.mark.parametrize("encoder", ["average", "ngrams", "logistic"])
@pytest.mark.parametrize("optimizer", ["adamw", "hogwild"])
def test_a_corpus_trains_the_same_network_as_its_texts(
    encoder: str, optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if optimizer == "hogwild" and encoder == "logistic":
        return
    settings: Any = {} if encoder == "logistic" else {"embedding_dim": 8, "max_epochs": 2, "optimizer": optimizer}
    texts, labels = map(list, zip(*labelled(60), strict=True))
    one = TextClassifier(encoder, **settings).fit(texts, labels)
    monkeypatch.setattr(corpus, "CHARACTERS", 100)  # several blocks of texts,
    monkeypatch.setattr(corpus, "WORDS", 30)  # and of numbers
    classifier = TextClassifier(encoder, **settings)
    run_config = classifier.run_config()
    gathered = gather(labelled(60), run_config.reading, seed=run_config.plan.random_state)
    other = classifier.fit_corpus(gathered)
    np.testing.assert_array_equal(one.predict_proba(texts), other.predict_proba(texts))
    assert one.training_["data_sha256"] == other.training_["data_sha256"]
    assert other.classes_.tolist() == ["neg", "pos"]
    dev_texts, dev_labels = one.validation_data_
    assert (list(other.validation_data_[0]), other.validation_data_[1]) == ([*map(words, dev_texts)], dev_labels)


def test_what_was_gathered_by_other_settings_is_refused() -> None:
    for reading, seed in ((TextConfig(lowercase=False), 0), (TextConfig(), 1)):
        with pytest.raises(DataError, match="other settings"):
            TextClassifier("average").fit_corpus(gather(labelled(20), reading, seed=seed))


MEMORY = """
import json, resource, sys
from unrolled import TextClassifier
from unrolled.data import gather
from unrolled.text import corpus
corpus.CHARACTERS, corpus.WORDS = 1 << 20, 1 << 18
settings = {"optimizer": "hogwild", "max_epochs": 1, "embedding_dim": 4, "buckets": 1000, "ngram_range": (1, 1)}
classifier = TextClassifier("ngrams", **settings)
run_config = classifier.run_config()
def pairs(texts):
    for n in range(texts):
        word = ("fine", "dull")[n % 2]
        yield " ".join(f"{word if k % 9 == 0 else 'word'}{(n * k) % 500}" for k in range(400)), word
gathered = lambda texts: gather(pairs(texts), run_config.reading, seed=0)
classifier.fit_corpus(gathered(100))  # all that is loaded once
def taken():
    with open("/proc/self/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmData")))
limit = taken() * 1024 + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
texts = int(sys.argv[1])
if sys.argv[3] == "held":
    kept = list(pairs(texts))
else:
    print(json.dumps({"words": int(classifier.fit_corpus(gathered(texts)).training_["rows"]["train"])}))
"""


@pytest.mark.torture
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited as Linux does it")
def test_texts_that_the_memory_has_no_room_for_can_be_trained_on() -> None:
    texts, room = 20_000, 40_000_000  # 8 million words, 72 MB as texts and 32 MB as numbers

    def run(how: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", MEMORY, str(texts), str(room), how]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    held = run("held")
    assert "MemoryError" in held.stderr, held
    streamed = run("streamed")
    assert streamed.returncode == 0, streamed.stderr
    assert 0.85 * texts < json.loads(streamed.stdout)["words"] < texts
