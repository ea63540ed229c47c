"""Words of texts and labels → numbers, held against Python's own index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.settings import checked, settings_of
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.data_config import DataConfig, examples

words = st.sampled_from(["a", "b", "c", "new", "<unk>"])
labelled = st.lists(st.tuples(st.lists(words, max_size=5), st.sampled_from(["yes", "no", "10"])), max_size=8)


@settings(deadline=None)
@given(labelled, st.permutations(["yes", "no", "10"]))
def test_words_and_labels_are_numbered_by_their_places(pairs: list[tuple[list[str], str]], classes: list[str]) -> None:
    known = ["<unk>", "b", "a", "c"]
    network = TextNetwork(4, 2, "tuned", make_encoder("average", 2, {}), 3)
    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    found = examples(texts, labels, network, Vocabulary(known), classes)
    assert [found.batch(np.array([row]))[0][0, : found.lengths[row]].tolist() for row in range(len(found))] == [
        [known.index(word) if word in known else 0 for word in text] for text in texts
    ]
    assert found.labels.tolist() == [classes.index(label) for label in labels]
    assert found.lengths.tolist() == found.words.tolist() == [len(text) for text in texts]


def test_words_are_counted_as_written_where_the_network_reads_more_or_fewer_numbers() -> None:
    texts = [["a", "b", "new"], [], ["b"]]
    for ngram_range, lengths in (((1, 3), [6, 0, 1]), ((2, 2), [2, 0, 0])):
        network = TextNetwork(3, 2, "tuned", make_encoder("ngrams", 2, {"ngram_range": ngram_range}), 2)
        found = examples(texts, ["x", "y", "x"], network, Vocabulary(["<unk>", "a", "b"]), ["x", "y"])
        assert (found.lengths.tolist(), found.words.tolist()) == (lengths, [3, 0, 1])


@each(
    ("name", "value"),
    [
        *[("min_count", value) for value in (0, -1, 1.5, "2", None, True)],
        *[("max_features", value) for value in (0, -1, 2.5, "all", False)],
        *[("validation_fraction", value) for value in (0, 0.0, 1, 1.0, -0.1, float("nan"), None, "0.1", True)],
    ],
)
def test_an_impossible_value_is_refused(name: str, value: Any) -> None:
    with pytest.raises(SettingError) as raised:
        checked(settings_of(DataConfig), {name: value}, "")
    assert raised.value.where == f"setting '{name}'"


def test_every_setting_has_a_default_that_is_allowed() -> None:
    assert checked(settings_of(DataConfig), {}, "") == vars(DataConfig())
