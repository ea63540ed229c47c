"""A few lines and settings → language models of every kind, and what they say of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from unrolled.language_models.apples_and_oranges import TWO_SENTENCES
from unrolled.language_models.fit import FitResult, fit, resolve_config

KINDS = ("window", "kneser-ney", "maximum-likelihood")


@pytest.fixture(scope="session")
def fitted() -> Callable[..., FitResult]:
    """How to train a small model."""

    def train(lines: Sequence[str] = TWO_SENTENCES, **settings: Any) -> FitResult:
        small = {"embedding_dim": 16, "hidden_size": 32} if settings.get("model", "window") == "window" else {}
        return fit(lines, resolve_config({"order": 3, **small, **settings}))

    return train


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest, fitted: Callable[..., FitResult]) -> Any:
    """A model of every kind, trained on two sentences."""
    return fitted(model=request.param).model
