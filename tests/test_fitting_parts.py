"""Labelled texts, some of them equal, and dev texts → three parts that share no text, each for one purpose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unrolled.choices import Choices, choose
from unrolled.data.labelled_corpus import gather
from unrolled.data.split import split_off
from unrolled.errors import DataError
from unrolled.fitting import gathered
from unrolled.fitting_parts import Parts, Words, parted

TEXTS = [f"{('dull', 'awful', 'fine', 'lovely')[n % 4]} film number{n // 2 if n < 60 else n}" for n in range(200)]
LABELS = [("neg", "pos")[n % 4 // 2] for n in range(200)]
TEXTS, LABELS = [*TEXTS, *TEXTS[::3]], [*LABELS, *LABELS[::3]]
DEV = (
    [f"new text{n // 3}" for n in range(120)] + TEXTS[:9],
    [("neg", "pos")[n // 3 % 2] for n in range(120)] + ["pos"] * 9,
)


def choices(**settings: Any) -> Choices:
    return choose("average", None, {"embedding_dim": 4, **settings})


def split(dev: Any = None, **settings: Any) -> Parts:
    own = choices(**settings)
    return parted(gathered(own, TEXTS, LABELS), gathered(own, *dev) if dev else None, own)


def texts(part: Words | None) -> list[str]:
    assert part is not None
    return [" ".join(words) for words in part[0]]


@pytest.mark.parametrize("dev", [None, DEV], ids=["split off", "given"])
@pytest.mark.parametrize("seed", range(5))
def test_no_text_is_in_two_parts_and_none_is_promised_by_twice(dev: Any, seed: int) -> None:
    parts = split(dev, target_precision=0.9, random_state=seed, validation_fraction=0.3)
    trained, stopped, promised = (texts(part) for part in (parts.training, parts.dev, parts.promise))
    assert not set(trained) & set(promised)
    assert not set(stopped) & set(promised)
    assert not set(trained) & set(stopped)
    assert len(set(promised)) == len(promised) > 10
    known = {*TEXTS, *(dev[0] if dev else [])}
    assert {*trained, *stopped, *promised} == known if dev is None else {*stopped, *promised} == known - set(TEXTS)


@pytest.mark.parametrize("dev", [None, DEV], ids=["split off", "given"])
def test_without_a_target_precision_the_parts_are_two_as_ever(dev: Any) -> None:
    parts = split(dev)
    assert parts.promise is None
    if dev is None:
        kept, held_out = split_off(TEXTS, LABELS, fraction=0.1, seed=0)
        assert parts.dev_rows is not None
        assert parts.dev_rows.tolist() == held_out
        assert texts(parts.training) == [TEXTS[row] for row in kept]
    else:
        assert (texts(parts.dev), parts.dev[1], parts.dev_rows) == (*DEV, None)
        assert texts(parts.training) == TEXTS


def test_the_dev_texts_are_the_same_with_a_target_precision_and_only_training_loses_some() -> None:
    plain, promised = split(), split(target_precision=0.9)
    assert texts(plain.dev) == texts(promised.dev)
    assert set(texts(plain.training)) == {*texts(promised.training), *texts(promised.promise)}


def test_labels_stay_with_their_texts_and_every_class_has_its_share() -> None:
    parts = split(target_precision=0.9, validation_fraction=0.3)
    label_of = dict(zip(TEXTS, LABELS, strict=True))
    assert parts.promise is not None
    for part in (parts.training, parts.dev, parts.promise):
        assert part[1] == [label_of[text] for text in texts(part)]
        assert 0.4 < np.mean([label == "pos" for label in part[1]]) < 0.6


def test_no_answer_is_right_to_a_text_that_stands_under_several_labels() -> None:
    doubled = TEXTS + TEXTS[150:190]
    labels = LABELS + [{"neg": "pos", "pos": "neg"}[label] for label in LABELS[150:190]]
    own = choices(target_precision=0.9, validation_fraction=0.5)
    parts = parted(gathered(own, doubled, labels), None, own)
    assert parts.promise is not None
    told = dict(zip(texts(parts.promise), parts.promise[1], strict=True))
    several = set(TEXTS[150:190]) & set(told)
    assert several
    assert all((label == "") == (text in several) for text, label in told.items())


def test_the_split_depends_on_the_seed_and_not_on_the_order_of_the_rows() -> None:
    own = choices(target_precision=0.9)
    there = parted(gathered(own, TEXTS, LABELS), None, own)
    back = parted(gathered(own, TEXTS[::-1], LABELS[::-1]), None, own)
    assert set(texts(there.promise)) == set(texts(back.promise))
    assert set(texts(there.promise)) != set(texts(split(target_precision=0.9, random_state=1).promise))


def test_texts_too_few_for_three_parts_are_refused() -> None:
    own = choices(target_precision=0.9)
    with pytest.raises(DataError, match="prove a target precision on"):
        parted(gathered(own, ["a", "b", "c", "d"], ["x", "x", "y", "y"]), None, own)
    with pytest.raises(DataError, match="prove a target precision on"):
        parted(gathered(own, TEXTS, LABELS), gathered(own, TEXTS[:20], LABELS[:20]), own)


def test_dev_texts_gathered_without_the_seed_cannot_be_split() -> None:
    own = choices(target_precision=0.9)
    dev = gather(zip(*DEV, strict=True), own.reading)
    with pytest.raises(DataError, match="own settings"):
        parted(gathered(own, TEXTS, LABELS), dev, own)
    assert parted(gathered(own, TEXTS, LABELS), dev, choices()).promise is None
