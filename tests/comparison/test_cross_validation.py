"""Folds → every text judged by a model that never saw it, equal to training by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled import TextClassifier
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.cross_validation import cross_validate
from unrolled.comparison.split import by_folds
from unrolled.data.labelled import Labelled
from unrolled.training.callback import no_callback

TEXTS = [f"{('a dull', 'a fine')[n % 2]} film number {n}" for n in range(58)] + ["a fine film"] * 6
LABELS = [("neg", "pos")[n % 2] for n in range(58)] + ["pos"] * 6
SMALL: dict[str, Any] = {"embedding_dim": 6, "hidden_size": 4, "max_epochs": 2}


def test_it_is_training_by_hand_on_the_other_folds() -> None:
    split, told = by_folds(Labelled(TEXTS, LABELS), 4), list[tuple[int, float]]()
    found = cross_validate(
        Candidate("average", "average", SMALL),
        split,
        threads=1,
        report=no_callback,
        report_fold=lambda *said: told.append(said),
    )
    assert sorted(np.concatenate([part.test for part in split.parts]).tolist()) == list(range(len(TEXTS)))
    for number, part in enumerate(split.parts):
        assert not {TEXTS[row] for row in part.train} & {TEXTS[row] for row in part.test}
        own = TextClassifier("average", **SMALL).fit([TEXTS[n] for n in part.train], [LABELS[n] for n in part.train])
        assert np.array_equal(found.probabilities[part.test], own.predict_proba([TEXTS[n] for n in part.test]))
        accuracy = own.score([TEXTS[n] for n in part.test], [LABELS[n] for n in part.test])
        assert told[number] == (number, accuracy) == (number, found.accuracies[number])


def test_a_class_that_a_fold_lacks_has_the_probability_0_there() -> None:
    labels = ["rare" if n == 7 else label for n, label in enumerate(LABELS)]
    split = by_folds(Labelled(TEXTS, labels), 4)
    found = cross_validate(
        Candidate("average", "average", SMALL), split, threads=1, report=no_callback, report_fold=lambda *_: None
    )
    (own,) = [part for part in split.parts if 7 in part.test]
    rare = split.classes.index("rare")
    assert (found.probabilities[own.test, rare] == 0).all()
    assert np.allclose(found.probabilities.sum(1), 1)


def test_the_command_judges_all_texts_and_tells_the_folds(unrolled: Callable[..., Any], train_csv: Path) -> None:
    words = ("--folds", 3, "--model", "average --max-epochs 2 --embedding-dim 6")
    (told,) = unrolled("cross-validate", train_csv, *words, "--json").answers
    assert told["rows"] == 60
    assert told["model"] == "average --max-epochs 2 --embedding-dim 6"
    assert len(told["folds"]) == 3
    assert told["accuracy"]["value"] == pytest.approx(np.mean(told["folds"]), abs=0.02)
    done = unrolled("cross-validate", train_csv, *words)
    assert f"mean test accuracy {100 * np.mean(told['folds']):.2f} %" in done.out
    assert "fold 3 of 3" in done.err
    assert json.dumps(told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "DATA is missing"),
        (["DATA", "--folds", "3", "--model", "lsmt"], "Did you mean 'lstm'?"),
        (["DATA", "--folds", "3", "--model", "cnn --budget 3"], "no option of a model"),
        (["DATA", "--folds", "3", "--model", "cnn --bidirectional"], "belongs to gru, lstm, rnn"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_does_not_go_together_is_wrong_usage(
    unrolled: Callable[..., Any], model: Path, train_csv: Path, words: list[str], told: str
) -> None:
    given = [{"MODEL": str(model), "DATA": str(train_csv)}.get(word, word) for word in words]
    assert told in unrolled("cross-validate", *given).error(2)


def test_more_folds_than_texts_are_refused(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("text,label\na,x\nb,y\na,x\n")
    assert "Ask for fewer folds." in unrolled("cross-validate", tmp_path / "few.csv", "--folds", 3).error()
