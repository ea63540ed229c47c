"""Networks as a user spells them, against the encoders' own options."""

from __future__ import annotations

import pytest

from unrolled.cli.encoder_spec import parse_encoders
from unrolled.errors import SettingError


def test_names_and_options_are_read_and_common_options_go_to_who_has_them() -> None:
    found = parse_encoders(
        "rnn, lstm:forget-gate-bias=0:hidden_size=7,cnn:filter_sizes=2,3:num_filters=4", {"hidden_size": 5}
    )
    assert [(v.encoder, v.options) for v in found] == [
        ("rnn", {"hidden_size": 5}),
        ("lstm", {"hidden_size": 7, "forget_gate_bias": 0.0}),
        ("cnn", {"filter_sizes": (2, 3), "num_filters": 4}),
    ]
    assert found[1].name == "lstm:forget-gate-bias=0:hidden_size=7"


def test_a_common_choice_goes_to_who_allows_it() -> None:
    found = parse_encoders("rnn,transformer,lstm:pooling=mean,cnn", {"pooling": "last"})
    assert [dict(v.options) for v in found] == [{"pooling": "last"}, {}, {"pooling": "mean"}, {}]


def test_the_same_network_twice_is_one() -> None:
    assert [variant.name for variant in parse_encoders("rnn,gru,rnn", {})] == ["rnn", "gru"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rnm", "Did you mean 'rnn'"),
        ("", "name of an encoder"),
        ("rnn,", "name of an encoder"),
        ("logistic", "which has none"),
        ("rnn:", "ENCODER:OPTION=VALUE"),
        ("rnn:hidden_size", "ENCODER:OPTION=VALUE"),
        ("rnn:hiden_size=3", "Did you mean 'hidden_size'"),
        ("rnn:forget_gate_bias=1", "encoder 'rnn'"),
        ("rnn:hidden_size=0", "at least 1"),
        ("rnn:nonlinearity=cosine", "one of tanh, sigmoid, relu"),
        ("lstm:forget_gate_bias=inf", "a number"),
        ("transformer:num_heads=3", "divisor"),
    ],
)
def test_what_is_no_network_is_told(text: str, told: str) -> None:
    with pytest.raises(SettingError) as error:
        parse_encoders(text, {})
    assert told in str(error.value)
