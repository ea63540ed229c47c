"""Labelled texts, dev texts if there are any, choices → the texts to train on, to stop by, and to promise by.

A promise of precision is proved on texts that chose nothing: neither the words of the vocabulary nor the epoch that was
kept, nor the temperature, also not of a model that this one is trained further from. So with a target precision they
are a third part: split off the training texts like the dev texts, or the half of given dev texts. Of equal texts one
counts, as copies of a text prove no more than the text does; texts with one fingerprint are equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unrolled.choices import Choices
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.data.split import Keys, groups_of, split_keys
from unrolled.errors import texts as errors
from unrolled.model.corpus import Corpus
from unrolled.model.encoder import Integers
from unrolled.model.text_fingerprints import Fingerprints, TextFingerprints
from unrolled.runtime.training_texts import refuse_too_many
from unrolled.runtime.unproved import Unproved

Words = tuple[Corpus, list[str]]  # of texts, and their labels


@dataclass(frozen=True)
class Parts:
    """The words of texts and their labels, by what they are for.

    A text to promise by that stands under several labels has the label "", so that no answer to it is right. Where a
    target precision has no texts that could prove it, `unproved` says why.
    """

    training: Words
    dev: Words
    dev_rows: Integers | None  # of the dev texts given, or else of the training texts; None where all those given
    promise: Words | None
    unproved: Unproved | None = None
    fingerprints: TextFingerprints | None = None  # of all three, and of those of the base model


def parted(labelled: LabelledCorpus, dev: LabelledCorpus | None, choices: Choices) -> Parts:
    """Split off what isn't given; DataError where there is too little of something."""
    _refuse_labels(labelled, dev, choices)
    unproved = _cannot_be_proved(choices)
    divide = choices.preparation.target_precision is not None and not unproved
    rows, held_out, promise = (
        _from_training(labelled, choices, divide=divide)
        if dev is None
        else _from_dev(labelled, dev, choices, divide=divide)
    )
    if divide and promise is None:
        unproved = "no_new_texts"
    source = labelled if dev is None else dev
    return Parts(
        _words(labelled, rows),
        _words(source, held_out),
        held_out,
        None if promise is None else (source.corpus.take(promise.rows), promise.labels),
        unproved,
        _fingerprints(labelled, rows, source, held_out, promise, choices),
    )


def _refuse_labels(labelled: LabelledCorpus, dev: LabelledCorpus | None, choices: Choices) -> None:
    labels = {*labelled.labels, *(choices.start.model.config.labels if choices.start else ())}
    if len(labels) < 2:
        raise errors.one_class(sorted(labels))
    if dev is not None:
        if not dev.labels:
            raise errors.empty_dev_texts()
        if unknown := sorted(set(dev.labels) - labels):
            raise errors.unknown_dev_labels(unknown)


def _cannot_be_proved(choices: Choices) -> Unproved | None:
    """Say whether nothing is known of the texts of the model to train further from, so that any text may be one."""
    promised, start = choices.preparation.target_precision is not None, choices.start
    return "base_without_fingerprints" if promised and start and start.model.fingerprints is None else None


@dataclass(frozen=True)
class _Proof:
    """The texts to promise by, one row of each, their labels, and all rows of these texts."""

    rows: Integers
    labels: list[str]
    all_rows: Integers


def _from_training(
    labelled: LabelledCorpus, choices: Choices, *, divide: bool
) -> tuple[Integers, Integers, _Proof | None]:
    """Split dev texts and, if it is to be divided so, texts to promise by off the training texts."""
    fraction = choices.preparation.validation_fraction
    rows, held_out = split_keys(labelled.keys, labelled.labels, fraction=fraction)
    if not len(held_out):
        raise errors.no_dev_texts()
    if not divide:
        return rows, held_out, None
    own = labelled.fingerprints(choices.words_read)
    promise = _proof(labelled, rows, rows[~np.isin(own[rows], own[held_out])], fraction, choices)
    return _without(rows, promise), held_out, promise


