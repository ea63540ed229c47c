"""The files of a training run, as they were gathered → what matters about their rows, said in a line."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from unrolled.checks.profile.duplicate_groups import contradictions, duplicate_rows
from unrolled.checks.profile.labels import label_encode
from unrolled.cli.console import info
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.data.split import groups_of
from unrolled.training.run_config import RunConfig


def report_data(
    names: tuple[str, str | None],
    train: LabelledCorpus,
    dev: LabelledCorpus | None,
    test: LabelledCorpus | None,
    *,
    run_config: RunConfig,
    options: Sequence[str] = (),
) -> None:
    """Report how many rows are duplicates, have two labels, or are both held out and trained on.

    `names` are the files of training and test, read with these options. All are gathered with one seed: their keys and
    fingerprints tell, no text is read again. For a stream no command is named, as it can't be looked at again.
    """
    sentences = [
        *_of_training(train),
        *_held_out("dev", dev, {"in training": train}, run_config),
        *_held_out("test", test, {"in training": train, "dev rows": dev}, run_config),
    ]
    if sentences:
        files = [name for name in names if name is not None]
        command = shlex.join(
            ["unrolled", "check", files[0], *(word for name in files[1:] for word in ("--test", name)), *options]
        )
        lasting = all(os.path.isfile(name) or os.path.isdir(name) for name in files)
        info(f"Data: {'; '.join(sentences)}." + f" Look at them: {command}" * lasting)


def _of_training(train: LabelledCorpus) -> Iterator[str]:
    groups, classes = groups_of(train.keys), label_encode(train.labels)[1]
    repeated, contradicting = len(duplicate_rows(groups, classes)[0]), len(contradictions(groups, classes)[0])
    if repeated:
        yield f"{repeated:,} of {len(classes):,} training rows repeat an earlier one"
    if contradicting:
        yield f"{contradicting:,} have a text that appears with several labels"


def _held_out(
    name: str, held_out: LabelledCorpus | None, others: Mapping[str, LabelledCorpus | None], run_config: RunConfig
) -> Iterator[str]:
    """Count the rows whose text, but for case and blanks, is among the others or taught the model to start from."""
    if held_out is None:
        return
    own = held_out.fingerprints(run_config.words_read)
    found = {f"{of} too": np.isin(own, part.fingerprints(run_config.words_read)) for of, part in others.items() if part}
    if run_config.start:
        if known := run_config.start.model.fingerprints:
            found["known to the model to start from"] = known.known(own)
        else:
            yield f"the base model has no fingerprints, so it may have been trained on any of the {name} rows"
    for of, seen in found.items():
        if count := int(seen.sum()):
            yield f"{count:,} of {len(own):,} {name} rows ({100 * count / len(own):.1f} %) are {of}"
