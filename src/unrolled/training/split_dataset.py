"""Labelled texts, dev texts if given, a run config → the texts to train on and to stop by, and folds of the former.

With a target precision the training texts are divided into folds, each predicted by a model that is trained without it.
A text proves a precision only if nothing has seen it before: it is no dev text, and no text of a base model. Texts with
one fingerprint are copies: they are in one fold and count once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.arrays import IntArray
from unrolled.calibration.no_evidence import NoEvidence
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.data.split import Keys, split_keys
from unrolled.errors import texts as errors
from unrolled.storage.training_texts import reject_too_many
from unrolled.text.corpus import Corpus
from unrolled.text.fingerprints import Fingerprints, TextFingerprints
from unrolled.training.folds import assign_folds, can_train_without_each
from unrolled.training.run_config import RunConfig

Words = tuple[Corpus, list[str]]  # of texts, and their labels


@dataclass(frozen=True, eq=False)
class DatasetSplit:
    """The words of texts and their labels, by what they are for.

    `folds` are those of the training texts, -1 for texts that prove nothing; None without a target precision, and where
    no text could prove it, of which `unproved` is the reason.
    """

    training: Words
    copies: Fingerprints  # of the training texts: (texts,)
    dev: Words
    dev_rows: IntArray | None  # of the dev texts given, or else of the training texts; None where all those given
    folds: IntArray | None = None  # (training texts,)
    unproved: NoEvidence | None = None
    fingerprints: TextFingerprints | None = None  # of all texts, and of those of the base model


def split_dataset(labelled: LabelledCorpus, dev: LabelledCorpus | None, run_config: RunConfig) -> DatasetSplit:
    """Split dev texts off unless they are given; DataError where there is too little of something."""
    _reject_labels(labelled, dev, run_config)
    rows, held_out = None, None
    if dev is None:
        rows, held_out = split_keys(labelled.keys, labelled.labels, fraction=run_config.preparation.validation_fraction)
        if not len(held_out):
            raise errors.no_dev_texts()
    training, own_dev = _words(labelled, rows), _words(dev or labelled, held_out)
    copies = _taken(labelled.fingerprints(run_config.words_read), rows)
    others = _taken((dev or labelled).fingerprints(run_config.words_read), held_out)
    folds, unproved = _folds(training[1], _taken(labelled.keys, rows), copies, (own_dev[1], others), run_config)
    return DatasetSplit(training, copies, own_dev, held_out, folds, unproved, _fingerprints(copies, others, run_config))


def _reject_labels(labelled: LabelledCorpus, dev: LabelledCorpus | None, run_config: RunConfig) -> None:
    labels = {*labelled.labels, *(run_config.start.model.config.labels if run_config.start else ())}
    if len(labels) < 2:
        raise errors.one_class(sorted(labels))
    if dev is not None:
        if not dev.labels:
            raise errors.empty_dev_texts()
        if unknown := sorted(set(dev.labels) - labels):
            raise errors.unknown_dev_labels(unknown)


def _folds(
    labels: list[str], keys: Keys, copies: Fingerprints, dev: tuple[list[str], Fingerprints], run_config: RunConfig
) -> tuple[IntArray | None, NoEvidence | None]:
    """Divide the training texts that no model has seen, or return why there are none."""
    if run_config.preparation.target_precision is None:
        return None, None
    if run_config.vectors is not None:
        return None, "vectors"
    evidence, base_labels = ~np.isin(copies, dev[1]), tuple[str, ...]()
    if run_config.start:
        base_labels, seen = run_config.start.model.config.labels, run_config.start.model.fingerprints
        if seen is None:
            return None, "base_without_fingerprints"
        if not seen.complete:
            return None, "vectors"
        evidence &= ~seen.known(copies)
    folds = assign_folds(evidence, keys[_first_of_copies(copies, keys)], labels)
    if not evidence.any():
        return None, "no_new_texts" if run_config.start else "all_in_dev"
    if run_config.start and run_config.words_read is not None:
        return None, "max_length"
    if folds.max() < 0 or not can_train_without_each(folds, labels, dev[0], base_labels):
        return None, "too_few_texts"
    return folds, None


def _first_of_copies(fingerprints: Fingerprints, keys: Keys) -> IntArray:
    """Find for each text the one among those with its fingerprint whose key comes first: (texts,)."""
    order = np.lexsort((keys[:, 1], keys[:, 0], fingerprints))
    ordered, places = fingerprints[order], np.arange(len(order))
    begins = np.concatenate([[True] * (len(order) > 0), ordered[1:] != ordered[:-1]])
    found = np.empty(len(order), np.int64)
    found[order] = order[np.maximum.accumulate(np.where(begins, places, 0))]
    return found


def _fingerprints(train: Fingerprints, dev: Fingerprints, run_config: RunConfig) -> TextFingerprints | None:
    """Collect the fingerprints of all that teaches the model; None where they are left out, or a base model's are."""
    start = run_config.start
    if not run_config.preparation.fingerprints or (start and start.model.fingerprints is None):
        return None
    base = start.model.fingerprints if start else None
    found = TextFingerprints.of(train, dev, base, complete=run_config.vectors is None)
    reject_too_many(found)
    return found


def _words(labelled: LabelledCorpus, rows: IntArray | None) -> Words:
    if rows is None:
        return labelled.corpus, labelled.labels
    return labelled.corpus.take(rows), [labelled.labels[row] for row in rows.tolist()]


def _taken(array: Any, rows: IntArray | None) -> Any:
    return array if rows is None else array[rows]
