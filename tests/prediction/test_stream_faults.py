"""Columns that no row has, texts that are too much for a model → refused, or errors beside the others' answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.prediction.test_stream import MODEL, bad, row
from unrolled.data.rows import BadRow, Row
from unrolled.errors import DataError
from unrolled.prediction.stream import AnswerOptions, Counts, answers
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary


@pytest.mark.parametrize(("wanted", "told"), [("idd", "Did you mean 'id'?"), ("zzz", "Use one of: date, id, text.")])
def test_an_unknown_column_to_keep_is_refused_with_the_nearest(wanted: str, told: str) -> None:
    rows: list[Any] = [row(1, "good", {"id": "7", "date": "today"})]
    with pytest.raises(DataError) as raised:
        list(answers(MODEL, rows, AnswerOptions(("date", wanted))))
    assert raised.value.where == "data.csv, row 1"
    assert f"'{wanted}'" in raised.value.problem
    assert raised.value.advice == told


def test_the_first_row_is_the_first_also_behind_bad_ones_and_not_where_a_run_goes_on() -> None:
    rows: list[Row | BadRow] = [bad(1), row(2, "good")]
    with pytest.raises(DataError, match="row 2"):
        list(answers(MODEL, rows, AnswerOptions(("id",))))
    (told,) = answers(MODEL, [row(9, "good")], AnswerOptions(("id",)), Counts(rows=8, bad=7))
    assert told["id"] is None


def test_where_there_are_no_other_columns_none_is_proposed() -> None:
    with pytest.raises(DataError) as raised:
        list(answers(MODEL, [Row(1, "a.txt, line 1", "good", None, {})], AnswerOptions(("id",))))
    assert raised.value.advice == "It has none besides the text's: leave --keep-columns out."


def test_a_text_that_takes_too_much_memory_has_an_error_of_its_own_and_the_others_their_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most, read = 50, TextModel.logits_of_numbers

    def limited(model: TextModel, numbers: Any, lengths: Any) -> Any:
        if lengths.max(initial=0) > most:
            raise MemoryError
        return read(model, numbers, lengths)

    given_texts = ["good so"] * 6 + ["so " * (most + 1), "bad", "good " * (most + 1), "so bad"]
    rows = [row(n, text) for n, text in enumerate(given_texts, start=1)]
    expected, counts = list(answers(MODEL, rows)), Counts()
    monkeypatch.setattr(TextModel, "logits_of_numbers", limited)
    found = list(answers(MODEL, rows, counts=counts))
    assert (counts.rows, counts.bad) == (10, 2)
    for told, usual in zip(found, expected, strict=True):
        if told["row"] in (7, 9):
            assert set(told) == {"row", "error"}
            assert "--max-row-length" in told["error"]
        else:
            assert told["label"] == usual["label"]
            assert told["probability"] == pytest.approx(usual["probability"], rel=1e-6)


def test_a_text_on_which_the_numbers_overflow_has_an_error_of_its_own_and_the_others_their_answers() -> None:
    config = Config("gru", {"update_gate": "tanh", "hidden_size": 1}, TextConfig(embedding_dim=1), ("no", "yes"))
    weights = {name: np.zeros(w.shape, "f4") for name, w in config.network(2).weights().items()}
    # by the misprint z = tanh(-10) is -1, so that h = 2 h - h~: from h~ = 1 on it doubles at every word
    weights["encoder.0.forward.b"][:] = [0, -10, 10]
    weights["classifier.W"][:] = [[1, -1]]
    model = TextModel(config, Vocabulary(["<unk>", "so"]), weights)
    rows = [row(1, "so so"), row(2, "so " * 200), row(3, "so")]
    found = list(answers(model, rows))
    assert found[1] == {"row": 2, "error": "the network's numbers overflow on this text"}
    assert [found[0], found[2]] == list(answers(model, [rows[0], rows[2]]))
    with pytest.raises(DataError, match=r"overflow on text 2 \(.*from 1\)\."):
        model.probabilities([one.text for one in rows])
