"""The mean of n-grams' vectors, from words on, against the lecture's lists of n-grams and a hash written out here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model.encoders.ngrams import Ngrams
from unrolled.model.network import encode_texts
from unrolled.model.text_network import TextNetwork
from unrolled.text.vocabulary import Vocabulary, pad

SENTENCE = ["Bob", "likes", "Alice", "very", "much"]
LECTURE = {
    1: ["Bob", "likes", "Alice", "very", "much"],
    2: ["Bob likes", "likes Alice", "Alice very", "very much"],
    3: ["Bob likes Alice", "likes Alice very", "Alice very much"],
    4: ["Bob likes Alice very", "likes Alice very much"],
}
VOCABULARY = Vocabulary(["<unk>", "Alice", "Bob", "likes", "much", "very"])
TEXTS = [SENTENCE, [], ["Bob"], ["very", "new", "Bob"], ["Alice", "Alice"]]
RANGES = [(1, 1), (1, 2), (2, 2), (1, 4), (3, 4), (2, 9), (6, 7)]


def hashed(text: str) -> int:
    state = 0x811C9DC5
    for byte in text.encode():
        state ^= byte
        state = (state * 0x01000193) & 0xFFFFFFFF
    return state


@pytest.mark.parametrize(("text", "published"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)])
def test_the_hash_written_out_here_gives_the_published_numbers(text: str, published: int) -> None:
    assert hashed(text) == published


def rows_of(text: list[str], ngram_range: tuple[int, int], buckets: int) -> list[int]:
    shortest, longest = ngram_range
    words = [VOCABULARY.words.index(word) if word in VOCABULARY.words else 0 for word in text]
    read = [VOCABULARY.words[number] for number in words]  # <unk> for what isn't known
    found = list(words) if shortest == 1 else []
    for n in range(max(2, shortest), longest + 1):
        for i in range(len(text) - n + 1):
            found.append(len(VOCABULARY.words) + hashed(" ".join(read[i : i + n])) % buckets)
    return found


def network(ngram_range: tuple[int, int], **options: Any) -> TextNetwork:
    encoder = Ngrams(input_size=3, ngram_range=ngram_range, **{"num_layers": 0, **options})
    return TextNetwork(len(VOCABULARY), 3, "tuned", encoder, 2)


@each("options", [{}, {"num_layers": 1, "hidden_size": 4}, {"num_layers": 3, "hidden_size": 5}])
@each("ngram_range", RANGES)
@each("buckets", [1, 7, 1000])
def test_equals_the_equation_from_words_on(
    ngram_range: tuple[int, int],
    buckets: int,
    options: dict[str, int],
    draw: Callable[..., Any],
    encode: Callable[..., Any],
) -> None:
    chain = network(ngram_range, buckets=buckets, **options)
    weights, x = draw(chain.encoder), np.random.default_rng(1).normal(size=(chain.rows, 3))
    expected = []
    for text in TEXTS:
        h, rows = np.zeros(3), rows_of(text, ngram_range, buckets)
        for row in rows:
            h = h + x[row] / len(rows)
        for layer in range(options.get("num_layers", 0)):
            h = np.maximum(h @ weights[f"{layer}.W"] + weights[f"{layer}.b"], 0)
        expected.append(h)
    ids, lengths = pad(encode_texts(chain, TEXTS, VOCABULARY))
    ids[np.arange(ids.shape[1]) >= lengths[:, None]] = 10**9  # padding is never looked at
    found = encode(chain.encoder, weights, x, ids, lengths)
    assert found == pytest.approx(np.array(expected), abs=1e-10, rel=0)
    assert found.shape == (5, chain.encoder.output_size)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_lecture_s_sentence_becomes_the_mean_over_the_lecture_s_n_grams(n: int, encode: Callable[..., Any]) -> None:
    chain = network((n, n), buckets=10_000)
    x = np.random.default_rng(2).normal(size=(chain.rows, 3))
    own = [VOCABULARY.words.index(gram) if n == 1 else 6 + hashed(gram) % 10_000 for gram in LECTURE[n]]
    assert len({*own}) == 6 - n  # none meet in a bucket
    found = encode(chain.encoder, {}, x, *pad(encode_texts(chain, [SENTENCE], VOCABULARY)))
    assert found[0] == pytest.approx(x[own].mean(axis=0), abs=1e-12)


def test_gradients_equal_finite_differences(
    draw: Callable[..., Any], largest_error_of_gradients: Callable[..., float]
) -> None:
    chain = network((1, 3), buckets=5, num_layers=1, hidden_size=4)

    def equation(weights: dict[str, Any], x: Any, ids: Any, lengths: Any) -> Any:
        means = [
            sum((x[row] for row in rows[:T]), np.zeros(3)) / max(T, 1) for rows, T in zip(ids, lengths, strict=True)
        ]
        return np.maximum(np.array(means) @ weights["0.W"] + weights["0.b"], 0)

    x, (ids, lengths) = (
        np.random.default_rng(3).normal(size=(chain.rows, 3)),
        pad(encode_texts(chain, TEXTS, VOCABULARY)),
    )
    assert largest_error_of_gradients(chain.encoder, equation, draw(chain.encoder), x, ids, lengths) < 1e-7


def test_unknown_words_are_one_word_alone_and_in_n_grams() -> None:
    chain = network((1, 2), buckets=10_000)
    one, other = (ids.tolist() for ids in encode_texts(chain, [["new", "Bob"], ["old", "Bob"]], VOCABULARY))
    assert one == other == [0, 2, 6 + hashed("<unk> Bob") % 10_000]


@pytest.mark.parametrize(
    ("ngram_range", "buckets", "sensitive"), [((1, 1), 9, False), ((1, 2), 9, True), ((2, 2), 1, False)]
)
def test_order_is_told_exactly_if_two_n_grams_can_differ(
    ngram_range: tuple[int, int], buckets: int, sensitive: bool, encode: Callable[..., Any]
) -> None:
    chain = network(ngram_range, buckets=buckets)
    x = np.random.default_rng(4).normal(size=(chain.rows, 3))
    ids, lengths = pad(encode_texts(chain, [SENTENCE, SENTENCE[::-1]], VOCABULARY))
    one, other = encode(chain.encoder, {}, x, ids, lengths)
    assert (one != pytest.approx(other, abs=1e-9)) == sensitive
    assert chain.encoder.order_sensitive == sensitive
    assert chain.encoder.receptive_field == ngram_range[1]


def test_a_range_whose_end_lies_before_its_beginning_is_refused() -> None:
    with pytest.raises(SettingError, match=r"3,2 .*\. Write 2,3\.") as raised:
        Ngrams(input_size=3, ngram_range=(3, 2))
    assert raised.value.where == "setting 'ngram_range'"
