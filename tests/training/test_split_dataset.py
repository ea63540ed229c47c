"""Labelled texts, some of them copies, and dev texts → parts that share no text, and folds of what can be evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled import TextClassifier
from unrolled.data.split import split_off
from unrolled.training.fit import gather_for
from unrolled.training.resolve_config import resolve_config
from unrolled.training.run_config import RunConfig
from unrolled.training.split_dataset import DatasetSplit, Words, split_dataset

TEXTS = [f"{('dull', 'awful', 'fine', 'lovely')[n % 4]} film number{n // 2 if n < 60 else n}" for n in range(200)]
LABELS = [("neg", "pos")[n % 4 // 2] for n in range(200)]
TEXTS, LABELS = [*TEXTS, *TEXTS[::3]], [*LABELS, *LABELS[::3]]
DEV = (
    [f"new text{n // 3}" for n in range(120)] + TEXTS[:9],
    [("neg", "pos")[n // 3 % 2] for n in range(120)] + ["pos"] * 9,
)
TARGET: dict[str, Any] = {"target_precision": 0.9}


def run_config(**settings: Any) -> RunConfig:
    return resolve_config("average", None, {"embedding_dim": 4, **settings})


def split(dev: Any = None, data: Any = (TEXTS, LABELS), own: RunConfig | None = None, **settings: Any) -> DatasetSplit:
    own = own or run_config(**settings)
    return split_dataset(gather_for(own, *data), gather_for(own, *dev) if dev else None, own)


def texts(part: Words) -> list[str]:
    return [" ".join(words) for words in part[0]]


@pytest.mark.parametrize("settings", [{}, TARGET], ids=["no target", "target"])
@pytest.mark.parametrize("dev", [None, DEV], ids=["split off", "given"])
def test_the_parts_are_the_same_with_and_without_a_target_precision(dev: Any, settings: Any) -> None:
    parts = split(dev, **settings)
    assert (parts.folds is None) == (not settings)
    if dev is None:
        training, held_out = split_off(TEXTS, LABELS, fraction=0.1, seed=0)
        assert parts.dev_rows is not None
        assert parts.dev_rows.tolist() == held_out
        assert texts(parts.training) == [TEXTS[row] for row in training]
        assert not set(texts(parts.training)) & set(texts(parts.dev))
    else:
        assert (texts(parts.dev), parts.dev[1], parts.dev_rows) == (*DEV, None)
        assert texts(parts.training) == TEXTS


@each("dev", [None, DEV])
@each("seed", range(3))
def test_every_text_is_in_one_fold_unless_a_dev_text_is_a_copy_of_it(dev: Any, seed: int) -> None:
    formatted = [text.upper() if n % 5 == 0 else f"  {text} " for n, text in enumerate(TEXTS)]
    parts = split(dev, (formatted, LABELS), random_state=seed, **TARGET)
    assert parts.folds is not None
    fold_of: dict[str, set[int]] = {}
    for text, fold in zip(texts(parts.training), parts.folds.tolist(), strict=True):
        fold_of.setdefault(text.lower(), set()).add(fold)
    assert all(len(folds) == 1 for folds in fold_of.values())
    unusable = {text for text, folds in fold_of.items() if folds == {-1}}
    assert unusable == set(fold_of) & {text.lower() for text in texts(parts.dev)}
    sizes = np.bincount(parts.folds[parts.folds >= 0])
    assert len(sizes) == 5
    assert sizes.max() - sizes.min() <= 8


def test_the_folds_depend_on_the_seed_and_not_on_the_order_of_the_rows() -> None:
    def grouped(parts: DatasetSplit) -> set[frozenset[str]]:
        assert parts.folds is not None
        rows = zip(texts(parts.training), parts.folds.tolist(), strict=True)
        found: dict[int, set[str]] = {}
        for text, fold in rows:
            found.setdefault(fold, set()).add(text)
        return {frozenset(part) for part in found.values()}

    there, back = split(**TARGET), split(None, (TEXTS[::-1], LABELS[::-1]), **TARGET)
    assert grouped(there) == grouped(back)
    assert grouped(there) != grouped(split(random_state=1, **TARGET))


def test_only_texts_that_no_base_model_has_seen_are_evidence(tmp_path: Any) -> None:
    base = TextClassifier("average", embedding_dim=4, max_epochs=1).fit(TEXTS[:100], LABELS[:100])
    base.save_pretrained(tmp_path / "base")
    own = TextClassifier(base_model=tmp_path / "base", **TARGET).run_config()
    parts = split(None, ([text.upper() for text in TEXTS], LABELS), own)
    assert parts.folds is not None
    seen = {text.lower() for text in TEXTS[:100]}
    for text, fold in zip(texts(parts.training), parts.folds.tolist(), strict=True):
        assert (fold == -1) == (text.lower() in seen)
    assert split(None, (TEXTS[:100], LABELS[:100]), own).unproved == "no_new_texts"
    assert own.start is not None
    forgetful = replace(own, start=replace(own.start, model=replace(own.start.model, fingerprints=None)))
    assert split(None, (TEXTS, LABELS), forgetful).unproved == "base_without_fingerprints"


def test_texts_that_are_all_dev_texts_are_no_evidence() -> None:
    parts = split((TEXTS, LABELS), (TEXTS, LABELS), **TARGET)
    assert (parts.folds, parts.unproved) == (None, "all_in_dev")


def test_a_label_of_which_training_has_one_text_is_held_out_unless_one_label_would_be_left() -> None:
    few = ([*TEXTS, "alone"], [*LABELS, "rare"])
    parts = split(None, few, **TARGET)
    assert parts.folds is not None
    assert parts.folds[parts.training[1].index("rare")] >= 0
    one = ([*TEXTS, "alone"], [LABELS[0]] * len(TEXTS) + ["rare"])
    assert split(None, one, **TARGET).unproved == "too_few_texts"


def test_a_cut_that_marks_can_move_recognises_no_text_of_a_base_model(tmp_path: Any) -> None:
    read = [f"film{number} was quite good" for number in range(100)]
    base = TextClassifier("concatenate", max_length=3, embedding_dim=4, max_epochs=1).fit(read, LABELS[:100])
    base.save_pretrained(tmp_path / "base")
    marked = [f"- {text}" for text in read]
    parts = split(None, (marked, LABELS[:100]), TextClassifier(base_model=tmp_path / "base", **TARGET).run_config())
    assert (parts.folds, parts.unproved) == (None, "max_length")


def test_given_vectors_may_have_seen_any_text_also_those_of_a_base_model(tmp_path: Any) -> None:
    vectors = {"new": np.ones(4)}
    own = replace(TextClassifier("average", embedding_dim=4, **TARGET).run_config(), vectors=vectors)
    parts = split(None, (TEXTS[:100], LABELS[:100]), own)
    assert (parts.folds, parts.unproved) == (None, "vectors")
    assert parts.fingerprints is not None
    assert not parts.fingerprints.complete
    base = TextClassifier("average", vectors=vectors, embedding_dim=4, max_epochs=1)
    base.fit(TEXTS[:100], LABELS[:100])
    base.save_pretrained(tmp_path / "base")
    grown = split(None, (TEXTS, LABELS), TextClassifier(base_model=tmp_path / "base", **TARGET).run_config())
    assert (grown.folds, grown.unproved) == (None, "vectors")
    assert grown.fingerprints is not None
    assert not grown.fingerprints.complete


def test_too_few_texts_are_no_evidence_and_no_error() -> None:
    parts = split((["new a", "new b"], ["x", "y"]), (["a", "b"], ["x", "y"]), **TARGET)
    assert (parts.folds, parts.unproved) == (None, "too_few_texts")
