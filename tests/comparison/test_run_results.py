"""Records of trainings → which models are finished, by which of their seeds, and their answers in the texts' order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.each import each
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.run import RunRecord, RunSpec
from unrolled.comparison.run_results import model_results, selected_on_validation
from unrolled.comparison.runner import RunResults
from unrolled.comparison.split import by_folds
from unrolled.data.labelled import Labelled

SPLIT = by_folds(Labelled([f"text {n}" for n in range(12)], ["a", "b"] * 6), 2)
ONE, OTHER = Candidate("one", "average"), Candidate("other", "cnn")


def record(part: int, stopped: str, validation_accuracy: float = 0.5) -> RunRecord:
    """A training that answers each test text by the number of its row, modulo 2."""
    rows = SPLIT.parts[part].test
    return RunRecord("", stopped, 1.0, validation_accuracy, 1, [], (rows % 2).tolist(), (rows / 12).tolist())


def tried(of_one: Mapping[tuple[int, int], str]) -> RunResults:
    return RunResults({RunSpec(ONE, seed, part): record(part, stopped) for (seed, part), stopped in of_one.items()})


@each(
    ("of_one", "state", "seeds", "told"),
    [
        ({(0, 0): "patience", (0, 1): "max_epochs", (1, 0): "patience", (1, 1): "patience"}, "finished", [0, 1], ""),
        ({(0, 0): "patience", (0, 1): "patience"}, "finished", [0], ""),
        ({(0, 0): "patience", (0, 1): "patience", (1, 0): "budget", (1, 1): "patience"}, "finished", [0], ""),
        ({(0, 0): "patience", (0, 1): "patience", (1, 0): "patience"}, "finished", [0], ""),
        ({(0, 0): "budget", (0, 1): "patience"}, "unfinished", [0], "ended 1 of its 2 trainings"),
        (
            {(0, 0): "budget", (0, 1): "budget", (1, 0): "patience", (1, 1): "patience"},
            "unfinished",
            [0, 1],
            "2 of its 4",
        ),
        ({(0, 0): "patience"}, "unfinished", [], "There was time for 1 of 2 trainings"),
        ({}, "not_run", [], "before it was begun"),
    ],
)
def test_a_model_is_finished_by_the_seeds_that_ended_by_themselves(
    of_one: Mapping[tuple[int, int], str], state: str, seeds: list[int], told: str
) -> None:
    (found,) = model_results([ONE], tried(of_one), SPLIT, seeds=2)
    assert (found.state, list(found.records)) == (state, seeds)
    assert told in found.reason
    assert bool(found.reason) == (state != "finished")
    assert found.predictions.tolist() == [[n % 2 for n in range(12)]] * len(seeds)
    np.testing.assert_allclose(found.confidences, np.tile(np.arange(12) / 12, (len(seeds), 1)))


def test_one_that_failed_or_was_given_up_says_so() -> None:
    failed, given_up = model_results([ONE, OTHER], RunResults({}, {ONE: "no words"}, {OTHER}), SPLIT, seeds=1)
    assert (failed.state, failed.reason) == ("failed", "no words")
    assert (given_up.state, given_up.reason) == (
        "unfinished",
        "The clock ended it before it had read the texts to judge it by.",
    )


def test_the_best_is_finished_whatever_an_unfinished_one_reached() -> None:
    found = RunResults(
        {
            **{RunSpec(ONE, 0, part): record(part, "patience", 0.6) for part in range(2)},
            **{RunSpec(OTHER, 0, part): record(part, "budget", 0.9) for part in range(2)},
        }
    )
    one, other = model_results([ONE, OTHER], found, SPLIT, seeds=1)
    assert selected_on_validation([one, other]) is one
    assert selected_on_validation([other]) is other
    assert selected_on_validation([]) is None
