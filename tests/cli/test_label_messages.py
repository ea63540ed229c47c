"""Labels of rows → remarks on those that are nearly the same and on those that are alone."""

from __future__ import annotations

from tests.each import each
from unrolled.cli.label_messages import label_messages

GOOD = "'Good' and 'good ' differ only by case or spaces"
CASES: dict[str, tuple[str, list[str]]] = {
    "different": ("a a b b", []),
    "no rows": ("", []),
    "by case and space": ("Good Good good_ good_ bad bad", [GOOD]),
    "three of them": ("a a A A _a _a", ["' a' and 'A' and 'a' differ only by case or spaces"]),
    "by a space within": (
        "new_york new_york newyork newyork",
        ["'new york' and 'newyork' differ only by case or spaces"],
    ),
    "two pairs": (
        "a a A A b b B B",
        ["'A' and 'a' differ only by case or spaces", "'B' and 'b' differ only by case or spaces"],
    ),
    "one alone": ("a a b", ["the class 'b' has a single row"]),
    "many alone": ("a b c d e f g g", ["6 classes have a single row: 'a', 'b', 'c', 'd', 'e', …"]),
    "both": ("Good Good good_", [GOOD, "the class 'good ' has a single row"]),
    "like nothing": ("NA NA null null nan nan 007 007 7 7", []),
}


@each("case", CASES)
def test_labels_are_remarked_on(case: str) -> None:
    labels, expected = CASES[case]
    assert list(label_messages([label.replace("_", " ") for label in labels.split()])) == expected


def test_labels_known_before_are_compared_and_not_told_again() -> None:
    assert list(label_messages(["good "] * 2, {"Good", "bad"})) == [GOOD]
    assert list(label_messages(["Good"] * 2, {"Good", "good ", "bad"})) == []
