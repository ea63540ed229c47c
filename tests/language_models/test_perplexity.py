"""Scores of lines → perplexity, by hand."""

from __future__ import annotations

import json
import math

import pytest

from unrolled.language_models.perplexity import Perplexity, Score


def test_perplexity_counts_words_and_line_ends() -> None:
    """Two lines: three known words, two ends, each 1/2; an unknown word, 1/4."""
    scores = [Score(2 * math.log(1 / 2), math.log(1 / 4), 2, 1), Score(3 * math.log(1 / 2), 0.0, 2, 0)]
    judged = Perplexity.of(scores)
    assert (judged.lines, judged.words, judged.unknown) == (2, 4, 1)
    assert judged.perplexity == pytest.approx((2**5 * 4) ** (1 / 6))
    assert judged.known_perplexity == pytest.approx(2)
    assert scores[0].log_probability == pytest.approx(math.log(1 / 16))


def test_a_uniform_model_has_the_perplexity_of_its_choices() -> None:
    assert Perplexity.of([Score(8 * -math.log(50), 0.0, 7, 0)]).perplexity == pytest.approx(50)


@pytest.mark.parametrize(
    ("of_known", "of_unknown", "known"), [(-math.inf, 0.0, None), (-2.0, -math.inf, math.e), (-1e6, 0.0, None)]
)
def test_what_is_infinite_is_null_in_json(of_known: float, of_unknown: float, known: float | None) -> None:
    found = Perplexity.of([Score(of_known, of_unknown, 2, 1)]).as_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["perplexity"] is None
    assert found["known_perplexity"] == (pytest.approx(known) if known else None)
