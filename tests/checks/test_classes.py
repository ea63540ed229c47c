"""Labels → what is said of their classes, also where there are as many labels as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from unrolled.checks.classes import check
from unrolled.checks.profile.dataset_profile import DatasetProfile


class Unsearched(tuple[str, ...]):
    """Labels in which each search would go through all."""

    __slots__ = ()

    def index(self, *args: object) -> int:
        raise AssertionError(args)


def test_no_label_is_searched_among_all_others(profile: Callable[..., DatasetProfile]) -> None:
    seen = profile([(f"text {n}", f"label {n}") for n in range(50)] + [("text", "Label 7")], [("text", "none")])
    found = {finding.kind: finding for finding in check(replace(seen, labels=Unsearched(seen.labels)))}
    assert found["class_of_one_row"].rows.tolist() == [*range(51)]
    assert found["labels_alike"].rows.tolist() == [7]
    assert found["labels_only_in_test"].rows.tolist() == [51]
