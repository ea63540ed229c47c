"""Streams of good and bad rows → as many answers in the same order, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.data.rows import BadRow, Row
from unrolled.model.weights import initialize
from unrolled.prediction import stream
from unrolled.prediction.stream import AnswerOptions, Counts, answers
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ("<unk>", "good", "bad", "so", "so-so")
LABELS = ("neg", "neutral", "pos")


def model_of() -> TextModel:
    config = Config("average", {"num_layers": 0}, TextConfig(embedding_dim=4), LABELS)
    random, drawn = np.random.default_rng(2), initialize(config.network(len(WORDS)).weights(), 0)
    return TextModel(
        config, Vocabulary(WORDS), {name: random.normal(0, 1, tuple(w.shape)).astype("f4") for name, w in drawn.items()}
    )


MODEL = model_of()


def row(number: int, text: str, fields: Mapping[str, str | None] | None = None) -> Row:
    return Row(number, f"data.csv, row {number}", text, None, {"text": text, **(fields or {})})


def bad(number: int) -> BadRow:
    return BadRow(number, f"data.csv, row {number}", f"reason {number}")


texts = st.none() | st.text(max_size=20) | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@settings(deadline=None)
@given(st.lists(texts, max_size=30))
def test_each_row_has_its_answer_in_order_whatever_stands_around_it(given_texts: list[str | None]) -> None:
    rows = [bad(n) if text is None else row(n, text) for n, text in enumerate(given_texts, start=1)]
    found = list(answers(MODEL, rows))
    assert [told["row"] for told in found] == list(range(1, len(rows) + 1))
    for one, told in zip(rows, found, strict=True):
        if isinstance(one, BadRow):
            assert told == {"row": one.number, "error": one.reason}
            continue
        probabilities = MODEL.probabilities([one.text])[0]
        assert list(told) == ["row", "label", "probability"]
        assert told["label"] == LABELS[probabilities.argmax()]
        assert told["probability"] == pytest.approx(probabilities.max(), rel=1e-6)


def test_what_is_asked_for_is_answered_for_every_row() -> None:
    rows = [row(n, "good bad so"[: n % 12]) for n in range(1, 40)]
    for told in answers(MODEL, rows, AnswerOptions(top_k=2, all_probabilities=True, min_probability=0.6)):
        assert list(told) == ["row", "label", "probability", "top", "probabilities"]
        every = told["probabilities"]
        assert list(every) == list(LABELS)
        assert sum(every.values()) == pytest.approx(1, abs=1e-12)
        assert told["probability"] == max(every.values())
        ranked = sorted(every, key=lambda label: -every[label])
        assert told["top"] == [{"label": label, "probability": every[label]} for label in ranked[:2]]
        assert told["label"] == (ranked[0] if told["probability"] >= 0.6 else None)
    labels = {told["label"] for told in answers(MODEL, rows, AnswerOptions(min_probability=0.6))}
    assert None in labels
    assert len(labels) > 1


def test_more_rows_than_are_read_at_once_are_answered_as_each_alone() -> None:
    random = np.random.default_rng(0)
    spoken = [" ".join(random.choice(WORDS[1:], random.integers(0, 6))) for _ in range(2500)]
    rows = [bad(n) if n % 7 == 0 else row(n, text) for n, text in enumerate(spoken)]
    alone = {text: MODEL.probabilities([text])[0] for text in set(spoken)}
    found = list(answers(MODEL, iter(rows), AnswerOptions(all_probabilities=True)))
    assert [told["row"] for told in found] == list(range(2500))
    for told, text in zip(found, spoken, strict=True):
        if "error" not in told:
            np.testing.assert_allclose(list(told["probabilities"].values()), alone[text], rtol=1e-6)


class Counting:
    """Rows without end, counted as they are read; to read further than `most` fails."""

    def __init__(self, text: str, fields: dict[str, str], most: int) -> None:
        self.text, self.fields, self.most, self.read = text, fields, most, 0

    def __iter__(self) -> Iterator[Row | BadRow]:
        while True:
            self.read += 1
            assert self.read <= self.most
            yield bad(self.read) if self.read % 3 == 0 else Row(self.read, "", self.text, None, self.fields)


@pytest.mark.parametrize(
    ("text", "fields", "most_ahead"),
    [("good", {}, 1024), ("x" * 100_000, {}, 20), ("x" * 3_000_000, {}, 3), ("good", {"page": "x" * 100_000}, 20)],
    ids=["short texts", "long texts", "huge texts", "long other columns"],
)
def test_rows_are_read_ahead_by_a_limited_number_of_rows_and_characters(
    text: str, fields: dict[str, str], most_ahead: int
) -> None:
    answered = 1500 if most_ahead == 1024 else 8
    rows = Counting(text, fields, most=answered + most_ahead)
    stream = answers(MODEL, rows)
    assert rows.read == 0
    for number in range(1, answered):
        assert next(stream)["row"] == number
        assert rows.read - number <= most_ahead


def test_kept_columns_come_along_and_give_way_to_the_answers_own_names() -> None:
    names = ["id", "row", "label", "probability", "top", "probabilities", "error", "text", "größe"]
    fields = {name: f"its {name}" for name in names}
    (told,) = answers(MODEL, [row(5, "good", fields)], AnswerOptions(tuple(names)))
    own = {name: f"its {name}" for name in ("id", "text", "größe")}
    moved = {
        f"input_{name}": f"its {name}" for name in ("row", "label", "probability", "top", "probabilities", "error")
    }
    assert {name: value for name, value in told.items() if name in own | moved} == own | moved
    assert told["row"] == 5
    assert told["label"] in LABELS
    assert set(told) == {*own, *moved, "row", "label", "probability"}


awkward = ("label", "input_label", "input_input_label", "row", "input_row", "error", "top", "text", "id", "")


@settings(deadline=None)
@given(st.permutations(awkward), st.integers(0, len(awkward)))
def test_no_kept_column_is_lost_to_another_or_to_the_answer(columns: list[str], count: int) -> None:
    fields = {column: f"its {column}" for column in columns[:count]}
    (plain,) = answers(MODEL, [row(1, "good")], AnswerOptions(top_k=1, all_probabilities=True))
    (told,) = answers(MODEL, [row(1, "good", fields)], AnswerOptions(tuple(fields), top_k=1, all_probabilities=True))
    assert {name: told[name] for name in plain} == plain
    kept = {name: value for name, value in told.items() if name not in plain}
    assert list(kept.values()) == list(fields.values())
    taken = {"row", "label", "top", "error"}
    assert all(name.endswith(f"input_{column}") for name, column in zip(kept, fields, strict=True) if column in taken)
    assert all(told[column] == f"its {column}" for column in fields if column not in taken)


def test_a_bad_row_has_no_kept_columns() -> None:
    assert list(answers(MODEL, [bad(3)], AnswerOptions(("id",)))) == [{"row": 3, "error": "reason 3"}]


def test_null_is_kept_as_null_also_in_the_first_row_and_is_not_the_word() -> None:
    rows: list[Row | BadRow] = [row(1, "good", {"id": None}), row(2, "bad", {"id": "null"})]
    assert [told["id"] for told in answers(MODEL, rows, AnswerOptions(("id",)))] == [None, "null"]


@pytest.mark.parametrize("chunk", [1, 1024])
def test_a_column_that_a_later_row_lacks_is_null_there(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(stream, "ROWS", chunk)
    rows: list[Row | BadRow] = [bad(1), row(2, "good", {"id": "7"}), row(3, "bad"), row(4, "so", {"id": ""})]
    found = list(answers(MODEL, rows, AnswerOptions(("id",))))
    assert [told.get("id", "no such key") for told in found] == ["no such key", "7", None, ""]
    assert [told.get("label") in LABELS for told in found] == [False, True, True, True]


def test_rows_are_counted_with_those_a_user_should_hear_of() -> None:
    config = Config("concatenate", {"max_length": 2}, TextConfig(embedding_dim=4), LABELS)
    drawn = initialize(config.network(len(WORDS)).weights(), 0)
    model = TextModel(config, Vocabulary(WORDS), drawn)
    rows: list[Row | BadRow] = [
        row(1, "good"),
        bad(2),
        row(3, "so so"),
        row(4, "so so bad"),
        row(5, "don't good"),
        row(6, ""),
    ]
    counts = Counts()
    told = list(answers(model, rows, AnswerOptions(min_probability=0.4), counts))
    assert counts.unlabelled == sum(answer.get("label", "") is None for answer in told)
    assert (counts.rows, counts.bad, counts.cut) == (6, 1, 2)


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> int:
    """Segments of 12 rows, each of 3 chunks."""
    monkeypatch.setattr(stream, "ROWS", 4)
    monkeypatch.setattr(stream, "CHUNKS", 3)
    return 12


def test_a_segment_ends_when_its_answers_were_taken_and_no_row_behind_it_was_read(small_segments: int) -> None:
    rows = Counting("good", {}, most=10**6)
    ends: list[tuple[int, int]] = []
    counts = Counts()
    stream = answers(MODEL, rows, counts=counts, after_segment=lambda: ends.append((rows.read, counts.rows)))
    for taken in range(1, 3 * small_segments + 2):
        next(stream)
        assert ends == [(n * small_segments, n * small_segments) for n in range(1, (taken - 1) // small_segments + 1)]


def test_the_last_segment_ends_too(small_segments: int) -> None:
    for count in (0, 1, small_segments - 1, small_segments, small_segments + 1):
        ended: list[int] = []
        told = list(answers(MODEL, [row(n, "so") for n in range(count)], after_segment=lambda: ended.append(1)))  # noqa: B023
        assert len(told) == count
        assert len(ended) == -(-count // small_segments)


def test_every_segment_begins_anew(small_segments: int) -> None:
    begun: list[int] = []
    model = model_of()
    object.__setattr__(model, "reset_cache", lambda: begun.append(1))
    list(answers(model, [row(n, "so") for n in range(3 * small_segments)]))
    assert len(begun) == 3


def test_of_very_many_labels_fewer_rows_are_answered_together_and_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(number, word) for number, word in enumerate(WORDS * 3, start=1)]
    expected = list(answers(MODEL, rows, AnswerOptions(all_probabilities=True)))
    sizes: list[int] = []
    real = TextModel.logits_of_numbers

    def logits(self: TextModel, numbers: Any, lengths: Any) -> Any:
        sizes.append(len(lengths))
        return real(self, numbers, lengths)

    monkeypatch.setattr(TextModel, "logits_of_numbers", logits)
    for numbers, largest in ((1, 1), (7, 2), (10**6, len(rows))):
        monkeypatch.setattr(stream, "NUMBERS", numbers)
        for told, whole in zip(answers(MODEL, rows, AnswerOptions(all_probabilities=True)), expected, strict=True):
            assert (told["row"], told["label"]) == (whole["row"], whole["label"])
            assert told["probabilities"] == pytest.approx(whole["probabilities"], rel=1e-6)
        assert max(sizes) == largest
        sizes.clear()
