"""The files of a training run, as they were gathered → what matters about their rows, said in a line."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence

from unrolled.data.check.classes import numbered
from unrolled.data.check.duplicates import contradictions, copies
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.data.split import groups_of, stand_in
from unrolled.terminal.speech import say


def say_of_data(
    names: tuple[str, str | None],
    train: LabelledCorpus,
    dev: LabelledCorpus | None,
    test: LabelledCorpus | None,
    *,
    options: Sequence[str] = (),
) -> None:
    """Say how many rows are copies, stand under two labels, or are both in training and held out.

    `names` are the files of training and test, read with these options. All are gathered with one seed: their keys
    tell, no text is read again. For a stream no command is named, as it can't be looked at again.
    """
    told = [*_of_training(train), *_held_out(train, "dev", dev), *_held_out(train, "test", test)]
    if told:
        files = [name for name in names if name is not None]
        command = shlex.join(
            ["unrolled", "check", files[0], *(word for name in files[1:] for word in ("--test", name)), *options]
        )
        lasting = all(os.path.isfile(name) or os.path.isdir(name) for name in files)
        say(f"Data: {'; '.join(told)}." + f" Look at them: {command}" * lasting)


def _of_training(train: LabelledCorpus) -> Iterator[str]:
    groups, classes = groups_of(train.keys), numbered(train.labels)[1]
    repeated, contradicting = len(copies(groups, classes)[0]), len(contradictions(groups, classes)[0])
    if repeated:
        yield f"{repeated:,} of {len(classes):,} training rows repeat an earlier one"
    if contradicting:
        yield f"{contradicting:,} have a text that stands under several labels"


def _held_out(train: LabelledCorpus, name: str, held_out: LabelledCorpus | None) -> Iterator[str]:
    if held_out is None:
        return
    seen, rows = int(stand_in(held_out.keys, train.keys).sum()), len(held_out.keys)
    if seen:
        yield f"{seen:,} of {rows:,} {name} rows ({100 * seen / rows:.1f} %) are in training too"
