"""The commands found → those of the contract are among them, so that the laws have something to say."""

from __future__ import annotations

from tests.laws.commands.found import GROUPS, NAMES, WITH_COLUMNS, WITH_DATA, WITH_JSON, WITH_MODEL, WITH_OUTPUT


def test_the_commands_of_the_contract_are_found_and_the_laws_have_something_to_say() -> None:
    assert {"train", "evaluate", "predict", "demo", "doctor", "lecture"} <= set(NAMES)
    assert {"lm train", "lm evaluate", "lm score", "lm next"} <= set(NAMES)
    assert {"train", "predict", "demo", "lm train"} <= set(WITH_OUTPUT)
    assert {"train", "evaluate", "predict", "lm train", "lm evaluate", "lm score"} <= set(WITH_DATA)
    assert {"train", "evaluate", "predict"} <= set(WITH_COLUMNS) <= set(WITH_DATA)
    assert {"evaluate", "predict", "lm evaluate", "lm score", "lm next"} <= set(WITH_MODEL)
    assert {"evaluate", "doctor", "lm evaluate", "lm next"} <= set(WITH_JSON)
    assert "lm" in GROUPS
