"""What can be wrong with labels and probabilities that are to be evaluated → the error that says so."""

from __future__ import annotations

from collections.abc import Collection

from unrolled.errors.kinds import DataError


def no_rows() -> DataError:
    """Nothing can be measured on an empty file."""
    return DataError("there is no row to evaluate", "Give a file with rows that have a text and a label.")


def wrong_shape(expected: tuple[int, int], received: tuple[int, ...]) -> DataError:
    """The probabilities don't have a row for every label and a column for every class."""
    return DataError(
        f"expected probabilities of shape {expected}, a row for each label and a column for each class, got {received}",
        "Pass the labels of the same rows, in the same order, and the classes of the same model.",
    )


def not_probabilities(row: int) -> DataError:
    """A row holds numbers below 0 or NaN, or its sum isn't 1."""
    return DataError(
        "these numbers aren't probabilities from 0 to 1 that sum to 1",
        "Pass softmax probabilities, not logits; NaN means that training diverged: try a smaller learning rate.",
        where=f"row {row}",
    )


def too_many_unseen(unseen: Collection[str], most: int) -> DataError:
    """This many labels are unknown to the model that the wrong column was read."""
    first = ", ".join(f"'{label[:30]}'" for label in list(unseen)[:3])
    return DataError(
        f"the model doesn't know {len(unseen)} different labels ({first}, …), and at most {most} are allowed",
        "Choose the column that holds the labels with --label-column.",
    )
