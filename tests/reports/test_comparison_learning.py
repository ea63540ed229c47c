"""Learning curves: captions and tables say what the histories say."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.many_compared import compared, failed, unfinished
from unrolled.comparison.result import ComparisonResult, Epoch, Run
from unrolled.reports.comparison_learning import learning_figures


def run(seed: int, *reached: float, pace: float = 2.0, stopped: str = "patience") -> Run:
    history = [Epoch(n, n * pace, None, 0.5, share) for n, share in enumerate(reached, 1)]
    return Run(seed, 0.8, max(reached), pace * len(reached), stopped, history)


def two() -> ComparisonResult:
    """Make one that peaks in epoch 2, 3 and 3, and a slower one that peaks in epoch 1."""
    found = compared(2, seeds=3)
    quick = [run(0, 0.7, 0.8, 0.75), run(1, 0.7, 0.795, 0.8), run(2, 0.5, 0.6, 0.8)]
    slow = [run(0, 0.8, 0.7, pace=50.0)]
    return replace(found, models=[replace(found.models[0], runs=quick), replace(found.models[1], runs=slow)])


def test_captions_are_medians_over_the_seeds() -> None:
    by_epoch, by_time = learning_figures(two())
    assert by_epoch.findings[0] == (
        "average reaches its highest validation accuracy after 1 epoch, logistic after 3 epochs: "
        "the fewest and the most of the finished models, medians over the seeds."
    )
    # within one point of its own highest: 4 s, 4 s and 6 s
    assert by_time.findings[0].startswith(
        "logistic comes within 1.0 point of its own highest validation accuracy after 4.00 s, average after 50.0 s"
    )


def test_who_are_as_quick_as_each_other_are_named_together() -> None:
    found = compared(3, seeds=1)
    pairs = zip(found.models, ((0.7, 0.8), (0.7, 0.8), (0.8,)), strict=True)
    some = replace(found, models=[replace(model, runs=[run(0, *reached)]) for model, reached in pairs])
    by_epoch, by_time = learning_figures(some)
    assert by_epoch.findings[0].startswith(
        "ngrams reaches its highest validation accuracy after 1 epoch, average and logistic after 2 epochs: the fewest"
    )
    assert by_time.findings[0] == (
        "ngrams comes within 1.0 point of its own highest validation accuracy after 2.00 s, "
        "average and logistic after 4.00 s: the soonest and the latest, medians."
    )
    by_epoch, by_time = learning_figures(replace(some, models=some.models[:2]))
    assert by_epoch.findings[0] == (
        "average and logistic reach their highest validation accuracy after 2 epochs, medians over the seeds."
    )
    assert by_time.findings[0] == (
        "average and logistic come within 1.0 point of their own highest validation accuracy after 4.00 s, "
        "medians over the seeds."
    )


def test_tables_have_every_seed_and_every_epoch() -> None:
    by_epoch, by_time = learning_figures(two())
    assert by_epoch.table.rows[1] == ["logistic, 0", "3", "80.0", "2", "80.0", "patience"]
    assert len(by_epoch.table.rows) == 4
    assert len(by_time.table.rows) == 11
    assert ["logistic, 2, 3", "6.00", "80.0", "0.5000", "–"] in by_time.table.rows


def test_what_the_clock_cut_is_hollow_dashed_and_named() -> None:
    found = two()
    cut = replace(found.models[0], runs=[run(0, 0.7, stopped="budget"), run(1, 0.7, 0.8)])
    for figure in learning_figures(replace(found, models=[cut])):
        assert "Cut off before early stopping could end them: 1 of 2 seeds of logistic." in figure.findings
        assert figure.drawing.body.count('class="paper edge') == 1
        assert figure.drawing.body.count("dashed") == 1


def test_a_model_that_was_cut_off_in_every_seed_is_simply_named() -> None:
    for figure in learning_figures(unfinished(two(), "logistic")):
        assert "Cut off before early stopping could end them: logistic." in figure.findings


def test_without_a_finished_model_none_is_compared() -> None:
    for figure in learning_figures(unfinished(two(), "logistic", "average")):
        assert figure.findings[0] == "No model was trained to its end."


def test_of_folds_it_is_said_which_is_drawn() -> None:
    for parts in (1, 3):
        for figure in learning_figures(replace(two(), parts=parts)):
            assert any(f"the first of {parts} folds" in sentence for sentence in figure.findings) == (parts == 3)


def test_one_model_is_told_alone_and_none_not_at_all() -> None:
    found = two()
    by_epoch, _ = learning_figures(replace(found, models=found.models[:1]))
    assert by_epoch.findings[0] == (
        "logistic reaches its highest validation accuracy after 3 epochs, the median of its seeds."
    )
    assert learning_figures(failed(found, "logistic", "average")) == []
