"""The labels of a file's rows → what a user should know of them: which are nearly the same, which are alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from unrolled.checks.profile.labels import labels_alike

_SHOWN = 5


def label_messages(labels: Sequence[str], known: Collection[str] = ()) -> Iterator[str]:
    """Report which labels differ only by case or spaces, also from those known before, and which have a single row."""
    counts = Counter(labels)
    for alike in labels_alike({*counts, *known}):
        if not set(alike) <= set(known):  # else it was said before
            yield f"{' and '.join(map(repr, alike))} differ only by case or spaces"
    alone = [label for label, count in counts.items() if count == 1]
    if alone:
        names = ", ".join(map(repr, alone[:_SHOWN])) + (", …" if len(alone) > _SHOWN else "")
        yield (
            f"the class {names} has a single row"
            if len(alone) == 1
            else f"{len(alone)} classes have a single row: {names}"
        )
