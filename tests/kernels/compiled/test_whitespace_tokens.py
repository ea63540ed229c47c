"""Random texts → the chunks that `str.split` gives, as numbers, with and without a library."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unrolled.kernels.compiled.library import Library, plain
from unrolled.kernels.compiled.whitespace_tokens import SEED, encode_tokens

many = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
spaces = st.sampled_from([" ", "\t", "\n", "\x0b", "\r\n", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u3000", "  "])
pieces = st.one_of(
    spaces, st.sampled_from(["a", "b", "film", "é", "\0", "\u200b", "\ud800", "日本"]), st.text(max_size=3)
)
texts = st.lists(st.lists(pieces, max_size=12).map("".join), max_size=8)


@many
@given(texts=texts)
def test_every_text_has_the_chunks_of_str_split(texts: list[str], compiled: Library, called: list[str]) -> None:
    called.clear()
    chunks, ids, counts = encode_tokens(texts)
    assert called == ["number_chunks"]
    expected = [text.split() for text in texts]
    assert [chunks[k] for k in ids] == [chunk for text in expected for chunk in text]
    assert counts.tolist() == list(map(len, expected))
    assert chunks == list(dict.fromkeys(chunk for text in expected for chunk in text))
    with plain():
        other = encode_tokens(texts)
    assert called == ["number_chunks"]
    assert (chunks, ids.tolist(), counts.tolist()) == (other[0], other[1].tolist(), other[2].tolist())


@pytest.mark.parametrize("seed", [0, 1, SEED, 2**63 - 1])
def test_many_distinct_chunks_of_any_length_are_all_told_apart(
    seed: int, compiled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unrolled.kernels.compiled.whitespace_tokens.SEED", seed)
    expected = [f"{'x' * (number % 50)}{number}" for number in range(20_000)]
    chunks, ids, _ = encode_tokens([" ".join(expected), " ".join(reversed(expected))])
    assert chunks == expected
    assert ids.tolist() == [*range(20_000), *reversed(range(20_000))]
