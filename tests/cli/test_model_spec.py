"""Words as `train` has them → models to compare; what train would refuse, or all models share, is refused."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from tests.each import each
from unrolled.cli.model_spec import parse_candidate, parse_candidates, parse_networks
from unrolled.comparison.candidate import Candidate, every
from unrolled.errors import MissingExtraError, SettingError
from unrolled.model.registry import network_names


@each(
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
    found = parse_candidate(text)
    assert (found.encoder, dict(found.settings)) == (text.split()[0], settings)
    assert found.run_config().encoder == text.split()[0]


def test_all_are_every_encoder_once_and_two_that_read_both_ways_the_quick_ones_first() -> None:
    names = [one.name for one in parse_candidates(["all"])]
    assert sorted(names) == sorted([*network_names(), "gru --bidirectional", "lstm --bidirectional"])
    assert names.index("average") < names.index("cnn") < names.index("lstm") < names.index("lstm --bidirectional")
    assert parse_candidates(["all"]) == every()
    assert len({one.file_name for one in every()}) == len(names)


def test_all_are_those_that_can_be_trained_here_and_the_others_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "unrolled.environment.packages.find_spec", lambda name: find_spec(name) if name != "torch" else None
    )
    assert [one.name for one in parse_candidates(["all"])] == ["logistic"]
    (line,) = capsys.readouterr().err.splitlines()
    assert all(name in line for name in ("lstm --bidirectional", "cnn", "pip install 'unrolled[train]'"))
    monkeypatch.setattr("unrolled.environment.packages.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"unrolled\[train\].*hogwild"):
        parse_candidates(["all"])
    found = parse_candidates(["lstm", "ngrams --optimizer hogwild"])
    assert [one.name for one in found] == ["lstm", "ngrams --optimizer hogwild"]


def test_names_and_spelt_models_are_joined_each_once_in_their_order() -> None:
    found = parse_candidates(["lstm", "cnn", "cnn", "cnn --num-filters 5", "lstm", "cnn  --num-filters  5"])
    assert [one.name for one in found] == ["lstm", "cnn", "cnn --num-filters 5"]
    assert [one.name for one in parse_candidates(["gru"])] == ["gru"]


@each(
    ("text", "told"),
    [
        ("lsmt", "Did you mean 'lstm'?"),
        ("lstm --bidirectionl", "Did you mean '--bidirectional'?"),
        ("cnn --bidirectional", "which belongs to gru, lstm, rnn"),
        ("cnn --budget 3", "'--budget' in .* no option of a model"),
        ("cnn --seed 3", "'--random-state' in .* no option of a model"),
        ("cnn --force", "'--force' in .* no option of a model"),
        ("cnn --text-column body", "'--text-column' in .* no option of a model"),
        ("cnn more", "unexpected argument 'more'"),
        ("cnn 'x", "is no encoder with its options"),
        ("", "is no encoder with its options"),
        ("--bidirectional", "no encoder"),
        ("logistic --dropout 0.3", "not for the encoder 'logistic'"),
        ("cnn --num-layers 0", "at least 1"),
    ],
)
def test_what_cannot_be_trained_so_is_told(text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told.replace("?", r"\?")):
        parse_candidates([text])


def test_a_file_is_named_by_letters_digits_and_dashes_and_no_two_alike() -> None:
    assert Candidate("lstm --bidirectional", "lstm").file_name == "lstm-bidirectional"
    assert Candidate("cnn --num-filters 20", "cnn").file_name == "cnn-num-filters-20"
    long = "cnn --filter-sizes " + ",".join(["2"] * 100)
    alike = ["lstm --forget-gate-bias 1", "lstm --forget-gate-bias -1", "cnn --learning-rate 1e-3"]
    alike += ["cnn --learning-rate 1e+3", "cnn --filter-sizes 2,3", "cnn --filter-sizes 2, 3", long, long + ",2"]
    names = {Candidate(name, name[:3]).file_name for name in alike}
    assert len(names) == len(alike)
    assert all(re.fullmatch(r"[a-z0-9-]{1,69}", name) for name in names)


def test_models_that_only_a_sign_tells_apart_are_two_and_the_same_settings_are_one() -> None:
    found = parse_candidates(["lstm --forget-gate-bias 2", "lstm --forget-gate-bias -2", "lstm --forget-gate-bias=2.0"])
    assert [one.settings["forget_gate_bias"] for one in found] == [2, -2]


def test_networks_have_options_of_encoders_alone_and_common_ones_go_to_who_allows_them() -> None:
    found = parse_networks(
        ["rnn", "lstm --hidden-size 7 --pooling mean", "cnn", "transformer", "rnn"],
        {"hidden_size": 5, "pooling": "last"},
    )
    assert [(one.encoder, dict(one.settings)) for one in found] == [
        ("rnn", {"hidden_size": 5, "pooling": "last"}),
        ("lstm", {"hidden_size": 7, "pooling": "mean"}),
        ("cnn", {}),
        ("transformer", {"hidden_size": 5}),
    ]
    with pytest.raises(SettingError, match="dropout"):
        parse_networks(["rnn --dropout 0.3"], {})
    with pytest.raises(SettingError, match="has no layers"):
        parse_networks(["logistic"], {})
