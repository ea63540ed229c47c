"""Labelled texts, dev texts if there are any, choices → the texts to train on, to stop by, and to promise by.

A promise of precision is proved on texts that chose nothing: neither the words of the vocabulary nor the epoch that was
kept, nor the temperature. So with a target precision they are a third part: split off the training texts like the dev
texts, or the half of given dev texts. Of equal texts one counts, as copies of a text prove no more than the text does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.choices import Choices
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.data.split import groups_of, split_keys, stand_in
from unrolled.errors import texts as errors
from unrolled.model.corpus import Corpus
from unrolled.model.encoder import Integers

Words = tuple[Corpus, list[str]]  # of texts, and their labels


@dataclass(frozen=True)
class Parts:
    """The words of texts and their labels, by what they are for.

    A text to promise by that stands under several labels has the label "", so that no answer to it is right.
    """

    training: Words
    dev: Words
    dev_rows: Integers | None  # of the dev texts given, or else of the training texts; None where all those given
    promise: Words | None


def parted(labelled: LabelledCorpus, dev: LabelledCorpus | None, choices: Choices) -> Parts:
    """Split off what isn't given; DataError where there is too little of something."""
    _refuse_labels(labelled, dev, choices)
    fraction = choices.preparation.validation_fraction
    promised = choices.preparation.target_precision is not None
    if dev is None:
        rows, held_out = split_keys(labelled.keys, labelled.labels, fraction=fraction)
        if not len(held_out):
            raise errors.no_dev_texts()
        rows, promise = _second(labelled, rows, fraction) if promised else (rows, None)
        return Parts(_words(labelled, rows), _words(labelled, held_out), held_out, promise)
    if not promised:
        return Parts((labelled.corpus, labelled.labels), (dev.corpus, dev.labels), None, None)
    if dev.seed != labelled.seed:
        raise errors.gathered_otherwise()
    held_out, promise = _second(dev, _unseen(dev, labelled), 0.5)
    return Parts((labelled.corpus, labelled.labels), _words(dev, held_out), held_out, promise)


def _refuse_labels(labelled: LabelledCorpus, dev: LabelledCorpus | None, choices: Choices) -> None:
    labels = {*labelled.labels, *(choices.start.model.config.labels if choices.start else ())}
    if len(labels) < 2:
        raise errors.one_class(sorted(labels))
    if dev is not None:
        if not dev.labels:
            raise errors.empty_dev_texts()
        if unknown := sorted(set(dev.labels) - labels):
            raise errors.unknown_dev_labels(unknown)


def _unseen(dev: LabelledCorpus, labelled: LabelledCorpus) -> Integers:
    """Leave out texts that are trained on, which are answered better than new ones."""
    return np.flatnonzero(~stand_in(dev.keys, labelled.keys))


def _second(labelled: LabelledCorpus, rows: Integers, fraction: float) -> tuple[Integers, Words]:
    """Split rows once more → those that are left, and what is split off to promise by."""
    keys, labels = labelled.keys[rows], [labelled.labels[row] for row in rows.tolist()]
    left, promise = split_keys(keys, labels, fraction=fraction)
    if not len(promise):
        raise errors.no_promise_texts()
    groups = groups_of(keys[promise])
    first = np.unique(groups, return_index=True)[1]
    own: dict[int, set[str]] = {}
    for group, row in zip(groups.tolist(), promise.tolist(), strict=True):
        own.setdefault(group, set()).add(labels[row])
    told = [next(iter(found)) if len(found) == 1 else "" for _, found in sorted(own.items())]
    return rows[left], (labelled.corpus.take(rows[promise[first]]), told)


def _words(labelled: LabelledCorpus, rows: Sequence[int] | Integers) -> Words:
    rows = np.asarray(rows)
    return labelled.corpus.take(rows), [labelled.labels[row] for row in rows.tolist()]