def _from_dev(
    labelled: LabelledCorpus, dev: LabelledCorpus, choices: Choices, *, divide: bool
) -> tuple[None, Integers | None, _Proof | None]:
    """Divide the dev texts that aren't training texts too, which are answered better than new ones."""
    if not divide:
        return None, None, None
    if dev.seed != labelled.seed:
        raise errors.gathered_otherwise()
    own, trained = (part.fingerprints(choices.words_read) for part in (dev, labelled))
    rows = np.flatnonzero(~np.isin(own, trained))
    promise = _proof(dev, rows, rows, 0.5, choices)
    held_out = _without(rows, promise)
    if not len(held_out):
        raise errors.no_promise_texts()
    return None, held_out, promise


def _without(rows: Integers, promise: _Proof | None) -> Integers:
    return rows if promise is None else np.setdiff1d(rows, promise.all_rows)


def _proof(labelled: LabelledCorpus, rows: Integers, new: Integers, fraction: float, choices: Choices) -> _Proof | None:
    """Draw about `fraction` of the rows from those that are new, but at most half of these; None where none are.

    A base model has seen most texts of a file that grew; then the new ones alone can prove something.
    """
    own, start = labelled.fingerprints(choices.words_read), choices.start
    if start and start.model.fingerprints is not None:
        new = new[~start.model.fingerprints.known(own[new])]
    first = _first_of_equals(own[new], labelled.keys[new])
    keys, labels = labelled.keys[new[first]], [labelled.labels[row] for row in new.tolist()]
    share = min(fraction * max(1, len(rows)) / max(1, len(new)), max(fraction, 0.5))
    _, drawn = split_keys(keys, labels, fraction=share)
    if not len(drawn) and not start:
        raise errors.no_promise_texts()
    if not len(drawn):
        return None
    groups = groups_of(keys[drawn])
    found: dict[int, set[str]] = {}
    for group, row in zip(groups.tolist(), drawn.tolist(), strict=True):
        found.setdefault(group, set()).add(labels[row])
    told = [next(iter(own_labels)) if len(own_labels) == 1 else "" for _, own_labels in sorted(found.items())]
    once = drawn[np.unique(groups, return_index=True)[1]]
    return _Proof(new[first[once]], told, new[drawn])


def _first_of_equals(fingerprints: Fingerprints, keys: Keys) -> Integers:
    """Find for each text the one among those with its fingerprint whose key comes first: (texts,)."""
    order = np.lexsort((keys[:, 1], keys[:, 0], fingerprints))
    ordered, places = fingerprints[order], np.arange(len(order))
    begins = np.concatenate([[True] * (len(order) > 0), ordered[1:] != ordered[:-1]])
    found = np.empty(len(order), np.int64)
    found[order] = order[np.maximum.accumulate(np.where(begins, places, 0))]
    return found


def _fingerprints(
    labelled: LabelledCorpus,
    rows: Integers | None,
    source: LabelledCorpus,
    held_out: Integers | None,
    promise: _Proof | None,
    choices: Choices,
) -> TextFingerprints | None:
    """Collect the fingerprints of all that teaches the model; None where they are left out, or a base model's are."""
    start = choices.start
    if not choices.preparation.fingerprints or (start and start.model.fingerprints is None):
        return None
    train, others = (part.fingerprints(choices.words_read) for part in (labelled, source))
    selection = [others if held_out is None else others[held_out], *([] if promise is None else [others[promise.rows]])]
    found = TextFingerprints.of(
        train if rows is None else train[rows], np.concatenate(selection), start.model.fingerprints if start else None
    )
    refuse_too_many(found)
    return found


def _words(labelled: LabelledCorpus, rows: Integers | None) -> Words:
    if rows is None:
        return labelled.corpus, labelled.labels
    return labelled.corpus.take(rows), [labelled.labels[row] for row in rows.tolist()]
