"""config.json as it should be, and with every kind of damage → the same config, or a FolderError of one line."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.calibration.abstention import Abstention
from unrolled.errors import FolderError
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.storage.config import FORMAT_VERSION, Config
from unrolled.text.text_config import TextConfig

WHERE = "some/config.json"
ENCODERS = encoder_names()
Path = tuple[str, ...]


def valid(encoder: str = "cnn") -> dict[str, Any]:
    config = Config(encoder, {}, TextConfig(embedding_dim=8), ("no", "yes"))
    content: dict[str, Any] = json.loads(json.dumps(config.as_json()))
    return content


def paths(content: dict[str, Any]) -> list[Path]:
    inside = [(key, name) for key, value in content.items() if isinstance(value, dict) for name in value]
    return [*((key,) for key in content), *inside]


def section_of(content: dict[str, Any], path: Path) -> dict[str, Any]:
    return content if len(path) == 1 else content[path[0]]


def changed(content: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    content = copy.deepcopy(content)
    section_of(content, path)[path[-1]] = value
    return content


def refusal(content: dict[str, Any]) -> str:
    with pytest.raises(FolderError) as raised:
        Config.from_json(content, WHERE)
    message = str(raised.value)
    assert message.isprintable()
    assert message.startswith(WHERE)
    return message


@each("encoder", ENCODERS)
def test_a_config_comes_back_with_every_default_resolved(encoder: str) -> None:
    content = valid(encoder)
    config = Config.from_json(content, WHERE)
    assert content["format_version"] == FORMAT_VERSION
    assert list(content["encoder_options"]) == list(encoder_options(encoder))
    names = [field.name for field in fields(TextConfig)]
    assert list(content["reading"]) == ["channels" if name == "embeddings" else name for name in names]
    assert (config.encoder, config.labels) == (encoder, ("no", "yes"))
    assert config.reading == TextConfig(embedding_dim=8)
    assert config.make_encoder() == Config(encoder, {}, TextConfig(embedding_dim=8), ("no", "yes")).make_encoder()
    assert Config.from_json(config.as_json(), WHERE) == config
    assert Config.from_json(dict(reversed(content.items())), WHERE) == config


@each(("embeddings", "tables"), [("trainable", 1), ("frozen", 1), ("both", 2)])
@each("encoder", ENCODERS)
def test_the_network_has_the_sizes_of_the_config(encoder: str, embeddings: Any, tables: int) -> None:
    config = Config(encoder, {}, TextConfig(embedding_dim=5, embeddings=embeddings), ("a", "b", "c"))
    shapes = {name: weight.shape for name, weight in config.network(7).weights().items()}
    assert config.make_encoder().input_size == 5 * tables
    rows = 7 + getattr(config.make_encoder(), "buckets", 0)
    assert [shape for name, shape in shapes.items() if name.startswith("embeddings.")] == [(rows, 5)] * tables
    assert shapes["classifier.W"] == (config.make_encoder().output_size, 3)


@each("encoder", ENCODERS)
def test_a_missing_key_and_an_unknown_key_are_refused_and_named(encoder: str) -> None:
    for path in paths(valid(encoder)):
        content = valid(encoder)
        del section_of(content, path)[path[-1]]
        expected = "format_version" if path == ("format_version",) else f"no '{path[-1]}'"
        assert expected in refusal(content)
    for path in (("weights_url",), ("encoder_options", "hook"), ("reading", "Tokens")):
        assert f"the unknown '{path[-1]}'" in refusal(changed(valid(encoder), path, 1))


@each("version", [0, 2, -1, "1", None, True, False, 1.0, [1], {}, 10**30])
def test_only_this_format_version_is_read_and_a_newer_one_says_how(version: object) -> None:
    message = refusal(changed(valid(), ("format_version",), version))
    assert re.match(rf"{WHERE}: format_version is {re.escape(repr(version))}.* reads {FORMAT_VERSION}\.", message)
    is_newer = type(version) is int and version > FORMAT_VERSION
    assert ("Install a newer unrolled" in message) == is_newer


@each("encoder", ["", "nosuch", "CNN", "__init__", "../cnn", "os", "cnn.CNN"])
def test_an_encoder_that_is_none_of_ours_is_refused(encoder: str) -> None:
    refusal(changed(valid(), ("encoder",), encoder))


@each("encoder", ENCODERS)
def test_another_encoders_options_are_refused(encoder: str) -> None:
    for other in ENCODERS:
        if set(encoder_options(other)) != set(encoder_options(encoder)):
            assert "encoder_options" in refusal(changed(valid(encoder), ("encoder",), other))


@each("value", [None, 1, True, "text", [], [["encoder", "cnn"]]])
@each("key", ["encoder_options", "reading"])
def test_a_section_that_is_no_object_is_refused(key: str, value: object) -> None:
    assert f"{WHERE}, {key}: expected an object" in refusal(changed(valid(), (key,), value))


@each("value", [None, 1, True, [], ["cnn"], {}, {"cnn": 1}])
def test_an_encoder_that_is_no_text_is_refused(value: object) -> None:
    assert f"{WHERE}, encoder: expected a text" in refusal(changed(valid(), ("encoder",), value))


LABELS: list[Any] = [
    *(
        [],
        ["a"],
        ["a", "\ud800"],
        *(["a", "\ud800"], ["\udc00", "b"], ["\ud83d", "\ude00"]),  # halves of pairs are no UTF-8
        ["\udc00", "b"],
        ["\ud83d", "\ude00"],
        ["a", "a"],
        ["a", "b", "a"],
        ["a", ""],
        ["a", 1],
        ["a", None],
        [True, False],
        [1, 2],
    ),
    *("ab", {"a": 0, "b": 1}, None, 2, [["a"], ["b"]], ["a" * 10_000]),
]


@each("labels", LABELS)
def test_labels_are_two_or_more_distinct_texts(labels: object) -> None:
    assert f"{WHERE}, labels: expected a list of two or more" in refusal(changed(valid(), ("labels",), labels))


def wrong_for(default: Any) -> list[Any]:
    """List JSON values of another type than a setting's default has; None may be allowed, so it isn't tried."""
    wrong: list[Any] = [{}, [], "a text"]
    if isinstance(default, bool):
        return [*wrong, 0, 1, 1.0, "true", [True]]
    if isinstance(default, int):
        return [*wrong, True, False, 1.5, float(default), str(default), [default], -1]
    if isinstance(default, float):
        return [*wrong, True, str(default), [default]]
    if isinstance(default, list):
        return [*wrong, default[0], [True], [*default, "1"], [*default, 1.5], [default], {"0": default[0]}]
    return [*wrong, True, 1, 1.5] if default is None else [*wrong, None, True, 1, 1.5, [default], default.upper()]


@each("encoder", ENCODERS)
def test_a_setting_of_another_type_is_refused_and_named(encoder: str) -> None:
    content = valid(encoder)
    for path in paths(content):
        if len(path) == 2:
            for value in wrong_for(section_of(content, path)[path[-1]]):
                assert f"'{path[-1]}'" in refusal(changed(content, path, value))


@pytest.mark.parametrize("value", ["x" * 100_000, ["x" * 100_000], [1] * 100_000, {"x" * 100_000: 1}], ids=type)
def test_a_message_stays_short_whatever_a_file_holds(value: Any) -> None:
    for path in paths(valid()):
        if value != [1] * 100_000 or path != ("encoder_options", "filter_sizes"):
            assert len(refusal(changed(valid(), path, value))) < 1000


def values() -> st.SearchStrategy[Any]:
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        scalars | st.text(max_size=5) | st.sampled_from(["cnn", "average", "static", "words", 10**15]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    )


def leaves(value: Any) -> Iterator[Any]:
    """Walk through JSON; a whole number may stand for the same float, but neither for true or false."""
    if isinstance(value, dict | list):
        yield type(value)
        for item in sorted(value.items()) if isinstance(value, dict) else value:
            yield from leaves(list(item) if isinstance(item, tuple) else item)
    else:
        yield (isinstance(value, bool), value)


@settings(deadline=None)
@given(st.data(), st.sampled_from(ENCODERS))
def test_whatever_stands_in_a_config_is_refused_or_kept_exactly(data: st.DataObject, encoder: str) -> None:
    content = valid(encoder)
    content = changed(content, data.draw(st.sampled_from(paths(content))), data.draw(values()))
    try:
        config = Config.from_json(content, WHERE)
    except FolderError:
        refusal(content)
        return
    assert list(leaves(json.loads(json.dumps(config.as_json())))) == list(leaves(content))


@pytest.mark.parametrize("path", [("reading", "embedding_dim"), ("encoder_options", "num_filters")])
@pytest.mark.parametrize("size", [10**12, 10**400], ids=["10^12", "10^400"])
def test_a_size_beyond_all_memory_is_refused_or_declared_without_being_made(path: Path, size: int) -> None:
    try:
        config = Config.from_json(changed(valid(), path, size), WHERE)
    except FolderError:
        return
    assert any(size in weight.shape for weight in config.network(3).weights().values())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Config("cnn", {}, TextConfig(), ("a", "b")),
        lambda: Config("cnn", {"filter_sizes": [2, np.int64(3), 4]}, TextConfig(), ("a", "b")),
    ],
)
def test_options_are_written_as_plain_json(make: Callable[[], Config]) -> None:
    assert json.loads(json.dumps(make().as_json()))["encoder_options"]["filter_sizes"] == [2, 3, 4]


def test_logistic_regression_reads_without_word_vectors_and_says_nothing_of_them() -> None:
    content = valid("logistic")
    assert list(content["reading"]) == ["tokens", "lowercase"]
    config = Config.from_json(content, WHERE)
    assert Config.from_json(config.as_json(), WHERE) == config
    shapes = {name: weight.shape for name, weight in config.network(7).weights().items()}
    assert shapes == {"W": (7, 2), "b": (2,), "idf": (7,)}
    assert "the unknown 'embedding_dim'" in refusal(changed(content, ("reading", "embedding_dim"), 100))
    assert "no 'C'" in refusal({**content, "encoder_options": valid("ngrams")["encoder_options"]})


@pytest.mark.parametrize("encoder", ["logistic", "ngrams"])
def test_options_that_do_not_go_together_are_refused(encoder: str) -> None:
    assert "'ngram_range'" in refusal(changed(valid(encoder), ("encoder_options", "ngram_range"), [2, 1]))


PROMISED = Abstention(target_precision=0.9, temperature=1.25, threshold=0.75)


def promised(**changes: Any) -> dict[str, Any]:
    abstention = replace(PROMISED, **changes)
    config = Config("cnn", {}, TextConfig(embedding_dim=8), ("no", "yes"), abstention)
    content: dict[str, Any] = json.loads(json.dumps(config.as_json()))
    assert Config.from_json(content, WHERE).abstention == abstention
    return content


def test_what_was_promised_is_kept_and_a_config_without_it_has_no_such_key() -> None:
    assert promised()["abstention"] == {"target_precision": 0.9, "temperature": 1.25, "threshold": 0.75}
    assert promised(threshold=None)["abstention"]["threshold"] is None
    assert set(valid()) == {"format_version", "encoder", "encoder_options", "reading", "labels"}
    lowest = [
        Config.from_json(one, WHERE).lowest_probabilities for one in (valid(), promised(), promised(threshold=None))
    ]
    assert [one.tolist() for one in lowest[:2]] == [[0, 0], [0.75, 0.75]]
    assert lowest[2].min() > 1


def test_targets_of_labels_have_thresholds_of_the_same_labels() -> None:
    content = promised(target_precision={"yes": 0.9}, threshold={"yes": 0.75})
    assert Config.from_json(content, WHERE).lowest_probabilities.tolist() == [0, 0.75]
    for value in (0.5, None, {}, {"no": 0.5}, {"yes": 2}):
        assert "threshold" in refusal(changed(content, ("abstention", "threshold"), value))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("target_precision", [0, 1, -0.5, 1.5, None, True, "0.9", [0.9], float("nan"), float("inf"), 10**400]),
        ("temperature", [0, -1, 0.001, 1000, None, True, "1", [1.0], float("nan"), float("inf"), 10**400]),
        ("threshold", [-0.1, 1.1, 2, True, "0.5", [0.5], float("nan"), float("-inf")]),
    ],
)
def test_an_impossible_promise_is_refused_and_named(name: str, values: list[Any]) -> None:
    for value in values:
        assert f"'{name}'" in refusal(changed(promised(), ("abstention", name), value))


def test_a_promise_of_other_keys_or_of_another_kind_is_refused() -> None:
    for name in ("target_precision", "temperature", "threshold"):
        content = promised()
        del content["abstention"][name]
        assert f"no '{name}'" in refusal(content)
    assert "the unknown 'hook'" in refusal(changed(promised(), ("abstention", "hook"), 1))
    for value in (None, 1, list[Any](), "text", dict[str, Any]()):
        refusal(changed(promised(), ("abstention",), value))
