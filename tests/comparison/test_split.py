"""Labelled texts → parts to train and to test on: nothing is in both, and words come from their own rows alone."""

from __future__ import annotations

import numpy as np
import pytest

from unrolled.comparison.split import by_folds, by_fraction, with_test_texts
from unrolled.data.labelled import Labelled
from unrolled.data.labelled_corpus import gather
from unrolled.errors import DataError
from unrolled.text.text_config import TextConfig

ALL = Labelled([f"text {n // 2}" for n in range(60)], [("a", "b")[n // 2 % 2] for n in range(60)])


def test_given_test_texts_are_those_that_are_tested_on() -> None:
    test = Labelled(["new", "newer"], ["b", "c"])
    split = with_test_texts(ALL, test)
    (part,) = split.parts
    assert [split.texts[row] for row in part.test] == test.texts
    assert [split.labels[row] for row in part.train] == ALL.labels
    assert split.classes == ["a", "b", "c"]
    assert split.tested.tolist() == [60, 61]


def test_a_fifth_is_held_out_in_whole_groups_of_equal_texts() -> None:
    (part,) = by_fraction(ALL).parts
    assert len(part.test) == 12
    assert not {ALL.texts[row] for row in part.train} & {ALL.texts[row] for row in part.test}


def test_folds_test_each_text_once() -> None:
    split = by_folds(ALL, 5)
    assert split.tested.tolist() == list(range(60))
    for part in split.parts:
        assert sorted([*part.train, *part.test]) == list(range(60))


@pytest.mark.parametrize("texts", [["one"], ["one"] * 4])
def test_folds_of_which_one_has_a_whole_class_are_refused_where_one_class_is_left(texts: list[str]) -> None:
    few = Labelled([*(f"text {n}" for n in range(20)), *texts], ["many"] * 20 + ["few"] * len(texts))
    with pytest.raises(DataError, match=r"fold \d, .* all texts of 'few', only 'many'.*more different texts of 'few'"):
        by_folds(few, 3)
    three = by_folds(Labelled([*few.texts, "other", "others"], [*few.labels, "third", "third"]), 3)
    assert three.unknown == {"few": len(texts)}


def test_words_and_keys_of_a_part_are_those_of_its_own_texts() -> None:
    split, reading = by_folds(ALL, 5), TextConfig()
    for part in split.parts:
        for own, rows in zip(split.corpora(part, reading, 3), (part.train, part.test), strict=True):
            alone = gather(((ALL.texts[row], ALL.labels[row]) for row in rows), reading, seed=3)
            assert list(map(list, own.corpus)) == list(map(list, alone.corpus))
            assert own.labels == alone.labels
            assert np.array_equal(own.keys, alone.keys)
            assert {w: n for w, n in own.corpus.counts.items() if n} == {
                w: n for w, n in alone.corpus.counts.items() if n
            }


def test_digests_tell_parts_seeds_and_texts_apart() -> None:
    split, reading = by_folds(ALL, 5), TextConfig()
    digests = {corpus.digest for part in split.parts for corpus in split.corpora(part, reading, 0)}
    other = Labelled(["other", *ALL.texts[1:]], ALL.labels)
    digests |= {corpus.digest for part in split.parts for corpus in by_folds(other, 5).corpora(part, reading, 0)}
    assert len(digests) == 20
    again = [corpus.digest for part in by_folds(ALL, 5).parts for corpus in split.corpora(part, reading, 1)]
    assert set(again) <= digests, "a seed changes what is held out, not what the texts are"


def test_test_texts_that_are_trained_on_are_counted_whatever_their_case_and_blanks() -> None:
    test = Labelled(["TEXT  3", "new", "text 3 ", "text 4"], ["b", "c", "a", "a"])
    assert with_test_texts(ALL, test).seen == 3
    assert by_folds(ALL, 5).seen == by_fraction(ALL).seen == 0
    shouted = Labelled([*ALL.texts, *map(str.upper, ALL.texts)], ALL.labels * 2)
    split = by_folds(shouted, 5)
    trained = [{shouted.texts[row].lower() for row in part.train} for part in split.parts]
    seen = [
        sum(shouted.texts[row].lower() in own for row in part.test)
        for own, part in zip(trained, split.parts, strict=True)
    ]
    assert split.seen == sum(seen) > 0
