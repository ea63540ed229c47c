"""Words as `train` has them → models to compare; what train would refuse, or all models share, is refused."""

from __future__ import annotations

import pytest

from unrolled.comparison.contestant import Contestant, every
from unrolled.errors import SettingError
from unrolled.model.find_encoder import network_names
from unrolled.terminal.contestants import contestant, contestants


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("cnn", {}),
        ("lstm --bidirectional", {"bidirectional": True}),
        ("lstm  --bidirectional --num-layers=2", {"bidirectional": True, "num_layers": 2}),
        ("ngrams -wordNgrams 3 --lr 0.1", {"ngram_range": (1, 3), "learning_rate": 0.1}),
        ("cnn --filter-sizes '2, 3' --no-lowercase", {"filter_sizes": (2, 3), "lowercase": False}),
        ("ngrams --optimizer hogwild", {"optimizer": "hogwild"}),
        ("logistic --C 3", {"C": 3.0}),
    ],
)
def test_a_model_is_read_as_train_reads_it(text: str, settings: dict[str, object]) -> None:
    found = contestant(text)
    assert (found.encoder, dict(found.settings)) == (text.split()[0], settings)
    assert found.choices().encoder == text.split()[0]


def test_all_are_every_encoder_once_and_two_that_read_both_ways_the_quick_ones_first() -> None:
    names = [one.name for one in contestants("all", [])]
    assert sorted(names) == sorted([*network_names(), "gru --bidirectional", "lstm --bidirectional"])
    assert names.index("average") < names.index("cnn") < names.index("lstm") < names.index("lstm --bidirectional")
    assert contestants("all", []) == every()
    assert len({one.file_name for one in every()}) == len(names)


def test_names_and_spelt_models_are_joined_each_once_in_their_order() -> None:
    found = contestants("lstm, cnn,cnn", ["cnn --num-filters 5", "lstm", "cnn  --num-filters  5"])
    assert [one.name for one in found] == ["lstm", "cnn", "cnn --num-filters 5"]
    assert [one.name for one in contestants("", ["gru"])] == ["gru"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lsmt", "Did you mean 'lstm'?"),
        ("lstm --bidirectionl", "Did you mean '--bidirectional'?"),
        ("cnn --bidirectional", "which belongs to gru, lstm, rnn"),
        ("cnn --budget 3", "options that only the model has, got '--budget'"),
        ("cnn --seed 3", "options that only the model has, got '--random-state'"),
        ("cnn --force", "options that only the model has, got '--force'"),
        ("cnn --text-column body", "options that only the model has, got '--text-column'"),
        ("cnn more", "got also 'more'"),
        ("cnn 'x", "the name of an encoder and its options"),
        ("", "the name of an encoder and its options"),
        ("--bidirectional", "the name of an encoder"),
        ("logistic --dropout 0.3", "a setting of the encoder 'logistic'"),
        ("cnn --num-layers 0", "at least 1"),
    ],
)
def test_what_cannot_be_trained_so_is_told(text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told.replace("?", r"\?")):
        contestants("", [text])


def test_nothing_is_no_comparison() -> None:
    with pytest.raises(SettingError, match="models to compare"):
        contestants("", [])


def test_a_file_is_named_by_letters_digits_and_dashes() -> None:
    assert Contestant("cnn --filter-sizes 2,3 --C 1e-3", "cnn").file_name == "cnn-filter-sizes-2-3-c-1e-3"
