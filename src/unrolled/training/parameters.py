"""The settings of a classifier → its parameters, named in one signature, that an editor completes; get and set."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from unrolled.errors.settings import start_is_no_path
from unrolled.model.embeddings import Vectors
from unrolled.model.encoder import Encoder
from unrolled.model.registry import EncoderChoice, resolve_encoder
from unrolled.training.resolve_config import (
    DEFAULT,
    SETTINGS,
    all_options,
    known_options,
    reject_taken,
    reject_unknown,
    resolve_config,
)
from unrolled.training.run_config import RunConfig
from unrolled.training.warm_start import BaseModel


class Parameters:
    """What a classifier is made with, kept as it was given."""

    encoder: EncoderChoice | Encoder
    vectors: Vectors | None
    base_model: str | os.PathLike[str] | None

    def __init__(
        self,
        encoder: EncoderChoice | Encoder = DEFAULT,
        *,
        vectors: Vectors | None = None,
        base_model: str | os.PathLike[str] | None = None,
        tokens: Literal["words", "space"] = "words",
        lowercase: bool = True,
        embedding_dim: int = 100,
        embeddings: Literal["trainable", "frozen", "both"] = "trainable",
        min_count: int = 1,
        max_features: int | None = None,
        validation_fraction: float = 0.1,
        target_precision: float | Mapping[str, float] | None = None,
        fingerprints: bool = True,
        max_epochs: int | None = None,
        patience: int | None = None,
        batch_size: int = 32,
        optimizer: Literal["adamw", "hogwild"] = "adamw",
        learning_rate: float | None = None,
        schedule: Literal["constant", "linear", "cosine"] = "constant",
        ema_decay: float = 0.75,
        weight_decay: float = 0.01,
        max_grad_norm: float = 5.0,
        dropout: float = 0.5,
        embedding_dropout: float = 0.5,
        label_smoothing: float = 0.0,
        class_weight: Literal["none", "balanced"] = "none",
        max_steps: int | None = None,
        budget: float | None = None,
        device: Literal["cpu", "cuda", "auto"] = "cpu",
        threads: int = 1,
        random_state: int = 0,
        # Options of encoders; None is the encoder's own default.
        hidden_size: int | None = None,
        num_layers: int | None = None,
        filter_sizes: Sequence[int] | None = None,
        num_filters: int | None = None,
        max_length: int | None = None,
        bidirectional: bool | None = None,
        pooling: Literal["last", "mean", "max"] | None = None,
        reset: Literal["before", "after"] | None = None,
        update_gate: Literal["sigmoid", "tanh"] | None = None,
        features: Literal["counts", "tfidf"] | None = None,
        ngram_range: tuple[int, int] | None = None,
        C: float | None = None,
        forget_gate_bias: float | None = None,
        buckets: int | None = None,
        nonlinearity: Literal["tanh", "sigmoid", "relu"] | None = None,
        num_heads: int | None = None,
        dim_feedforward: int | None = None,
        norm_first: bool | None = None,
        **options: Any,
    ) -> None:
        """Keep the settings as they are; they are checked by `fit`. `options` are those of encoders that were added."""
        given = {name: value for name, value in locals().items() if name not in ("self", "options")}
        known = all_options()
        self.set_params(**{n: v for n, v in {**given, **options}.items() if n not in known or v is not None})

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return every setting, and the encoder's options as far as they were set."""
        del deep
        common = {name: getattr(self, name, setting.default) for name, setting in SETTINGS.items()}
        known = known_options(self._choice(self.encoder))
        own = {name: value for name, value in vars(self).items() if name in known}
        given = {name: getattr(self, name) for name in ("encoder", "vectors", "base_model")}
        return {**given, **common, **own}

    def set_params(self, **settings: Any) -> Self:
        """Change settings; a name that nobody has raises a SettingError."""
        reject_unknown(settings, self._choice(settings.get("encoder", getattr(self, "encoder", DEFAULT))))
        for name, value in settings.items():
            setattr(self, name, value)
        return self

    def _choice(self, encoder: EncoderChoice | Encoder) -> EncoderChoice:
        choice, _ = resolve_encoder(encoder)
        reject_taken(choice, {"encoder", "vectors", "base_model", *SETTINGS, *dir(type(self))})
        return choice

    def run_config(self) -> RunConfig:
        """Check the settings, as `fit` does first; raises a SettingError, or the FolderError of `base_model`."""
        settings = self.get_params()
        folder = settings.pop("base_model")
        if not isinstance(folder, str | os.PathLike | None):
            raise start_is_no_path(type(folder).__name__)
        choice = self._choice(self.encoder)
        outside = choice if isinstance(choice, type) else None
        start = None if folder is None else BaseModel.load(Path(folder), outside)
        return resolve_config(settings.pop("encoder"), settings.pop("vectors"), settings, start)

    def __repr__(self) -> str:
        """Show the settings that differ from the defaults."""
        changed = {n: v for n, v in self.get_params().items() if n not in SETTINGS or v != SETTINGS[n].default}
        shown = {n: v.__name__ if isinstance(v, type) else f"{v!r:.60}" for n, v in changed.items() if v is not None}
        return f"TextClassifier({', '.join(f'{name}={value}' for name, value in shown.items())})"
