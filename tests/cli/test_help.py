"""The help of every command → groups with headings, the command's own options first, each default told once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.each import each
from tests.laws.commands.found import NAMES, WITH_COLUMNS


def headings(printed: str) -> list[str]:
    return re.findall(r"^(\w[\w ]*):$", printed, re.MULTILINE)


@each("name", NAMES)
def test_options_are_grouped_and_defaults_are_told_once(unrolled: Callable[..., Any], name: str) -> None:
    printed = unrolled(*name.split(), "--help").out
    groups = headings(printed)
    assert groups[-len(groups) :] == sorted(groups, key=["Arguments", "Options"].__contains__, reverse=True)
    assert len(groups) == len(set(groups))
    assert "((" not in printed
    assert "[default" not in printed
    assert "[required]" not in printed
    assert (groups[-1] == "Input") == (name in WITH_COLUMNS or "--encoding" in printed)


def test_train_has_a_group_for_each_part_of_a_model(unrolled: Callable[..., Any]) -> None:
    printed = unrolled("train", "--help").out
    assert headings(printed) == ["Arguments", "Options", "Text", "Training", "Network", "Input"]
    own = printed.split("\nOptions:\n")[1].split("\n\n")[0]
    assert {"--encoder", "--dev", "--test", "--resume"} <= set(re.findall(r"--[\w-]+", own))
