"""config.json of a language model: read as written, and closed to everything else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.each import each
from unrolled.errors import FolderError, SettingError
from unrolled.language_models.config import Config
from unrolled.storage import strict_json

OWN: dict[str, Any] = {"model": "kneser-ney", "order": 3, "tokens": "words", "lowercase": True}
WINDOW: dict[str, Any] = {**OWN, "model": "window", "embedding_dim": 4, "hidden_size": 5}


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config(model="kneser-ney", order=1, tokens="space"),
        Config(model="maximum-likelihood", lowercase=False),
        Config(order=2, embedding_dim=7, hidden_size=9),
    ],
)
def test_what_is_written_is_read(config: Config) -> None:
    content = config.as_json()
    read = strict_json.parse(strict_json.to_bytes(content))
    assert read == content
    assert Config.from_json(content, "here").as_json() == content
    assert ("hidden_size" in content["language_model"]) == (config.model == "window")


@each(
    "own",
    [
        OWN | {"model": "window"},
        OWN | {"hidden_size": 5},
        OWN | {"smoothing": 1},
        OWN | {"order": 0},
        OWN | {"order": 21},
        OWN | {"order": True},
        OWN | {"order": "3"},
        OWN | {"model": "neural"},
        OWN | {"model": ["window"]},
        OWN | {"lowercase": 1},
        WINDOW | {"order": 1},
        WINDOW | {"hidden_size": 2**40},
        {name: value for name, value in OWN.items() if name != "order"},
        [],
        None,
    ],
)
def test_any_other_content_is_told(own: object) -> None:
    with pytest.raises(FolderError, match=r"^here"):
        Config.from_json({"format_version": 1, "language_model": own}, "here")


@pytest.mark.parametrize("change", [{"format_version": 2}, {"format_version": True}, {"more": 1}])
def test_another_version_or_key_is_told(change: dict[str, Any]) -> None:
    content = {"format_version": 1, "language_model": OWN}
    assert Config.from_json(content, "here").order == 3
    with pytest.raises(FolderError, match=r"^here"):
        Config.from_json(content | change, "here")


def test_a_window_of_no_word_is_refused() -> None:
    with pytest.raises(SettingError, match="at least 2 for a window model, got 1"):
        Config(order=1)
