"""The chain is its arrows one after the other, and a batch's own words are enough for it."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model import classifier
from unrolled.model.encoder import Dropout
from unrolled.model.network import encode_texts
from unrolled.model.registry import encoder_names, make_encoder
from unrolled.model.text_network import TextNetwork, restrict
from unrolled.model.weights import initialize, select
from unrolled.text.ngrams import fnv1a
from unrolled.text.text_config import Channels
from unrolled.text.vocabulary import Vocabulary, pad

IDS, LENGTHS = pad([np.array(text, np.int64) for text in ([3, 11, 3, 7], [], [1, 0], [8, 8, 2])])


@pytest.fixture(params=encoder_names())
def encoder_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=get_args(Channels))
def network(request: pytest.FixtureRequest, encoder_name: str) -> TextNetwork:
    size = 4 * len(request.param.split("+"))
    return TextNetwork(
        12, 4, request.param, make_encoder(encoder_name, size, {"buckets": 9} if encoder_name == "ngrams" else {}), 3
    )


@pytest.fixture
def weights(network: TextNetwork) -> dict[str, Any]:
    return {name: value.astype("f8") for name, value in initialize(network.weights(), 1).items()}


def test_logits_are_embed_encode_and_classify_one_after_the_other(network: TextNetwork, weights: Any) -> None:
    vectors = network.embed(weights)[IDS]
    encodings = network.encode(weights, vectors, LENGTHS)
    logits = network.classify(weights, encodings)
    assert network.logits(weights, IDS, LENGTHS) == pytest.approx(logits, abs=1e-12)
    assert encodings.shape == (4, network.encoder.output_size)
    assert logits == pytest.approx(encodings @ weights["classifier.W"] + weights["classifier.b"])


def test_the_weights_are_named_by_the_arrows_of_the_chain(network: TextNetwork, weights: Any) -> None:
    parts = {"embeddings", "classifier", *(["encoder"] if network.encoder.weights() else [])}
    assert {name.split(".")[0] for name in weights} == parts
    assert select(weights, "encoder").keys() == network.encoder.weights().keys()
    assert select(weights, "classifier").keys() == classifier.weights(1, 1).keys()
    assert {table.shape for table in select(weights, "embeddings").values()} == {(network.rows, 4)}


def test_there_is_a_row_for_every_word_and_then_for_every_bucket(encoder_name: str) -> None:
    options = {"buckets": 7} if encoder_name == "ngrams" else {}
    network = TextNetwork(12, 4, "static+tuned", make_encoder(encoder_name, 8, options), 3)
    assert network.rows == (19 if encoder_name == "ngrams" else 12)
    assert {w.shape for name, w in network.weights().items() if name.startswith("embeddings.")} == {(network.rows, 4)}


def test_texts_are_numbered_by_their_words_and_the_n_grams_behind_them(encoder_name: str) -> None:
    network = TextNetwork(4, 4, "tuned", make_encoder(encoder_name, 4, {}), 3)
    vocabulary = Vocabulary(["<unk>", "a", "b", "c"])
    found = encode_texts(network, [["b", "new", "a"], [], ["c"]], vocabulary)
    pairs: list[int] = []
    if encoder_name == "ngrams":  # 1,2 unless said otherwise
        pairs = [4 + fnv1a(pair) % 100_000 for pair in (b"b <unk>", b"<unk> a")]
    assert [ids.tolist() for ids in found] == [[2, 0, 1, *pairs], [], [3]]
    assert {ids.dtype for ids in found} == {np.dtype(np.int64)}
    assert encode_texts(network, [], vocabulary) == []


@each(("ngram_range", "length"), [((1, 1), 3), ((2, 2), 2), ((1, 3), 6), ((2, 3), 3), ((4, 9), 0)])
def test_single_words_are_numbered_only_if_the_range_begins_with_them(ngram_range: Any, length: int) -> None:
    encoder = make_encoder("ngrams", 4, {"ngram_range": ngram_range, "buckets": 50})
    (ids,) = encode_texts(
        TextNetwork(4, 4, "tuned", encoder, 3), [["b", "new", "a"]], Vocabulary(["<unk>", "a", "b", "c"])
    )
    assert len(ids) == length
    single = ids[ids < 4].tolist()
    assert single == ([2, 0, 1] if ngram_range[0] == 1 else [])
    assert (ids[len(single) :] < 54).all()


@each("kind", [np.asarray, torch.tensor])
def test_reading_looks_at_no_rows_but_the_batch_s_own(network: TextNetwork, weights: Any, kind: Any) -> None:
    expected = network.logits(weights, IDS, LENGTHS)
    own = np.isin(np.arange(network.rows), [0, 1, 2, 3, 7, 8, 11])
    for name in weights:
        if name.startswith("embeddings."):
            weights[name][~own] = np.nan
    found = network.read({name: kind(value) for name, value in weights.items()}, IDS, LENGTHS)
    assert np.asarray(found) == pytest.approx(expected, abs=1e-12)


@each("kind", [np.asarray, torch.tensor])
def test_a_batch_s_own_words_give_the_same_logits(network: TextNetwork, weights: Any, kind: Any) -> None:
    weights = {name: kind(value) for name, value in weights.items()}
    small, local, words = restrict(weights, IDS, LENGTHS)
    assert words.tolist() == [0, 1, 2, 3, 7, 8, 11]
    assert {len(table) for name, table in small.items() if name.startswith("embeddings.")} == {7}
    whole, cut = network.logits(weights, IDS, LENGTHS), network.logits(small, local, LENGTHS)
    assert np.asarray(cut) == pytest.approx(np.asarray(whole), abs=1e-12)


def test_what_is_dropped_is_the_words_vectors_and_the_encoding(network: TextNetwork, weights: Any) -> None:
    words: list[Any] = []
    others: list[Any] = []
    drops = {"drop": remembering(others), "drop_words": remembering(words)}
    network.logits(weights, IDS, LENGTHS, **drops)
    assert [x.tolist() for x in words] == [network.embed(weights).tolist()]  # once for every word type, not every token
    assert others[-1] == pytest.approx(network.encode(weights, network.embed(weights)[IDS], LENGTHS), abs=1e-12)


def remembering(seen: list[Any]) -> Dropout:
    def drop(x: Any) -> Any:
        seen.append(x)
        return x

    return drop


def test_dropping_all_words_leaves_texts_without_vectors(network: TextNetwork, weights: Any) -> None:
    nothing = network.logits(weights, IDS, LENGTHS, drop_words=lambda x: x * 0)
    zeros = network.encode(weights, np.zeros((*IDS.shape, network.encoder.input_size)), LENGTHS)
    assert nothing == pytest.approx(network.classify(weights, zeros), abs=1e-12)
    only_bias = network.logits(weights, IDS, LENGTHS, drop=lambda x: x * 0)
    assert only_bias == pytest.approx(np.tile(weights["classifier.b"], (4, 1)))
