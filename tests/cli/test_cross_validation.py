"""`cross-validate`: scikit-learn's scores of every text, each answered by models that weren't trained on its fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from unrolled import TextClassifier
from unrolled.comparison.split import by_folds
from unrolled.data.labelled import Labelled

MODEL = ("--model", "ngrams --optimizer hogwild --max-epochs 3 --embedding-dim 6")
SETTINGS = {"optimizer": "hogwild", "max_epochs": 3, "embedding_dim": 6, "random_state": 0}


@pytest.fixture(scope="module")
def rows(reviews: Callable[..., Any]) -> list[dict[str, str]]:
    """Texts of which a quarter have a label that can't be guessed, and five stand four times."""
    made: list[dict[str, str]] = reviews(60, seed=8)
    for number, row in enumerate(made[::4]):
        row["label"] = made[number + 1]["label"]
    return [*made, *made[:5] * 3]


@pytest.fixture(scope="module")
def data(rows: list[dict[str, str]], write: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    return write(tmp_path_factory.mktemp("folds") / "texts.csv", rows)


def test_scores_are_those_of_models_trained_on_the_other_folds(
    unrolled: Callable[..., Any], data: Path, rows: list[dict[str, str]]
) -> None:
    (found,) = unrolled("cross-validate", "--folds", 4, *MODEL, data, "--json").answers
    texts, labels = ([row[name] for row in rows] for name in ("text", "label"))
    answers, accuracies = np.empty(len(rows), object), []
    for part in by_folds(Labelled(texts, labels), 4).parts:
        train, test = ([(texts[k], labels[k]) for k in chosen.tolist()] for chosen in (part.train, part.test))
        assert not {text for text, _ in train} & {text for text, _ in test}
        model = TextClassifier("ngrams", **SETTINGS).fit(*zip(*train, strict=True))  # type: ignore[arg-type]
        answers[part.test] = model.predict([text for text, _ in test])
        accuracies.append(accuracy_score([label for _, label in test], answers[part.test]))
    assert found["folds"] == pytest.approx(accuracies, abs=1e-12)
    assert found["model"] == MODEL[1]
    assert found["rows"] == len(rows)
    assert found["accuracy"]["value"] == pytest.approx(accuracy_score(labels, list(answers)), abs=1e-12)
    assert found["macro_f1"]["value"] == pytest.approx(f1_score(labels, list(answers), average="macro"), abs=1e-12)
    assert found["accuracy"]["value"] < 1, "or else any answers would do"


def test_the_table_ends_in_the_mean_of_the_folds(unrolled: Callable[..., Any], data: Path) -> None:
    (found,) = unrolled("cross-validate", "--folds", 4, *MODEL, data, "--json").answers
    done, folds = unrolled("cross-validate", "--folds", 4, *MODEL, data), 100 * np.array(found["folds"])
    assert done.code == 0
    mean, deviation = np.mean(folds), np.std(folds, ddof=1)
    assert f"mean test accuracy {mean:.2f} %, standard deviation {deviation:.2f} over 4 folds" in done.out
    assert [f"fold {n} of 4: test accuracy {fold:.1f} %" in done.err for n, fold in enumerate(folds, 1)] == [True] * 4


def test_labels_of_a_single_fold_are_told_and_refused_where_one_is_left(
    unrolled: Callable[..., Any], write: Callable[..., Path], reviews: Callable[..., Any], tmp_path: Path
) -> None:
    made = reviews(60)
    alone = {"id": "alone", "text": "unheard of", "label": "alone"}
    done = unrolled("cross-validate", "--folds", 3, *MODEL, write(tmp_path / "more.csv", [*made, alone]))
    assert "1 of 61 test texts (alone) have labels that training lacks: wrong for all." in done.out
    ((label, _),) = Counter(row["label"] for row in made).most_common(1)
    few = write(tmp_path / "few.csv", [*(row for row in made if row["label"] == label), alone])
    told = unrolled("cross-validate", "--folds", 3, *MODEL, few).error()
    assert "which has all texts of 'alone'" in told
    assert "two folds must have some" in told


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["DATA", "--folds", "1"], 2, "--folds"),
        (["DATA", "--folds", "61"], 1, "60"),
        (["DATA", "--folds", "3", "--model", "cnnn"], 2, "Did you mean 'cnn'?"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    unrolled: Callable[..., Any], data: Path, tmp_path: Path, words: list[str], code: int, part: str
) -> None:
    given = [{"DATA": str(data), "MODEL": str(tmp_path)}.get(word, word) for word in words]
    assert part in unrolled("cross-validate", *given).error(code)
