"""config.json ↔ what a language model is: its kind, its order, how it splits lines; a closed schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from unrolled.errors import SettingError
from unrolled.errors import config as config_errors
from unrolled.errors import language_models as errors
from unrolled.settings import Count, Interval, checked, settings_of
from unrolled.storage.config import same_keys
from unrolled.text.tokens import Tokens

FORMAT_VERSION = 1
OF_THE_WINDOW = ("embedding_dim", "hidden_size")
_KEYS = {"format_version", "language_model"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of a language model; a model that counts has no embedding_dim and no hidden_size."""

    model: Annotated[
        Literal["window", "kneser-ney", "maximum-likelihood"], "a neural network, or counted n-grams, smoothed or not"
    ] = "window"
    order: Annotated[
        int, Interval(1, 20), "n: a word is predicted from the n - 1 words before; the window model needs 2 or more"
    ] = 5
    tokens: Annotated[Tokens, "tokenizer: split off clitics and punctuation, or split at spaces only"] = "words"
    lowercase: Annotated[bool, "convert to lowercase"] = True
    embedding_dim: Annotated[Count, "size of the word vectors"] = 50
    hidden_size: Annotated[Count, "size of the hidden layer"] = 100

    def __post_init__(self) -> None:
        """Refuse a window of no words."""
        if self.model == "window" and self.order < 2:
            raise errors.window_of_nothing(self.order)

    def as_json(self) -> dict[str, Any]:
        """Return the contents of config.json."""
        own = {name: value for name, value in asdict(self).items() if name in settings_of_model(self.model)}
        return {"format_version": FORMAT_VERSION, "language_model": own}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], where: str) -> Config:
        """Read the contents of config.json; whatever isn't exactly as expected raises a FolderError."""
        if "encoder" in content:
            raise errors.is_a_classifier(where)
        version = content.get("format_version")
        if version != FORMAT_VERSION or type(version) is not int:
            raise config_errors.other_version(where, version, FORMAT_VERSION)
        same_keys(content, _KEYS, where)
        own = content["language_model"]
        if not isinstance(own, dict):
            raise config_errors.wrong_type(where, "language_model", "an object", own)
        same_keys(own, settings_of_model(own.get("model")), f"{where}, language_model")
        try:
            return cls(**checked(settings_of(cls), own, "a language model"))
        except SettingError as error:
            raise config_errors.wrong_setting(where, error) from None


def settings_of_model(model: object) -> set[str]:
    """Name the settings that a kind of model has."""
    return set(settings_of(Config)) - set(() if model == "window" else OF_THE_WINDOW)
